// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/status.hpp"

#include "base/check.hpp"

namespace smgw::sml {

expected<std::uint32_t> meter_word(const status& s, meter_kind kind) {
  if (s.width == 0) return kind == meter_kind::electricity ? status_basic_meter : status_wired_gas | status_gas_lock;
  if (s.bits > UINT32_MAX) return fail(errc::unsupported, "the meter's status has more than 32 bits");
  return static_cast<std::uint32_t>(s.bits);
}

expected<status_word> to_status_word(const status& s, meter_kind kind) {
  status_word word;
  SMGW_TRY(word.meter, meter_word(s, kind));
  if ((word.meter & (status_magnetic_tamper | status_mechanical_tamper)) != 0) word.smgw |= smgw_meter_tamper;
  return word;
}

}  // namespace smgw::sml
