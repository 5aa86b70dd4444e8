// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <smgw/types.hpp>

#include <charconv>
#include <format>

namespace smgw {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_hex_upper(char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr unsigned hex_value(char c) {
  return is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'A') + 10U;
}
constexpr char hex_digit(unsigned v) { return "0123456789ABCDEF"[v & 15U]; }

}  // namespace

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::malformed: return "malformed";
    case errc::truncated: return "truncated";
    case errc::unsupported: return "unsupported";
    case errc::denied: return "denied";
    case errc::unavailable: return "unavailable";
    case errc::conflict: return "conflict";
    case errc::exhausted: return "exhausted";
    case errc::expired: return "expired";
    case errc::untrusted: return "untrusted";
    case errc::internal: return "internal";
  }
  return "unknown";
}

expected<device_id> device_id::parse(std::string_view text) {
  device_id id;
  std::size_t n = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    if (n == id.text_.size()) return fail(errc::malformed, "a device id has 14 characters");
    id.text_[n++] = upper(c);
  }
  // medium (hex digit), FLAG code (3 letters), block (2 hex digits), number (8 decimal digits): DIN 43849
  bool good = n == id.text_.size() && is_hex_upper(id.text_[0]) && id.text_[0] != '0';
  for (std::size_t i = 1; good && i < 14; ++i)
    good = i < 4 ? is_upper(id.text_[i]) : i < 6 ? is_hex_upper(id.text_[i]) : is_digit(id.text_[i]);
  if (!good) return fail(errc::malformed, "not a device id by DIN 43849: '" + std::string(text.substr(0, 32)) + "'");
  return id;
}

std::string device_id::lower() const {
  std::string text(text_.begin(), text_.end());
  for (auto& c : text)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::array<std::uint8_t, 10> device_id::server_id() const {
  std::uint32_t number = 0;
  std::from_chars(text_.data() + 6, text_.data() + 14, number);
  std::array<std::uint8_t, 10> id{0x0A, static_cast<std::uint8_t>(hex_value(text_[0]))};
  for (std::size_t i = 0; i < 3; ++i) id[2 + i] = static_cast<std::uint8_t>(text_[1 + i]);
  id[5] = static_cast<std::uint8_t>((hex_value(text_[4]) << 4) | hex_value(text_[5]));
  for (std::size_t i = 0; i < 4; ++i) id[6 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return id;
}

expected<device_id> device_id::from_server_id(bytes_view id) {
  if (id.size() != 10 || id[0] != 0x0A || id[1] > 15) return fail(errc::malformed, "not a server id by DIN 43849");
  const auto number = load_be<std::uint32_t>(id.data() + 6);
  std::string text{hex_digit(id[1])};
  for (std::size_t i = 2; i < 5; ++i) text.push_back(static_cast<char>(id[i]));
  text.push_back(hex_digit(id[5] >> 4U));
  text.push_back(hex_digit(id[5]));
  text += std::format("{:08}", number);
  return parse(text);
}

expected<obis> obis::parse(std::string_view text) {
  const auto refuse = [&] {
    return fail(errc::malformed, "not an OBIS code: '" + std::string(text.substr(0, 32)) + "'");
  };
  if (text.size() == 12 && text.find_first_of("-:.*") == text.npos) {
    const auto octets = from_hex(text);
    if (!octets) return refuse();
    obis name;
    std::copy(octets->begin(), octets->end(), name.code.begin());
    return name;
  }
  static constexpr std::string_view separators = "-:..*";
  obis name{{0, 0, 0, 0, 0, 255}};
  auto in = text;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto [stop, failure] = std::from_chars(in.data(), in.data() + in.size(), name.code[i]);
    if (failure != std::errc{}) return refuse();
    in.remove_prefix(static_cast<std::size_t>(stop - in.data()));
    if (i == 5 || (i == 4 && in.empty())) break;
    if (in.empty() || in.front() != separators[i]) return refuse();
    in.remove_prefix(1);
  }
  if (!in.empty()) return refuse();
  return name;
}

std::string obis::text() const {
  return std::format("{}-{}:{}.{}.{}*{}", code[0], code[1], code[2], code[3], code[4], code[5]);
}
std::string obis::hex() const { return to_hex(code); }

std::string_view symbol(unit u) noexcept {
  switch (u) {
    case unit::second: return "s";
    case unit::degree: return "°";
    case unit::celsius: return "°C";
    case unit::cubic_metre:
    case unit::cubic_metre_corrected: return "m³";
    case unit::watt: return "W";
    case unit::volt_ampere: return "VA";
    case unit::var: return "var";
    case unit::watt_hour: return "Wh";
    case unit::volt_ampere_hour: return "VAh";
    case unit::var_hour: return "varh";
    case unit::ampere: return "A";
    case unit::volt: return "V";
    case unit::hertz: return "Hz";
    case unit::none: return "";
  }
  return "";
}

std::string decimal::text() const {
  std::string digits = std::to_string(value);
  const bool negative = digits.front() == '-';
  if (negative) digits.erase(0, 1);
  if (scaler >= 0) {
    if (value != 0) digits.append(static_cast<std::size_t>(scaler), '0');
  } else {
    const auto places = static_cast<std::size_t>(-static_cast<int>(scaler));
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

std::string status_word::hex() const { return std::format("{:016x}", combined()); }

}  // namespace smgw
