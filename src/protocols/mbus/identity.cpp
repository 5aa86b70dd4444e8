// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/identity.hpp"

#include <array>
#include <cstddef>

namespace smgw::mbus {
namespace {

std::string hex(std::uint32_t value, int digits) {
  constexpr std::string_view letters = "0123456789abcdef";
  std::string text;
  for (int i = digits; i-- > 0;) text += letters[(value >> (4 * i)) & 15U];
  return text;
}

}  // namespace

std::string id_text(const identity& who) { return hex(who.id, 8); }

std::string manufacturer_text(std::uint16_t code) {
  std::string text;
  for (const unsigned shift : {10U, 5U, 0U}) text += static_cast<char>(((unsigned{code} >> shift) & 31U) + 64U);
  return text;
}

expected<std::uint16_t> manufacturer_code(std::string_view text) {
  if (text.size() != 3) return fail(errc::malformed, "a manufacturer has three letters");
  unsigned code = 0;
  for (const char c : text) {
    if (c < 'A' || c > 'Z') return fail(errc::malformed, "a manufacturer has three letters");
    code = (code << 5U) | static_cast<unsigned>(c - 'A' + 1);
  }
  return static_cast<std::uint16_t>(code);
}

std::string_view device_type_name(std::uint8_t type) noexcept {
  switch (type) {
    case 0x00: return "other";
    case 0x01: return "oil";
    case 0x02: return "electricity";
    case 0x03: return "gas";
    case 0x04: return "heat";
    case 0x05: return "steam";
    case 0x06: return "warm water";
    case 0x07: return "water";
    case 0x08: return "heat cost allocator";
    case 0x09: return "compressed air";
    case 0x0A: return "cooling, outlet";
    case 0x0B: return "cooling, inlet";
    case 0x0C: return "heat, inlet";
    case 0x0D: return "heat and cooling";
    case 0x0E: return "bus or system";
    case 0x0F: return "unknown";
    case 0x14: return "calorific value";
    case 0x15: return "hot water";
    case 0x16: return "cold water";
    case 0x17: return "hot and cold water";
    case 0x18: return "pressure";
    case 0x19: return "a/d converter";
    case 0x1A: return "smoke alarm";
    case 0x1B: return "room sensor";
    case 0x1C: return "gas detector";
    case 0x20: return "breaker";
    case 0x21: return "valve";
    case 0x25: return "display";
    case 0x28: return "waste water";
    case 0x29: return "waste";
    case 0x31: return "communication controller";
    case 0x32: return "unidirectional repeater";
    case 0x33: return "bidirectional repeater";
    case 0x36: return "radio converter, system side";
    case 0x37: return "radio converter, meter side";
    case 0x38: return "wired adapter";
    default: return "reserved";
  }
}

std::uint8_t obis_medium(std::uint8_t type) noexcept {
  switch (type) {
    case 0x02: return 1;
    case 0x03: return 7;
    case 0x04:
    case 0x0C:
    case 0x0D: return 6;
    case 0x06:
    case 0x15: return 9;
    case 0x07:
    case 0x16: return 8;
    case 0x08: return 4;
    case 0x0A:
    case 0x0B: return 5;
    default: return 0;
  }
}

expected<device_id> device_id_of(const identity& who) {
  const auto medium = obis_medium(who.type);
  std::string text(1, medium == 0 ? 'E' : static_cast<char>('0' + medium));  // E: other devices
  text += manufacturer_text(who.manufacturer);
  text += hex(who.version, 2);
  text += id_text(who);
  return device_id::parse(text);
}

}  // namespace smgw::mbus
