// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The value information block of an M-Bus record: VIF, VIFEs, extension tables FB and FD, combinable VIFEs
/// (EN 13757-3:2018, 6.4, tables 10 to 16).

#include "protocols/mbus/quantity.hpp"

namespace smgw::mbus {

/// At most ten VIFEs follow a VIF (EN 13757-3, 6.4.1).
inline constexpr std::size_t max_vife = 10;

/// How the octets of a value are to be read, apart from its length (data types A to M, annex A).
enum class value_type : std::uint8_t {
  number,           ///< type A, B or H: signed
  unsigned_number,  ///< type A or C
  bits,             ///< type D
  calendar,         ///< type F, G, I or J by its length; of variable length: type M, kept as octets
  octets,           ///< containers and windows: not a number
};

/// The meaning of one VIF of a table.
struct meaning {
  quantity what = quantity::reserved;
  unit measured = unit::none;
  std::int8_t scaler = 0;
  value_type type = value_type::number;
  std::uint32_t factor = 1;  ///< exact whole factor to `measured` (60 for m³/min to m³/h)
};
[[nodiscard]] const meaning& primary_meaning(std::uint8_t vif) noexcept;  ///< table 10; the top bit is ignored
[[nodiscard]] const meaning& fb_meaning(std::uint8_t vife) noexcept;      ///< table 14
[[nodiscard]] const meaning& fd_meaning(std::uint8_t vife) noexcept;      ///< table 12
[[nodiscard]] const meaning& fd2_meaning(std::uint8_t vife) noexcept;     ///< second level of table 12 (FD FD)

/// What combinable VIFEs say about a value (table 15). Bits of `value_information::qualifiers`.
enum qualifier : std::uint32_t {
  q_average = 1U << 0,
  q_future = 1U << 1,
  q_forward_only = 1U << 2,      ///< accumulated from positive contributions only (3B)
  q_backward_only = 1U << 3,     ///< accumulated from negative contributions only (3C): delivery
  q_uncorrected = 1U << 4,       ///< value at metering conditions (3A)
  q_base_conditions = 1U << 5,   ///< value at base conditions (3E)
  q_profile = 1U << 6,           ///< compact profile (1F)
  q_inverse_profile = 1U << 7,   ///< inverse compact profile (13)
  q_register_profile = 1U << 8,  ///< compact profile with register numbers (1E)
  q_rate = 1U << 9,              ///< per or multiplied by something: see `rate`
  q_limit = 1U << 10,            ///< about a limit: see `limit`
  q_date_of = 1U << 11,          ///< the value is the date (and time) of something
  q_duration_of = 1U << 12,      ///< the value is the duration of something
  q_corrected = 1U << 13,        ///< a multiplicative correction factor was applied: see `correction`
  q_additive = 1U << 14,         ///< an additive correction constant is declared: see `additive`
  q_extended = 1U << 15,         ///< phase, quadrant, direction: see `extension`
  q_manufacturer = 1U << 16,     ///< VIFEs of the manufacturer follow
  q_error = 1U << 17,            ///< a record error is reported: see `record_error`
  q_not_metric = 1U << 18,       ///< alternate non-metric unit system (3D)
  q_obis = 1U << 19,             ///< OBIS declaration (3F)
  q_special = 1U << 20,          ///< leakage, overflow, relative deviation, standard-conform content, two extensions
  q_reserved = 1U << 21,         ///< a code the standard does not assign
};

/// A decoded value information block.
struct value_information {
  quantity what = quantity::reserved;
  unit measured = unit::none;
  value_type type = value_type::number;
  std::int8_t scaler = 0;      ///< with the correction applied
  std::int8_t correction = 0;  ///< the power of ten that a multiplicative correction factor added
  std::uint32_t factor = 1;    ///< whole factor to `measured`
  /// Additive correction constants, in thousandths of the VIF's unit without its power of ten (1 for 0.001 m³, with any
  /// of the VIFs 10 to 17). 0 with table FB, whose units are multiples themselves: there it is declared, not known.
  std::uint16_t additive = 0;
  std::uint32_t qualifiers = 0;   ///< bits of `qualifier`
  std::uint8_t rate = 0;          ///< VIFE 20 to 38, 44, 45: per or multiplied by
  std::uint8_t limit = 0;         ///< VIFE 40 to 6F
  std::uint8_t extension = 0;     ///< VIFE after FC: phase 1 to 7, quadrant 8 to B, …; of several, the last
  std::uint8_t record_error = 0;  ///< VIFE 00 to 1C (tables 17, 18)
  bytes_view text;                ///< of a plain-text VIF, last character first
};

/// Reads the block at the front of `in` and advances past it. Truncated: `in` ends inside the block;
/// malformed: more than ten VIFEs.
[[nodiscard]] expected<void> take_value_information(bytes_view& in, value_information& out);

}  // namespace smgw::mbus
