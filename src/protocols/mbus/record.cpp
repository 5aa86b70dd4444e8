// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/record.hpp"

#include <array>

namespace smgw::mbus {
namespace {

constexpr std::uint8_t data_variable = 0x0D;
constexpr std::uint8_t data_special = 0x0F;
constexpr std::uint8_t idle_filler = 0x2F;

constexpr std::array<std::uint8_t, 16> lengths{0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6, 0};

constexpr std::uint32_t any_profile = q_profile | q_inverse_profile | q_register_profile;
// What stands there is something else than the value of the VIF, or a part of it.
constexpr std::uint32_t other_value =
    q_date_of | q_duration_of | q_limit | q_rate | q_not_metric | q_manufacturer | q_special | q_reserved | any_profile;

void set_number(record& r, number n) {
  n = scaled(n, r.vif.factor, r.vif.scaler);
  if (r.vif.additive != 0 && (r.vif.qualifiers & other_value) == 0)
    n = plus(n, std::int64_t{r.vif.additive} * r.vif.factor, -3);
  if (n.state == number_state::not_available) {
    r.kind = value_kind::not_available;
  } else if (n.state == number_state::too_large) {
    r.kind = value_kind::octets;
  } else {
    r.kind = value_kind::number;
    r.value = {n.value, n.scaler};
    r.rounded = n.state == number_state::rounded;
  }
}

void set_binary(record& r) {
  switch (r.vif.type) {
    case value_type::calendar:
      if (auto c = read_calendar(r.raw)) {
        r.when = *c;
        r.kind = c->valid ? value_kind::calendar : value_kind::not_available;
      } else {
        r.kind = value_kind::octets;
      }
      return;
    case value_type::unsigned_number: return set_number(r, read_unsigned(r.raw));
    case value_type::bits: {
      // All ones are flags here, not "no value".
      auto n = read_unsigned(r.raw);
      if (n.state == number_state::not_available) n = {0, 0, number_state::too_large};
      if (n.state == number_state::too_large && r.raw.size() < 8)
        n = {(std::int64_t{1} << (8 * r.raw.size())) - 1, 0, number_state::exact};
      return set_number(r, n);
    }
    case value_type::octets: r.kind = value_kind::octets; return;
    case value_type::number: break;
  }
  set_number(r, read_signed(r.raw));
}

// Variable length (table 5): what the length octet makes of the value.
void set_variable(record& r) {
  if (r.lvar <= 0xBF) {
    r.kind = r.vif.type == value_type::octets ? value_kind::octets : value_kind::text;
  } else if (r.raw.empty()) {  // a number of no digits is none
    r.kind = value_kind::not_available;
  } else if (r.lvar <= 0xC9) {
    set_number(r, read_bcd(r.raw));
  } else if (r.lvar <= 0xD9) {
    auto n = read_bcd(r.raw);
    n.value = -n.value;
    set_number(r, n);
  } else if (r.lvar <= 0xEF && r.vif.type != value_type::calendar) {  // a date would be of type M: kept as it is
    set_binary(r);
  } else {
    r.kind = value_kind::octets;
  }
}

// How many octets follow an LVAR octet (table 5).
expected<std::size_t> variable_length(std::uint8_t lvar) {
  if (lvar <= 0xBF) return lvar;
  if (lvar <= 0xC9) return lvar - 0xC0U;
  if (lvar >= 0xD0 && lvar <= 0xD9) return lvar - 0xD0U;
  if (lvar >= 0xE0 && lvar <= 0xEF) return lvar - 0xE0U;
  if (lvar >= 0xF0 && lvar <= 0xF4) return 4U * (lvar - 0xECU);
  if (lvar == 0xF5) return 48U;
  if (lvar == 0xF6) return 64U;
  return fail(errc::unsupported, "reserved LVAR");
}

// "No data available", overflow, underflow and "data error" (EN 13757-3, table 18): what stands there is no value.
bool is_void(const value_information& vif) {
  return (vif.qualifiers & q_error) != 0 && vif.record_error >= 0x15 && vif.record_error <= 0x18;
}

}  // namespace

std::string_view name(record_function f) noexcept {
  constexpr std::array<std::string_view, 4> names{"instantaneous", "maximum", "minimum", "at_error"};
  return names[static_cast<std::size_t>(f) & 3U];
}

std::size_t data_length(std::uint8_t data_field) noexcept { return lengths[data_field & 0x0FU]; }

void interpret(record& r, std::uint8_t data_field, bytes_view raw) {
  r.data_field = data_field;
  r.raw = raw;
  r.rounded = false;
  if (is_void(r.vif)) return void(r.kind = value_kind::not_available);
  switch (data_field) {
    case 0:
    case 8: r.kind = value_kind::none; return;
    case 5: return set_number(r, read_real(raw));
    case data_variable:
      return (r.vif.qualifiers & any_profile) != 0 ? void(r.kind = value_kind::profile) : set_variable(r);
    case 9:
    case 10:
    case 11:
    case 12:
    case 14: return set_number(r, read_bcd(raw));
    default: return set_binary(r);
  }
}

expected<void> record_reader::take_value(record& out) {
  auto& from = data();
  std::size_t length = data_length(out.data_field);
  if (out.data_field == data_variable) {
    if (from.empty()) return fail(errc::truncated, "record has no length");
    out.lvar = from.front();
    auto variable = variable_length(out.lvar);
    if (!variable) return std::unexpected{std::move(variable).error()};
    length = *variable;
    if (from.size() < length + 1) return fail(errc::truncated, "record longer than the telegram");
    from = from.subspan(1);
  }
  if (from.size() < length) return fail(errc::truncated, "record longer than the telegram");
  const auto raw = from.first(length);
  from = from.subspan(length);
  interpret(out, out.data_field, raw);
  return {};
}

expected<bool> record_reader::special(std::uint8_t dif, bytes_view start, record& out) {
  if (dif == 0x0F || dif == 0x1F) {  // manufacturer data up to the end
    out.header = start.first(1);
    out.kind = value_kind::manufacturer;
    out.vif.what = quantity::manufacturer_specific;
    out.more_follows = dif == 0x1F;
    out.raw = data();
    head_ = {};
    data_ = {};
    return true;
  }
  if (dif == 0x7F) {  // global readout request: no data
    out.header = start.first(1);
    out.kind = value_kind::none;
    return true;
  }
  return fail(errc::unsupported, "reserved special function");
}

expected<bool> record_reader::next(record& out) {
  while (!head_.empty() && head_.front() == idle_filler) head_ = head_.subspan(1);
  if (head_.empty()) return false;
  out = {};
  const auto start = head_;
  const auto fault = [&](error e) -> expected<bool> {
    out.header = start.first(start.size() - head_.size());
    head_ = {};
    data_ = {};
    return std::unexpected{std::move(e)};
  };
  std::uint8_t octet = head_.front();
  head_ = head_.subspan(1);
  out.data_field = static_cast<std::uint8_t>(octet & 0x0FU);
  if (out.data_field == data_special) {
    auto done = special(octet, start, out);
    return done ? done : fault(std::move(done).error());
  }
  out.function = static_cast<record_function>((octet >> 4U) & 3U);
  out.storage = (octet >> 6U) & 1U;
  for (unsigned n = 0; (octet & 0x80U) != 0; ++n) {
    if (n == max_dife) return fault({errc::malformed, "more than ten DIFEs"});
    if (head_.empty()) return fault({errc::truncated, "record header ends too early"});
    octet = head_.front();
    head_ = head_.subspan(1);
    out.storage |= static_cast<std::uint64_t>(octet & 0x0FU) << (1 + 4 * n);
    out.tariff |= ((octet >> 4U) & 3U) << (2 * n);
    out.subunit |= ((octet >> 6U) & 1U) << n;
  }
  if (auto ok = take_value_information(head_, out.vif); !ok) return fault(std::move(ok).error());
  out.header = start.first(start.size() - head_.size());
  const auto header = out.header;
  if (auto ok = take_value(out); !ok) {
    auto why = fault(std::move(ok).error());
    out.header = header;
    return why;
  }
  return true;
}

std::string text_of(const record& r) {
  std::string text(r.raw.rbegin(), r.raw.rend());
  return text;
}

}  // namespace smgw::mbus
