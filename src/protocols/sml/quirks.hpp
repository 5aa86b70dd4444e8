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
  /// DZG DWS: a power above 327.67 W, two octets wide, is sent as a negative number; taken as unsigned.
  bool dzg_unsigned_power = false;
  /// DZG DWS76 and others ("SML 1.05"): timestampLocal without its choice.
  bool three_value_time = false;
  friend bool operator==(const quirks&, const quirks&) = default;
};

/// How often each quirk mattered.
struct quirk_counts {
  std::uint64_t kermit_crc = 0;  ///< counted by who drives the decoder: `file::kermit`, `message::kermit`
  std::uint64_t bare_time = 0;
  std::uint64_t unsigned_power = 0;
  std::uint64_t three_value_time = 0;
  friend bool operator==(const quirk_counts&, const quirk_counts&) = default;
};

}  // namespace smgw::sml
