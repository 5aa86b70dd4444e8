// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The data types of SML 1.04 (DIN VDE 0418-63-9, 5) as views into the octets they came from.

#include <smgw/types.hpp>

#include <algorithm>
#include <optional>
#include <variant>

namespace smgw::sml {

/// A span that compares by content.
template <class T>
struct view : std::span<const T> {
  using std::span<const T>::span;
  view(std::span<const T> from) noexcept : std::span<const T>(from) {}
  friend bool operator==(const view& a, const view& b) { return std::ranges::equal(a, b); }
};
/// An octet string. Empty and absent are the same on the line (`01`).
using octets = view<std::uint8_t>;

/// A counter of seconds inside a meter. It started when the meter was first powered: an order, never a date.
enum class second_index : std::uint32_t {};

/// SML_Time.
struct moment {
  enum class form : std::uint8_t {
    absent,
    second_index,     ///< choice 01
    timestamp,        ///< choice 02: seconds since 1970, UTC
    timestamp_local,  ///< choice 03: the same, with the offsets of the place
    bare,             ///< a number without a choice (Holley): its meaning is the quirk's matter
    three_values,     ///< timestampLocal without choice 03 ("SML 1.05" of some makes): the same
  };
  form kind = form::absent;
  std::uint32_t seconds = 0;
  std::int16_t local_offset = 0;   ///< minutes
  std::int16_t season_offset = 0;  ///< minutes

  [[nodiscard]] std::optional<second_index> index() const noexcept {
    if (kind != form::second_index) return std::nullopt;
    return second_index{seconds};
  }
  [[nodiscard]] std::optional<timestamp> utc() const noexcept {
    if (kind != form::timestamp && kind != form::timestamp_local) return std::nullopt;
    return timestamp{std::chrono::seconds{seconds}};
  }
  friend bool operator==(const moment&, const moment&) = default;
};

/// SML_Status: an unsigned integer of 1..8 octets.
struct status {
  std::uint64_t bits = 0;
  std::uint8_t width = 0;  ///< octets on the line; 0: the attribute is absent
  friend bool operator==(const status&, const status&) = default;
};

/// SML_Value: a number of 1..8 octets (any width, not only 1, 2, 4, 8), a boolean, an octet string or an SML_ListType.
struct value {
  enum class type : std::uint8_t { octet_string, boolean, integer, unsigned_integer, list };
  type kind = type::octet_string;
  std::uint8_t width = 0;  ///< octets of a number on the line
  std::uint64_t bits = 0;  ///< a number, sign extended, or a boolean
  octets data;             ///< the octet string, or the encoded SML_ListType (see list_type.hpp)

  static value of(std::int64_t number, std::uint8_t width = 8) {
    return {type::integer, width, static_cast<std::uint64_t>(number), {}};
  }
  static value of_unsigned(std::uint64_t number, std::uint8_t width = 8) {
    return {type::unsigned_integer, width, number, {}};
  }
  static value of_boolean(bool is) { return {type::boolean, 1, is ? 1U : 0U, {}}; }
  static value of_octets(bytes_view from) { return {type::octet_string, 0, 0, from}; }

  /// The number; nothing for the other types and for unsigned numbers above 2^63 - 1.
  [[nodiscard]] std::optional<std::int64_t> number() const noexcept {
    if (kind == type::integer || (kind == type::unsigned_integer && bits <= INT64_MAX))
      return static_cast<std::int64_t>(bits);
    return std::nullopt;
  }
  friend bool operator==(const value&, const value&) = default;
};

/// SML_ListEntry: one register of a list.
struct register_entry {
  octets name;  ///< the OBIS code
  sml::status status;
  moment val_time;
  std::optional<std::uint8_t> unit;
  std::optional<std::int8_t> scaler;
  sml::value value;
  octets signature;
  friend bool operator==(const register_entry&, const register_entry&) = default;
};

/// SML_PeriodEntry: one register of a GetProfileList response.
struct period_entry {
  octets name;
  std::uint8_t unit = 255;
  std::int8_t scaler = 0;
  sml::value value;
  octets signature;
  friend bool operator==(const period_entry&, const period_entry&) = default;
};

/// SML_TupelEntry: a list of 23 elements that only EDL40 meters use; kept encoded.
struct tupel_entry {
  octets encoded;
  friend bool operator==(const tupel_entry&, const tupel_entry&) = default;
};

/// SML_ProcParValue, or nothing.
using parameter_value = std::variant<std::monostate, value, period_entry, tupel_entry, moment, register_entry>;

/// SML_Tree, flat: a node is followed by its first child, then by the next one of its siblings.
struct tree_node {
  octets name;
  parameter_value value;
  std::uint32_t children = 0;
  std::uint32_t depth = 0;  ///< 0 for the root; set by the decoder, not needed by the encoder
  friend bool operator==(const tree_node&, const tree_node&) = default;
};

/// SML_ProfObjHeaderEntry.
struct profile_header {
  octets name;
  std::uint8_t unit = 255;
  std::int8_t scaler = 0;
  friend bool operator==(const profile_header&, const profile_header&) = default;
};
/// SML_ValueEntry.
struct profile_value {
  sml::value value;
  octets signature;
  friend bool operator==(const profile_value&, const profile_value&) = default;
};
/// SML_ProfObjPeriodEntry: its values are `count` of the response's values, from `first` on.
struct profile_period {
  moment val_time;
  sml::status status;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  octets signature;
  friend bool operator==(const profile_period&, const profile_period&) = default;
};

}  // namespace smgw::sml
