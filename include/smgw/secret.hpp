// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Memory that holds what nobody else may read.

#include <smgw/types.hpp>

#include <utility>

namespace smgw {

/// Overwrites memory in a way the optimiser keeps.
SMGW_API void wipe(std::span<std::uint8_t> memory) noexcept;

/// Octets that are wiped when they go and that cannot be printed, compared by accident or copied.
class secret {
 public:
  secret() = default;
  explicit secret(std::size_t size) : data_(size) {}
  explicit secret(bytes_view from) : data_(from.begin(), from.end()) {}
  secret(secret&& other) noexcept : data_(std::exchange(other.data_, {})) {}
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      wipe(data_);
      data_ = std::exchange(other.data_, {});
    }
    return *this;
  }
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  ~secret() { wipe(data_); }

  /// The only way in; keep the view short-lived.
  [[nodiscard]] bytes_view reveal() const noexcept { return data_; }
  [[nodiscard]] std::span<std::uint8_t> writable() noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return data_.size(); }
  [[nodiscard]] bool empty() const noexcept { return data_.empty(); }
  [[nodiscard]] secret clone() const { return secret{bytes_view{data_}}; }

 private:
  bytes data_;
};

}  // namespace smgw
