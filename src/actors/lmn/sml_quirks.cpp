// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/sml_quirks.hpp"

#include <utility>

namespace smgw::lmn {

sml::quirks quirks_of(const profile::meter& m) {
  using enum profile::quirk;
  return {.holley_time_and_crc = m.has(holley_time_and_crc),
          .dzg_unsigned_power = m.has(dzg_unsigned_power),
          .three_value_time = m.has(three_value_time),
          .no_time = m.has(no_time),
          .zero_scaler = m.has(zero_scaler),
          .status_absent = m.has(status_absent)};
}

void report_quirks(const sml::quirk_counts& used, status_report& to) {
  for (const auto& [name, n] : {std::pair{"quirk: Kermit CRC", used.kermit_crc},
                                {"quirk: bare time", used.bare_time},
                                {"quirk: unsigned power", used.unsigned_power},
                                {"quirk: three-value time", used.three_value_time},
                                {"quirk: no time", used.no_time},
                                {"quirk: zero scaler", used.zero_scaler},
                                {"quirk: status absent", used.status_absent}})
    if (n != 0) to.fields.emplace_back(name, static_cast<std::int64_t>(n));
}

}  // namespace smgw::lmn
