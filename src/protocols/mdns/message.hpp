// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// DNS messages as multicast DNS uses them (RFC 1035, 4; RFC 6762, 18): bounded reading, writing without compression
/// of what does not need it.

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace smgw::mdns {

inline constexpr std::size_t max_message = 9000;  ///< RFC 6762, 17
inline constexpr std::size_t max_questions = 64;  ///< of one query (ours)
inline constexpr std::size_t max_records = 256;   ///< of one message (ours)
inline constexpr std::size_t max_name = 255;      ///< RFC 1035, 3.1
inline constexpr std::size_t max_label = 63;

enum class type : std::uint16_t { a = 1, ptr = 12, txt = 16, aaaa = 28, srv = 33, nsec = 47, any = 255 };

/// Labels of a name, without the root: `smgw`, `local`. Compared without case.
using name = std::vector<std::string>;
[[nodiscard]] name make_name(std::string_view dotted);
[[nodiscard]] std::string to_text(const name& n);
[[nodiscard]] bool same(const name& a, const name& b) noexcept;

struct question {
  name about;
  type what = type::any;
  std::uint16_t class_code = 1;
  bool unicast = false;  ///< the QU bit (RFC 6762, 5.4)
};
using ipv4 = std::array<std::uint8_t, 4>;
using ipv6 = std::array<std::uint8_t, 16>;
struct service {
  std::uint16_t priority = 0, weight = 0, port = 0;
  name target;
  friend bool operator==(const service&, const service&) = default;
};
struct text {
  std::vector<std::string> strings;
  friend bool operator==(const text&, const text&) = default;
};
struct record {
  name about;
  type what = type::a;
  std::uint16_t class_code = 1;
  bool flush = false;  ///< of a unique name: replaces what caches have (RFC 6762, 10.2)
  std::uint32_t ttl = 120;
  /// PTR and NSEC: a name (of NSEC, its types follow in `types`); octets: anything else, as it came.
  std::variant<ipv4, ipv6, name, service, text, bytes> data;
  std::vector<type> types;  ///< NSEC only
};
struct message {
  std::uint16_t id = 0;
  bool response = false;
  bool truncated = false;
  std::uint8_t operation = 0;
  std::uint8_t code = 0;
  std::vector<question> questions;
  std::vector<record> answers;
  std::vector<record> authorities;
  std::vector<record> additional;
};

/// malformed, truncated: it breaks the format; exhausted: a bound above.
[[nodiscard]] expected<message> decode(bytes_view in);
[[nodiscard]] bytes encode(const message& m);
/// The data of a record, without its length and uncompressed: as they are compared (RFC 6762, 8.2).
[[nodiscard]] bytes data_of(const record& r);
/// The same type and data, whatever is said of its life.
[[nodiscard]] bool same_data(const record& a, const record& b) noexcept;

}  // namespace smgw::mdns
