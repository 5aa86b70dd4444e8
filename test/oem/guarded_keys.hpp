// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The maker's key store: any other, behind the contact of the lid. With the lid open no private key works.

#include <smgw/ports/key_store.hpp>

#include <atomic>

namespace acme {

using namespace smgw;  // NOLINT: an appliance is no library
using namespace smgw::ports;

class guarded_keys final : public key_store {
 public:
  explicit guarded_keys(std::shared_ptr<key_store> inner) : inner_(std::move(inner)) {}
  void open_lid(bool open) { lid_open_ = open; }
  [[nodiscard]] std::uint64_t signatures() const { return signatures_; }

  [[nodiscard]] key_store_identity identify() const override { return {"acme", inner_->identify().serial}; }
  [[nodiscard]] key_store_state state() const override { return lid_open_ ? key_store_state::locked : inner_->state(); }
  [[nodiscard]] key_store_capabilities capabilities() const override { return inner_->capabilities(); }
  expected<void> random(std::span<std::uint8_t> out) override { return inner_->random(out); }
  expected<key_info> generate(std::string_view label, curve on, key_purpose purpose) override;
  expected<std::vector<key_info>> list() const override { return inner_->list(); }
  expected<key_info> find(std::string_view label) const override { return inner_->find(label); }
  expected<void> destroy(std::string_view label) override { return inner_->destroy(label); }
  expected<bytes> sign_digest(std::string_view label, bytes_view digest) override;
  expected<secret> agree(std::string_view label, bytes_view peer_point) override;
  expected<std::unique_ptr<ephemeral_key>> generate_ephemeral(curve on) override;
  expected<bytes> seal(bytes_view plaintext) override { return inner_->seal(plaintext); }
  expected<secret> unseal(bytes_view sealed) override;

 private:
  [[nodiscard]] std::unexpected<error> locked() const { return fail(errc::unavailable, "the lid is open"); }

  std::shared_ptr<key_store> inner_;
  std::atomic<bool> lid_open_{false};
  std::atomic<std::uint64_t> signatures_{0};
};

}  // namespace acme
