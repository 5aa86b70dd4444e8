// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Parts of a file and conditions on it (RFC 9110, 13 and 14; detail specification table 6.2, Anlage II 7.12).

#include "protocols/http/message.hpp"

#include <optional>

namespace smgw::http {

/// Parts of one request. More would let a short request ask for a long answer.
inline constexpr std::size_t max_ranges = 8;

/// Octets from `first` to `last`, both included.
struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] std::uint64_t size() const noexcept { return last - first + 1; }
  friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// Reads `bytes=0-511`, `bytes=512-`, `bytes=-100`, lists of them, against a file of `size` octets. unsupported:
/// another unit or syntax, which is ignored (RFC 9110, 14.2); exhausted: none lies within the file, there are more than
/// max_ranges, or they overlap (answer 416).
[[nodiscard]] expected<std::vector<byte_range>> parse_range(std::string_view text, std::uint64_t size);

/// Reads `bytes 1024-2047/2048` of a PUT of a part. malformed.
struct content_range {
  byte_range part;
  std::uint64_t total = 0;
};
[[nodiscard]] expected<content_range> parse_content_range(std::string_view text);

/// What a GET of a file is answered with.
struct file_view {
  bytes_view content;
  std::string_view content_type;
  std::string_view etag;  ///< strong, with its quotes; empty: none
};

/// 200 whole, 206 with Content-Range or as multipart/byteranges, 304 or 412 by If-None-Match and If-Match, 416.
/// `boundary` separates the parts: random, of letters and digits.
[[nodiscard]] response answer_file(const request& r, const file_view& file, std::string_view boundary);

/// If-Match and If-None-Match of a request that changes something: 412 if the condition fails; nothing: go on.
/// `etag` is that of the resource as it is, empty if there is none.
[[nodiscard]] std::optional<int> failed_condition(const request& r, std::string_view etag);

}  // namespace smgw::http
