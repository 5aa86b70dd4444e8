// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Compact frames (EN 13757-3:2018, annex G): the record headers are left out and named by a signature instead. The
/// headers come from a full frame or a format frame of the same meter type; the caller keeps them across restarts.

#include "protocols/mbus/record.hpp"

namespace smgw::mbus {

/// Most formats that are kept; the oldest makes room. A gateway hears a few dozen types of meters.
inline constexpr std::size_t max_formats = 64;
/// Longest format: the headers of one telegram of 255 octets.
inline constexpr std::size_t max_format_size = 255;

class format_cache {
 public:
  struct entry {
    std::uint16_t signature = 0;
    bytes headers;
    friend bool operator==(const entry&, const entry&) = default;
  };
  /// Notes the headers of a full telegram's records and gives their signature. Allocates only for a new format.
  /// Fails as the record reader does; unsupported if the telegram ends in manufacturer data, or if its headers are not
  /// told apart without the values.
  expected<std::uint16_t> learn(bytes_view records);
  /// Notes headers as the store gives them; exhausted if longer than `max_format_size`.
  expected<std::uint16_t> add(bytes_view headers);
  /// Notes what a format frame carries (CI 69, 6A, 6B): length, signature, headers. malformed: the signature is not
  /// theirs.
  expected<std::uint16_t> add_frame(bytes_view content);
  /// The headers with this signature; empty if unknown.
  [[nodiscard]] bytes_view find(std::uint16_t signature) const noexcept;
  /// What to persist, oldest first.
  [[nodiscard]] const std::vector<entry>& entries() const noexcept { return entries_; }

 private:
  void keep(std::uint16_t signature, bytes headers);
  std::vector<entry> entries_;
};

/// The CRC that a compact frame carries: over the full frame it stands for. Fails as the record reader does.
[[nodiscard]] expected<std::uint16_t> full_frame_crc(bytes_view headers, bytes_view data);

}  // namespace smgw::mbus
