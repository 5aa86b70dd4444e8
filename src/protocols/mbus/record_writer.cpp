// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/record_writer.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::mbus {
namespace {

bool is_bcd(coding c) { return c >= coding::bcd2 && c != coding::variable; }

expected<bytes> bcd(std::int64_t value, std::size_t size) {
  const bool negative = value < 0;
  auto rest = negative ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  bytes out(size);
  for (auto& o : out) {
    o = static_cast<std::uint8_t>(rest % 10 | (rest / 10 % 10) << 4U);
    rest /= 100;
  }
  const bool room = !negative || (out.back() & 0xF0U) == 0;
  if (rest != 0 || !room) return fail(errc::exhausted, "value does not fit the record");
  if (negative) out.back() = static_cast<std::uint8_t>(out.back() | 0xF0U);
  return out;
}

expected<bytes> binary(std::int64_t value, std::size_t size) {
  const auto width = static_cast<unsigned>(8 * size);
  if (width < 64 && (value >= std::int64_t{1} << (width - 1) || value < -(std::int64_t{1} << (width - 1))))
    return fail(errc::exhausted, "value does not fit the record");
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  return out;
}

}  // namespace

void put_header(bytes& out, coding c, const record_place& where, bytes_view vib) {
  auto storage = where.storage;
  auto tariff = where.tariff;
  auto subunit = where.subunit;
  const auto more = [&] { return storage != 0 || tariff != 0 || subunit != 0 ? 0x80U : 0U; };
  unsigned octet = static_cast<unsigned>(c) | static_cast<unsigned>(where.function) << 4U |
                   static_cast<unsigned>(storage & 1U) << 6U;
  storage >>= 1U;
  for (;;) {
    out.push_back(static_cast<std::uint8_t>(octet | more()));
    if (more() == 0) break;
    octet = static_cast<unsigned>(storage & 15U) | (tariff & 3U) << 4U | (subunit & 1U) << 6U;
    storage >>= 4U;
    tariff >>= 2U;
    subunit >>= 1U;
  }
  put(out, vib);
}

expected<void> put_number(bytes& out, coding c, const record_place& where, bytes_view vib, std::int64_t value) {
  const auto size = data_length(static_cast<std::uint8_t>(c));
  if (size == 0) return fail(errc::unsupported, "not the coding of a number");
  SMGW_TRY(const auto octets, is_bcd(c) ? bcd(value, size) : binary(value, size));
  put_header(out, c, where, vib);
  put(out, octets);
  return {};
}

expected<void> put_text(bytes& out, const record_place& where, bytes_view vib, std::string_view text) {
  if (text.size() > 0xBF) return fail(errc::exhausted, "text too long");
  put_header(out, coding::variable, where, vib);
  out.push_back(static_cast<std::uint8_t>(text.size()));
  for (std::size_t i = text.size(); i-- > 0;) out.push_back(static_cast<std::uint8_t>(text[i]));
  return {};
}

void put_calendar(bytes& out, const record_place& where, const calendar& when, std::size_t octets) {
  const auto c = octets == 2 ? coding::int16 : octets == 4 ? coding::int32 : coding::int48;
  const std::uint8_t vif = octets == 2 ? 0x6C : 0x6D;
  put_header(out, c, where, bytes_view{&vif, 1});
  put(out, write_calendar(when, octets));
}

}  // namespace smgw::mbus
