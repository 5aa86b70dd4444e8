// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What P1 telegrams (DSMR P1 companion standard 5.0.2) have beyond D0: times with a zone letter, and the values of
/// meters for gas, water and heat on the M-Bus of the electricity meter.

#include "protocols/d0/readout.hpp"

namespace smgw::d0 {

/// `YYMMDDhhmmss` and W or S (winter, summer): the instant, for meters whose winter time is `standard_offset` ahead of
/// UTC. Without the letter (DSMR 3) the time is taken as winter time. malformed: no such time.
[[nodiscard]] expected<timestamp> read_p1_time(std::string_view text,
                                               std::chrono::minutes standard_offset = std::chrono::hours{1});

/// Channels 1 to 4 (DSMR P1 5.0.2).
inline constexpr std::size_t max_sub_meters = 4;

/// The value of one meter behind the electricity meter.
struct sub_meter {
  std::uint8_t channel = 0;
  std::string_view device_type;  ///< as sent (EN 13757-3: 3 gas, 7 water); empty if not given
  std::string_view id;           ///< as sent: hexadecimal of its characters
  std::string_view captured;     ///< the time of the value as sent; see read_p1_time
  obis name;                     ///< of the value, as 0-1:24.2.1*255
  value reading;                 ///< as sent; see quantity_of. Unit empty and text empty: no value came
};

struct sub_meters {
  std::array<sub_meter, max_sub_meters> by_channel{};
  /// The meter of a channel, if any line of it came.
  [[nodiscard]] const sub_meter* find(std::uint8_t channel) const noexcept;
};

/// Collects the lines of all channels. Reads both forms: `24.2.1(time)(value*unit)` (DSMR 4 and later, Belgium) and
/// `24.3.0(time)(status)(period)(count)(name)(unit)(value)` (DSMR 2 and 3, the value also on a line of its own).
[[nodiscard]] sub_meters sub_meters_of(std::string_view data);

}  // namespace smgw::d0
