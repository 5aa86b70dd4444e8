// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <string>
#include <vector>

/// A JSON document as plain values, so that the JSON library stays in one file.
namespace smgw::profile::json {

enum class kind : std::uint8_t { null, boolean, integer, other_number, text, array, object };

struct member;

struct value {
  json::kind kind = kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  ///< text, or the digits of another number
  std::vector<value> items;
  std::vector<member> members;  ///< in the order of the document

  [[nodiscard]] const value* find(std::string_view name) const noexcept;
};

struct member {
  std::string name;
  value content;
};

/// malformed: not JSON, a member twice. exhausted: beyond max_document, max_depth.
[[nodiscard]] expected<value> parse(std::string_view text);
/// One step of a JSON pointer: `~` and `/` escaped (RFC 6901).
[[nodiscard]] std::string step(std::string_view name);

}  // namespace smgw::profile::json
