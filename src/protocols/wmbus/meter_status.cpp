// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/meter_status.hpp"

namespace smgw::wmbus {
namespace {

std::uint32_t mirrored(std::uint8_t octet) {
  std::uint32_t out = 0;
  for (unsigned bit = 0; bit < 8; ++bit) out |= ((static_cast<unsigned>(octet) >> bit) & 1U) << (7 - bit);
  return out;
}

constexpr std::uint32_t bit(unsigned n) { return std::uint32_t{1} << n; }
constexpr std::uint32_t tampered = bit(1) | bit(7);
constexpr std::uint32_t permanent_or_abnormal = bit(28) | bit(30);

}  // namespace

void note_error_flags(const mbus::record& r, error_flags& into) noexcept {
  if (r.vif.what != mbus::quantity::error_flags || r.storage != 0 || r.subunit != 0 ||
      r.kind != mbus::value_kind::number || r.function != mbus::record_function::instantaneous)
    return;
  const auto octet = [&](std::size_t i) { return i < r.raw.size() ? r.raw[i] : std::uint8_t{0}; };
  into = {octet(0), octet(1), octet(2)};
}

std::uint32_t meter_status(const error_flags& ef, std::uint8_t sts) noexcept {
  return mirrored(ef.ef1) | mirrored(ef.ef2) << 8U | mirrored(ef.ef3) << 16U | mirrored(sts) << 24U;
}

status_word status_of(const error_flags& ef, std::uint8_t sts) noexcept {
  status_word w;
  w.meter = meter_status(ef, sts);
  w.smgw |= bit(17);
  if ((w.meter & tampered) != 0) w.smgw |= bit(14);
  if ((w.meter & permanent_or_abnormal) != 0) w.smgw |= bit(15);
  return w;
}

}  // namespace smgw::wmbus
