// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <cstdint>

namespace smgw::sml {

/// Where makes of meters bend SML. Data of the meter's profile, off by default. Each use is counted, and the raw value
/// stays beside what a quirk makes of it.
struct quirks {
  /// Holley DTZ541: CRC-16/KERMIT for files and messages, and valTime as a bare number, which is a second index.
  bool holley_time_and_crc = false;
  /// DZG DWS: leading zero octets of a positive power are left out, also where what is left reads as negative (above
  /// 1.27, 327.67 W); a power of less than four octets is taken as unsigned.
  bool dzg_unsigned_power = false;
  /// DZG DWS76 and others ("SML 1.05"): timestampLocal without its choice.
  bool three_value_time = false;
  /// valTime and capture_time are of no use: they are left out, and the time of reception counts.
  bool no_time = false;
  /// scaler_unit without its scaler: 10^0 is meant. (In an SML_ListEntry the scaler is optional anyway.)
  bool zero_scaler = false;
  /// The attribute status without a value: no fault is meant. (A status that is not there says that anyway.)
  bool status_absent = false;
  friend bool operator==(const quirks&, const quirks&) = default;
};

/// How often each quirk mattered.
struct quirk_counts {
  std::uint64_t kermit_crc = 0;  ///< counted by who drives the decoder: `file::kermit`, `message::kermit`
  std::uint64_t bare_time = 0;
  std::uint64_t unsigned_power = 0;
  std::uint64_t three_value_time = 0;
  std::uint64_t no_time = 0;
  std::uint64_t zero_scaler = 0;
  std::uint64_t status_absent = 0;
  quirk_counts& operator+=(const quirk_counts& other) noexcept;
  friend bool operator==(const quirk_counts&, const quirk_counts&) = default;
};

}  // namespace smgw::sml
