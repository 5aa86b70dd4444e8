// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>

namespace smgw::dlms {

/// A COSEM date-time (IEC 62056-6-2, date and time formats) as sent. Nothing in a field: the meter left it open.
struct date_time {
  std::optional<std::uint16_t> year;
  std::optional<std::uint8_t> month;    ///< 1-12; 0xFD and 0xFE (daylight saving begins, ends) count as open
  std::optional<std::uint8_t> day;      ///< 1-31; 0xFD and 0xFE (last days of the month) count as open
  std::optional<std::uint8_t> weekday;  ///< 1 (Monday) to 7; 0, which some clocks send, counts as open
  std::optional<std::uint8_t> hour;
  std::optional<std::uint8_t> minute;
  std::optional<std::uint8_t> second;
  std::optional<std::uint8_t> hundredths;
  std::optional<std::int16_t> deviation;  ///< minutes from local time to UTC: -60 for Central European Time
  std::uint8_t clock_status = 0;          ///< as sent; 0xFF: not given

  /// The instant, if the meter said enough for one: all fields to the second, and the deviation. The gateway's clock
  /// stamps readings; this is what the meter believes.
  [[nodiscard]] std::optional<timestamp> utc() const noexcept;
  [[nodiscard]] bool daylight_saving() const noexcept { return clock_status != 0xFF && (clock_status & 0x80) != 0; }
  friend bool operator==(const date_time&, const date_time&) = default;
};

inline constexpr std::size_t date_time_size = 12;

/// Refuses another length and impossible fields (malformed).
[[nodiscard]] expected<date_time> read_date_time(bytes_view in);
/// The 12 octets, the open fields as the standard says.
[[nodiscard]] std::array<std::uint8_t, date_time_size> to_octets(const date_time& t) noexcept;

}  // namespace smgw::dlms
