// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/response.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::mbus {
namespace {

constexpr std::size_t short_header = 4;
constexpr std::size_t long_header = 12;
constexpr std::size_t fixed_size = 16;
constexpr std::uint8_t same_but_historic = 0x3E;

struct fixed_unit {
  quantity what;
  unit measured;
  std::int8_t scaler;
  std::uint32_t factor;
};

// Units of the fixed structure (EN 1434-3:1997, table 6): runs of seven decades.
fixed_unit unit_of(std::uint8_t code) {
  struct run {
    std::uint8_t first, count;
    fixed_unit u;
  };
  static constexpr std::array<run, 14> runs{{
      {0x02, 3, {quantity::energy, unit::watt_hour, 0, 1}},
      {0x05, 3, {quantity::energy, unit::watt_hour, 3, 1}},
      {0x08, 3, {quantity::energy, unit::watt_hour, 6, 1}},
      {0x0B, 3, {quantity::energy, unit_joule, 3, 1}},
      {0x0E, 3, {quantity::energy, unit_joule, 6, 1}},
      {0x11, 3, {quantity::energy, unit_joule, 9, 1}},
      {0x14, 3, {quantity::power, unit::watt, 0, 1}},
      {0x17, 3, {quantity::power, unit::watt, 3, 1}},
      {0x1A, 3, {quantity::power, unit::watt, 6, 1}},
      {0x1D, 9, {quantity::power, unit_joule_per_hour, 3, 1}},
      {0x26, 6, {quantity::volume, unit::cubic_metre, -6, 1}},
      {0x2C, 3, {quantity::volume, unit::cubic_metre, 0, 1}},
      {0x2F, 9, {quantity::volume_flow, unit_cubic_metre_per_hour, -6, 1}},
      {0x38, 1, {quantity::external_temperature, unit::celsius, -3, 1}},
  }};
  if (code == 0x39) return {quantity::hca_units, unit::none, 0, 1};
  for (const auto& r : runs)
    if (code >= r.first && code < r.first + r.count) {
      auto u = r.u;
      u.scaler = static_cast<std::int8_t>(u.scaler + code - r.first);
      return u;
    }
  return {quantity::reserved, unit::none, 0, 1};
}

// Media of the fixed structure (EN 1434-3:1997, table 5): above 9, those of meters in mode 2.
std::uint8_t medium_of(unsigned code) {
  static constexpr std::array<std::uint8_t, 16> types{0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0F, 3, 4, 6, 7, 8, 0x0F};
  return types[code & 15U];
}

fixed_counter read_counter(bytes_view octets, std::uint8_t code, bool binary) {
  fixed_counter c;
  c.unit_code = code;
  const auto u = unit_of(code);
  c.what = u.what;
  c.measured = u.measured;
  const auto n = scaled(binary ? read_unsigned(octets) : read_bcd(octets), u.factor, u.scaler);
  c.available = n.state == number_state::exact;
  c.value = {n.value, n.scaler};
  return c;
}

expected<response> read_fixed(bytes_view in, response r) {
  if (in.size() < fixed_size) return fail(errc::truncated, "fixed structure ends too early");
  r.kind = response_kind::fixed;
  r.identified = true;
  r.meter.id = load_le<std::uint32_t>(in.data());
  r.access = in[4];
  r.status = in[5];
  // The top bits of the two unit octets are the medium; status bit 0: 1 binary; bit 1: 1 historic.
  r.meter.type = medium_of((in[6] >> 6U) | (static_cast<unsigned>(in[7] >> 6U) << 2U));
  const bool binary = (r.status & 0x01U) != 0;
  const bool historic = (r.status & 0x02U) != 0;
  const auto first = static_cast<std::uint8_t>(in[6] & 0x3FU);
  auto second = static_cast<std::uint8_t>(in[7] & 0x3FU);
  r.counters[0] = read_counter(in.subspan(8, 4), first, binary);
  const bool linked = second == same_but_historic;
  r.counters[1] = read_counter(in.subspan(12, 4), linked ? first : second, binary);
  r.counters[1].unit_code = second;
  r.counters[0].historic = historic;
  r.counters[1].historic = historic || linked;
  return r;
}

// The header as in EN 13757-7: with the identity, or without it.
expected<bytes_view> take_header(bytes_view in, std::size_t size, response& r) {
  if (in.size() < size) return fail(errc::truncated, "header ends too early");
  if (size == long_header) {
    r.identified = true;
    r.meter = {load_le<std::uint32_t>(in.data()), load_le<std::uint16_t>(&in[4]), in[6], in[7]};
  }
  const auto tail = in.subspan(size - short_header);
  r.access = tail[0];
  r.status = tail[1];
  r.signature = load_le<std::uint16_t>(&tail[2]);
  return in.subspan(size);
}

// The security mode of the configuration field (EN 13757-7, 7.5). None above 15 is assigned: there the field is still
// the signature of EN 1434-3:1997, which had no use and which meters fill with anything; their records are in clear.
bool is_encrypted(const response& r) {
  const auto mode = (r.signature >> 8U) & 31U;
  return mode != 0 && mode <= 15;
}

expected<response> read_variable(bytes_view in, std::size_t header, response r) {
  SMGW_TRY(r.records, take_header(in, header, r));
  if (is_encrypted(r)) return fail(errc::unsupported, "encrypted");
  r.kind = response_kind::variable;
  return r;
}

// An error without a code is unspecified.
expected<response> read_error(bytes_view in, std::size_t header, response r) {
  SMGW_TRY(const auto code, take_header(in, header, r));
  r.kind = response_kind::application_error;
  if (!code.empty()) r.error_code = code[0];
  return r;
}

}  // namespace

expected<response> read_response(const wired_frame& frame) {
  if (frame.kind != wired_kind::long_frame && frame.kind != wired_kind::control_frame)
    return fail(errc::malformed, "no application data");
  response r;
  r.ci = frame.ci;
  switch (frame.ci) {
    case 0x72: return read_variable(frame.user_data, long_header, r);
    case 0x73: return read_fixed(frame.user_data, r);
    case 0x78:
      r.kind = response_kind::variable;
      r.records = frame.user_data;
      return r;
    case 0x7A: return read_variable(frame.user_data, short_header, r);
    case 0x6E: return read_error(frame.user_data, short_header, r);
    case 0x6F: return read_error(frame.user_data, long_header, r);
    case 0x70:
      r.kind = response_kind::application_error;
      if (!frame.user_data.empty()) r.error_code = frame.user_data[0];
      return r;
    case 0x76:
    case 0x77: return fail(errc::unsupported, "most significant octet first");
    default: return r;
  }
}

std::optional<identity> sender_of(const wired_frame& frame) {
  response r;
  switch (frame.ci) {
    case 0x6F:
    case 0x72:
    case 0x75: (void)take_header(frame.user_data, long_header, r); break;
    case 0x73: r = read_fixed(frame.user_data, {}).value_or(response{}); break;
    default: break;
  }
  return r.identified ? std::optional{r.meter} : std::nullopt;
}

std::string_view application_error_name(std::uint8_t code) noexcept {
  constexpr std::array<std::string_view, 11> names{"unspecified error",
                                                   "unimplemented CI field",
                                                   "buffer too long, truncated",
                                                   "too many records",
                                                   "premature end of record",
                                                   "more than ten DIFEs",
                                                   "more than ten VIFEs",
                                                   "reserved",
                                                   "application busy",
                                                   "too many readouts",
                                                   "access denied"};
  return code < names.size() ? names[code] : "reserved";
}

}  // namespace smgw::mbus
