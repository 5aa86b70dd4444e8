// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A key store that tells how long it worked. Only for one thread.

#include "crypto/key_store.hpp"

#include <chrono>
#include <memory>

namespace smgw::bench {

struct module_time {
  std::chrono::steady_clock::duration spent{};
  int operations = 0;
  template <class F>
  auto operator()(F&& f) {
    const auto from = std::chrono::steady_clock::now();
    auto result = f();
    spent += std::chrono::steady_clock::now() - from;
    ++operations;
    return result;
  }
};

/// Forwards everything; counts the operations with a key and the random numbers.
class timed_key_store final : public crypto::key_store {
 public:
  explicit timed_key_store(std::shared_ptr<crypto::key_store> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] module_time& time() { return *time_; }

  [[nodiscard]] crypto::key_store_identity identify() const override { return inner_->identify(); }
  [[nodiscard]] crypto::key_store_state state() const override { return inner_->state(); }
  [[nodiscard]] crypto::key_store_capabilities capabilities() const override { return inner_->capabilities(); }
  expected<void> random(std::span<std::uint8_t> out) override {
    return (*time_)([&] { return inner_->random(out); });
  }
  expected<crypto::key_info> generate(std::string_view l, crypto::curve c, crypto::key_purpose p) override {
    return inner_->generate(l, c, p);
  }
  [[nodiscard]] expected<std::vector<crypto::key_info>> list() const override { return inner_->list(); }
  [[nodiscard]] expected<crypto::key_info> find(std::string_view l) const override { return inner_->find(l); }
  expected<void> destroy(std::string_view l) override { return inner_->destroy(l); }
  expected<bytes> sign_digest(std::string_view l, bytes_view d) override {
    return (*time_)([&] { return inner_->sign_digest(l, d); });
  }
  expected<secret> agree(std::string_view l, bytes_view p) override {
    return (*time_)([&] { return inner_->agree(l, p); });
  }
  expected<std::unique_ptr<crypto::ephemeral_key>> generate_ephemeral(crypto::curve on) override {
    auto made = (*time_)([&] { return inner_->generate_ephemeral(on); });
    if (!made) return made;
    return std::make_unique<timed_ephemeral>(*std::move(made), time_);
  }
  expected<bytes> seal(bytes_view p) override { return inner_->seal(p); }
  expected<secret> unseal(bytes_view s) override { return inner_->unseal(s); }

 private:
  class timed_ephemeral final : public crypto::ephemeral_key {
   public:
    timed_ephemeral(std::unique_ptr<crypto::ephemeral_key> inner, std::shared_ptr<module_time> time)
        : inner_(std::move(inner)), time_(std::move(time)) {}
    [[nodiscard]] bytes_view public_point() const noexcept override { return inner_->public_point(); }
    expected<secret> agree(bytes_view p) override {
      return (*time_)([&] { return inner_->agree(p); });
    }

   private:
    std::unique_ptr<crypto::ephemeral_key> inner_;
    std::shared_ptr<module_time> time_;
  };
  std::shared_ptr<crypto::key_store> inner_;
  std::shared_ptr<module_time> time_ = std::make_shared<module_time>();
};

}  // namespace smgw::bench
