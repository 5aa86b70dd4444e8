// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/status/status.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <format>

namespace smgw::status {
namespace {

constexpr std::uint32_t bit(unsigned n) { return 1U << n; }

constexpr std::uint32_t electricity_type = bit(2);
constexpr std::uint32_t gas_type = bit(3);

// Detail specification 15, table 15.1, by column: the bits of each level.
struct levels {
  std::uint32_t tamper, error, fatal, warning, time_not_valid;
};
constexpr levels electricity{
    .tamper = bit(9) | bit(10), .error = 0, .fatal = bit(17), .warning = 0, .time_not_valid = 0};
constexpr levels gas{.tamper = bit(9) | bit(10),
                     .error = 0,
                     .fatal = bit(17),
                     .warning = bit(8) | 0x0001'F800 | 0x0FFC'0000,  // 8, 11..16, 18..27; bit 28 warns when 0
                     .time_not_valid = 0};
constexpr levels wireless{.tamper = bit(1) | bit(7),
                          .error = bit(3) | bit(27) | bit(30),
                          .fatal = bit(5) | bit(28),
                          .warning = bit(2) | bit(4) | bit(6) | 0x0000'3C00 | bit(29),  // 10..13
                          .time_not_valid = bit(9)};

constexpr std::uint32_t reverse(std::uint32_t v, unsigned width) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < width; ++i) out |= ((v >> i) & 1U) << (width - 1 - i);
  return out;
}

}  // namespace

std::uint32_t bits(const gateway_state& s) noexcept {
  return (s.not_validated ? value_not_validated : 0) | (s.error ? gateway_error : 0) |
         (s.time_not_valid ? time_not_valid : 0) | (s.warning ? warning : 0);
}

meter_verdict judge(meter_kind kind, std::uint32_t m) noexcept {
  if (kind == meter_kind::unknown) return {};
  const auto& l = kind == meter_kind::electricity ? electricity : kind == meter_kind::gas ? gas : wireless;
  // Gas bit 28 is the one bit whose 0 is the event, and only meters of class 3 have it: a word that never sets it
  // comes from a simpler meter as well, so it is no warning by itself.
  return {.tamper = (m & l.tamper) != 0,
          .error = (m & l.error) != 0,
          .fatal = (m & l.fatal) != 0,
          .warning = (m & l.warning) != 0,
          .time_not_valid = (m & l.time_not_valid) != 0};
}

status_word build(meter_kind kind, std::uint32_t meter, const gateway_state& state) noexcept {
  status_word word{.smgw = fixed | bits(state), .meter = meter};
  if (judge(kind, meter).tamper) word.smgw |= meter_tamper;
  if (kind == meter_kind::wireless) {
    word.smgw |= oms;
    // MTR_Error: STS "anomaly" (30) or "permanent error" (28), wireless meters only
    if ((meter & (bit(28) | bit(30))) != 0) word.smgw |= meter_error;
  }
  return word;
}

status_word build_gap(meter_kind kind, const gateway_state& state) noexcept {
  const auto type = kind == meter_kind::electricity ? electricity_type : kind == meter_kind::gas ? gas_type : 0U;
  auto word = build(kind, type, state);
  word.smgw |= no_value;
  return word;
}

std::uint32_t wireless_word(std::uint8_t sts, std::uint8_t ef1, std::uint8_t ef2, std::uint8_t ef3) noexcept {
  return reverse(ef1, 8) | (reverse(ef2, 8) << 8) | (reverse(ef3, 8) << 16) | (reverse(sts, 8) << 24);
}

meter_kind kind_of(const status_word& w) noexcept {
  if ((w.smgw & oms) != 0) return meter_kind::wireless;
  if ((w.meter & electricity_type) != 0) return meter_kind::electricity;
  if ((w.meter & gas_type) != 0) return meter_kind::gas;
  return meter_kind::unknown;
}

meter_verdict judge(const status_word& w) noexcept { return judge(kind_of(w), w.meter); }
bool has_value(const status_word& w) noexcept { return (w.smgw & no_value) == 0; }
bool counts(const status_word& w) noexcept { return (w.smgw & (no_value | gateway_error)) == 0 && !judge(w).fatal; }

status_word combine(const status_word& a, const status_word& b) noexcept {
  // Meters of different kinds have no common half; the gateway's half still tells what went wrong.
  const bool same = kind_of(a) == kind_of(b);
  return {.smgw = a.smgw | b.smgw, .meter = same ? a.meter | b.meter : 0};
}

unsigned ptb_grade(const status_word& w) noexcept {
  if ((w.smgw & gateway_error) != 0 || judge(w).fatal) return 4;
  if ((w.smgw & (time_not_valid | meter_tamper)) != 0) return 3;
  if ((w.smgw & no_value) != 0) return 2;
  if ((w.smgw & warning) != 0) return 1;
  return 0;
}

std::string text(const status_word& w, bit_order order) {
  if (order == bit_order::bit0_last) return w.hex();
  return std::format("{:08x}{:08x}", reverse(w.smgw, 32), reverse(w.meter, 32));
}

expected<status_word> parse(std::string_view in, bit_order order) {
  const auto octets = from_hex(in);
  if (!octets || octets->size() != 8) return fail(errc::malformed, "a status word has 16 hexadecimal digits");
  const auto smgw = load_be<std::uint32_t>(octets->data());
  const auto meter = load_be<std::uint32_t>(octets->data() + 4);
  if (order == bit_order::bit0_last) return status_word{.smgw = smgw, .meter = meter};
  return status_word{.smgw = reverse(smgw, 32), .meter = reverse(meter, 32)};
}

}  // namespace smgw::status
