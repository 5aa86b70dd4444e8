// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The words all layers share. Standard library only: an OEM sees this header.

#include <smgw/export.hpp>

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace smgw {

using bytes = std::vector<std::uint8_t>;
using bytes_view = std::span<const std::uint8_t>;

/// A point of legal time: UTC, milliseconds since 1970. Passed as an argument; only `actors` asks a clock.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
/// A point of monotonic time, for deadlines of sessions and links.
using time_point = std::chrono::steady_clock::time_point;

/// What the caller can do about a refusal. The text beside it is for people.
enum class errc : std::uint8_t {
  malformed = 1,  ///< the input breaks its format; sending the same again is useless
  truncated,      ///< the input ends too early; more may follow
  unsupported,    ///< well-formed, but not offered here
  denied,         ///< not allowed for this party or by this profile
  unavailable,    ///< a component or peer does not answer now; try later
  conflict,       ///< the state does not allow it (exists already, replayed, out of order)
  exhausted,      ///< a bound is reached (size, count, rate, disk)
  expired,        ///< a time limit or validity is over
  untrusted,      ///< a signature, MAC, certificate or hash does not verify
  internal,       ///< a fault of ours
};
[[nodiscard]] SMGW_API std::string_view to_string(errc code) noexcept;

/// A refusal: the code decides, the text explains. The text never holds a secret and is never parsed.
struct error {
  errc code = errc::internal;
  std::string what;
  friend bool operator==(const error& a, const error& b) { return a.code == b.code; }
};

template <class T>
using expected = std::expected<T, error>;

/// `return fail(errc::malformed, "…")` in any function that returns an expected.
[[nodiscard]] inline std::unexpected<error> fail(errc code, std::string what = {}) {
  return std::unexpected<error>{error{code, std::move(what)}};
}

/// A device id by DIN 43849 (formerly DIN 43863-5): medium, three letters FLAG code, block, eight digits; 14
/// characters.
class device_id {
 public:
  device_id() = default;
  /// Accepts either case and blanks; refuses anything else with errc::malformed.
  [[nodiscard]] SMGW_API static expected<device_id> parse(std::string_view text);
  /// Upper case, as printed on the device: `1EMH0010482201`.
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
  /// Canonical lower case, as used in URIs and names: `1emh0010482201`.
  [[nodiscard]] SMGW_API std::string lower() const;
  /// The 10-octet server id `0A | medium | FLAG | block | number (big-endian)`; detail specification 8.4, figure 8.3.
  [[nodiscard]] SMGW_API std::array<std::uint8_t, 10> server_id() const;
  [[nodiscard]] SMGW_API static expected<device_id> from_server_id(bytes_view id);
  [[nodiscard]] bool empty() const noexcept { return text_[0] == '\0'; }
  friend auto operator<=>(const device_id&, const device_id&) = default;

 private:
  std::array<char, 14> text_{};
};

/// An OBIS code `A-B:C.D.E*F` (IEC 62056-6-1), the COSEM logical name.
struct obis {
  std::array<std::uint8_t, 6> code{};
  /// Accepts `1-0:1.8.0`, `1-0:1.8.0*255` and twelve hex digits `0100010800ff`; a missing F means 255.
  [[nodiscard]] SMGW_API static expected<obis> parse(std::string_view text);
  [[nodiscard]] SMGW_API std::string text() const;  ///< `1-0:1.8.0*255`
  [[nodiscard]] SMGW_API std::string hex() const;   ///< `0100010800ff`
  friend auto operator<=>(const obis&, const obis&) = default;
};

/// Physical units, numbered as in IEC 62056-6-2 (the enumeration is open: any code may come from a meter).
enum class unit : std::uint8_t {
  second = 7,
  degree = 8,
  celsius = 9,
  cubic_metre = 13,
  cubic_metre_corrected = 14,
  watt = 27,
  volt_ampere = 28,
  var = 29,
  watt_hour = 30,
  volt_ampere_hour = 31,
  var_hour = 32,
  ampere = 33,
  volt = 35,
  hertz = 44,
  none = 255,
};
[[nodiscard]] SMGW_API std::string_view symbol(unit u) noexcept;  ///< `Wh`; empty for codes without one

/// An exact decimal number: value · 10^scaler. At least 13 integer and 6 fractional digits fit (REQ.TLSHDLC.SMGW.90).
struct decimal {
  std::int64_t value = 0;
  std::int8_t scaler = 0;
  [[nodiscard]] SMGW_API std::string text() const;  ///< plain notation without exponent: `123.4`
  friend bool operator==(const decimal&, const decimal&) = default;
};

/// The combined status word (detail specification 15): 32 bits of the gateway, 32 bits of the meter, bit 0 = LSB.
struct status_word {
  std::uint32_t smgw = 0x0000'0005;  ///< bits 0 and 2 are always set (table 15.1)
  std::uint32_t meter = 0;
  [[nodiscard]] std::uint64_t combined() const noexcept { return (std::uint64_t{smgw} << 32) | meter; }
  [[nodiscard]] SMGW_API std::string hex() const;  ///< 16 hex digits, gateway part first
  friend bool operator==(const status_word&, const status_word&) = default;
};

/// One value of one register of one meter at one instant.
struct reading {
  device_id meter;
  obis register_name;
  decimal value;
  unit measured = unit::none;
  timestamp captured{};  ///< when it was measured, by the gateway's clock
  status_word status;
  friend bool operator==(const reading&, const reading&) = default;
};

/// One slot of a value list: the reading that belongs to a nominal instant of the registration grid.
/// A gap keeps its slot: bit 13 (SMGW_NoValue) of its status is set and its value does not count.
struct list_entry {
  timestamp target{};  ///< the nominal instant (target time)
  reading value;       ///< with the real capture time
  bytes signature;     ///< inner signature, plain r‖s; empty where the profile asks for none
  friend bool operator==(const list_entry&, const list_entry&) = default;
};

}  // namespace smgw
