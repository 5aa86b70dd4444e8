// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Request targets in origin form: path segments and query parameters (detail specification 6.7 and 6.8, RFC 3986).

#include <smgw/types.hpp>

#include <string>
#include <vector>

namespace smgw::http {

inline constexpr std::size_t max_segments = 16;          ///< the deepest path of both resource schemes has 9
inline constexpr std::size_t max_parameters = 32;        ///< of one query; the guideline gives no number
inline constexpr std::size_t max_parameter_name = 50;    ///< REQ.HTTP.QueryParameter.10
inline constexpr std::size_t max_parameter_value = 255;  ///< REQ.HTTP.QueryParameter.10

struct parameter {
  std::string name;
  std::string value;
  friend bool operator==(const parameter&, const parameter&) = default;
};

/// A target taken apart and percent-decoded once. Nothing may decode or split it again.
struct target {
  std::vector<std::string> segments;  ///< none is empty, `.` or `..`
  bool list = false;                  ///< the path ends in `/`
  std::vector<parameter> query;       ///< in their order
  /// The value of the first parameter of this name (Anlage II 7.8: further ones do not count); nothing without one.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  friend bool operator==(const target&, const target&) = default;
};

/// What a percent-encoded octet of a path may stand for.
enum class path_octets : std::uint8_t {
  text,    ///< printable; not `/`, `` or `%`, which a second reader could take for structure
  binary,  ///< any but NUL: identifiers of COSEM are octet strings (Anlage II 6.3)
};

/// Reads `/path?query`. malformed: a character outside the grammar, a broken or refused percent-encoding, an empty
/// segment or a dot segment, a query without a parameter, a name or value beyond its length; exhausted: too many of
/// them.
[[nodiscard]] expected<target> parse_target(std::string_view text, path_octets allowed = path_octets::text);

/// Percent-encodes one path segment: what is not unreserved (RFC 3986, 2.3) is written as `%xx`. Dot segments have no
/// spelling: no parser here takes them.
[[nodiscard]] std::string encode_segment(std::string_view segment);

}  // namespace smgw::http
