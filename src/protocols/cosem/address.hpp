// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Addresses of the management tree: `<PoC>/cosem/ldevs/<id>/objects/<class>-<obis>/…` (Anlage II 5 to 7).

#include <smgw/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace smgw::cosem {

inline constexpr std::size_t max_uri = 4000;   ///< Anlage II 7.1
inline constexpr std::size_t max_device = 63;  ///< octets of a logical device id, as in DNS (Anlage II 6.1)

/// The kinds of places in the tree.
enum class node : std::uint8_t {
  root,
  devices,
  device,
  objects,
  object,
  attributes,
  attribute,
  methods,
  method,
  containers,  ///< of one logical device
  container,
  top_containers,  ///< of several logical devices
  top_container,
};

/// Class and logical name of an object or container; the version of the class is not addressed.
struct object_id {
  std::uint16_t class_id = 0;
  obis name;
  /// `3-0100010800ff`
  [[nodiscard]] std::string text() const;
  /// malformed: anything but a decimal class, a hyphen and 10 or 12 lower-case hex digits.
  [[nodiscard]] static expected<object_id> parse(std::string_view text);
  friend auto operator<=>(const object_id&, const object_id&) = default;
};

/// The parameters every resource takes (Anlage II 7.8).
struct selection {
  std::uint32_t from_index = 1;                             ///< q.fromidx
  std::optional<std::uint32_t> count;                       ///< q.count; nothing: all
  std::optional<std::uint32_t> depth;                       ///< q.depth; nothing: all below
  std::optional<timestamp> from;                            ///< q.fromtime
  std::optional<timestamp> to;                              ///< q.totime
  std::vector<std::pair<std::string, std::string>> access;  ///< selective access `sa.…`, for the class to read
};

struct address {
  node kind = node::root;
  std::string device;  ///< octets of the logical device id
  object_id object;    ///< object or container
  int index = 0;       ///< attribute or method
  selection query;
};

/// Reads a target below the point of contact `poc` (`/smgw`, or empty). Nothing is decoded twice. malformed: a part out
/// of its form (400); exhausted: too long (414); unsupported: no such place (404).
[[nodiscard]] expected<address> parse_address(std::string_view target, std::string_view poc);
/// The path of an address, without the query.
[[nodiscard]] std::string path_of(const address& a, std::string_view poc);

}  // namespace smgw::cosem
