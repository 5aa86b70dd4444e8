// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Two firmware slots as files, `a` and `b`. An image is `version\n`, the firmware, and 64 octets of Ed25519 signature
/// of the maker over both.

#include <smgw/ports/update_slot.hpp>

#include <filesystem>
#include <string>

namespace acme {

/// The maker's key pair; the box holds the public half only.
struct maker_keys {
  smgw::bytes private_key, public_key;
};
maker_keys make_maker_keys();
smgw::bytes sign_image(const maker_keys& keys, std::string_view version, std::string_view firmware);

class signed_slots final : public smgw::ports::update_slot {
 public:
  signed_slots(std::filesystem::path folder, smgw::bytes maker)
      : folder_(std::move(folder)), maker_(std::move(maker)) {}
  smgw::expected<smgw::ports::firmware_state> inspect() override;
  smgw::expected<void> begin(std::uint64_t size) override;
  smgw::expected<void> write(smgw::bytes_view octets) override;
  smgw::expected<std::string> finish() override;
  smgw::expected<void> activate() override;
  smgw::expected<void> confirm() override;

 private:
  [[nodiscard]] std::string read(const char* name) const;
  [[nodiscard]] smgw::expected<void> put(const char* name, std::string_view content) const;

  std::filesystem::path folder_;
  smgw::bytes maker_;
  smgw::bytes image_;
  std::uint64_t announced_ = 0;
  bool begun_ = false;
};

}  // namespace acme
