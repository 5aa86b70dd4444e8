// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A folder that goes, a real cipher, and data to put into a store.

#include "store/database.hpp"

#include <filesystem>
#include <fstream>

namespace smgw::store::testing {

/// A fresh folder under the system's temporary one; removed at the end.
class folder {
 public:
  folder();
  explicit folder(std::filesystem::path at) : path_(std::move(at)) {}
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// AES-256-GCM with random nonces and HMAC-SHA-256, from Botan.
[[nodiscard]] std::shared_ptr<cell_cipher> make_cipher(std::uint8_t key = 1);

/// Options with small bounds for tests.
[[nodiscard]] options options_for(const folder& where);
/// Opens, and fails the test if it does not.
[[nodiscard]] database open(const folder& where);
[[nodiscard]] database open(options how);

inline constexpr std::chrono::seconds quarter{900};
[[nodiscard]] device_id meter(int n = 1);
[[nodiscard]] list_name list_of(int meter_number = 1);
/// The entry of slot `n` of the quarter-hour list; `value` tells entries apart.
[[nodiscard]] list_entry entry(int n, std::int64_t value = 0, int meter_number = 1);
[[nodiscard]] timestamp slot_time(int n);
[[nodiscard]] outbox_item item(std::string recipient, std::string content, std::uint8_t priority = 0);
[[nodiscard]] bytes text(std::string_view s);

[[nodiscard]] bytes read_file(const std::filesystem::path& p);
void write_file(const std::filesystem::path& p, bytes_view data);
/// Files with this extension, the largest first.
[[nodiscard]] std::vector<std::filesystem::path> files(const folder& where, std::string_view extension);

}  // namespace smgw::store::testing
