// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>
#include <string>

/// The combined status word (detail specification 15, table 15.1): building, reading, text forms.
namespace smgw::status {

/// Bits of the gateway's half; bit 0 is the least significant one.
inline constexpr std::uint32_t fixed = 0x0000'0005;  ///< bits 0 and 2 are always 1
inline constexpr std::uint32_t value_not_validated = 1U << 1;
inline constexpr std::uint32_t gateway_error = 1U << 8;
inline constexpr std::uint32_t time_not_valid = 1U << 9;
inline constexpr std::uint32_t warning = 1U << 12;
inline constexpr std::uint32_t no_value = 1U << 13;
inline constexpr std::uint32_t meter_tamper = 1U << 14;
inline constexpr std::uint32_t meter_error = 1U << 15;
inline constexpr std::uint32_t value_triggered = 1U << 16;
inline constexpr std::uint32_t oms = 1U << 17;
/// Every bit that table 15.1 allows to be 1.
inline constexpr std::uint32_t allowed = 0x0003'F307;

/// Which column of table 15.1 the meter's half follows.
enum class meter_kind : std::uint8_t { electricity, gas, wireless, unknown };

/// What the gateway knows of itself when it registers a value.
struct gateway_state {
  bool not_validated = false;  ///< the value is not for billing
  bool error = false;          ///< fatal
  bool time_not_valid = false;
  bool warning = false;
};
/// The bits of the gateway's half for this state, without the fixed ones.
[[nodiscard]] std::uint32_t bits(const gateway_state& state) noexcept;

/// What the meter's half says, by its levels MTR_Tamper, MTR_Error, MTR_Fatal, MTR_Warning, MTR_TimeNotValid.
struct meter_verdict {
  bool tamper = false;
  bool error = false;
  bool fatal = false;
  bool warning = false;
  bool time_not_valid = false;
  friend bool operator==(const meter_verdict&, const meter_verdict&) = default;
};
[[nodiscard]] meter_verdict judge(meter_kind kind, std::uint32_t meter) noexcept;

/// The whole word of a registered value; derives MTR_Tamper and MTR_Error (status-word table, gateway bits 14 and 15).
[[nodiscard]] status_word build(meter_kind kind, std::uint32_t meter, const gateway_state& state = {}) noexcept;
/// The word of a slot without value: SMGW_NoValue, and of the meter's half only its type.
[[nodiscard]] status_word build_gap(meter_kind kind, const gateway_state& state = {}) noexcept;
/// The meter's half of a wireless meter from STS and the error flags EF1..EF3 (REQ.WMBUS.apl.80): each octet's most
/// significant bit becomes the lowest bit of its group.
[[nodiscard]] std::uint32_t wireless_word(std::uint8_t sts, std::uint8_t ef1 = 0, std::uint8_t ef2 = 0,
                                          std::uint8_t ef3 = 0) noexcept;

/// Tells the column from gateway bit 17 and meter bits 2 and 3.
[[nodiscard]] meter_kind kind_of(const status_word& word) noexcept;
[[nodiscard]] meter_verdict judge(const status_word& word) noexcept;
[[nodiscard]] bool has_value(const status_word& word) noexcept;
/// A value that may enter a tariff register: present, without a fatal fault of the gateway or the meter.
[[nodiscard]] bool counts(const status_word& word) noexcept;
/// The word of a value formed from several: every fault of any of them.
[[nodiscard]] status_word combine(const status_word& a, const status_word& b) noexcept;
/// PTB's five grades: 0 good, 1 warning, 2 fault for a time, 3 not valid, 4 fatal (VDE-AR-E 2418-6, statusPTB).
[[nodiscard]] unsigned ptb_grade(const status_word& word) noexcept;

/// Where bit 0 stands in the eight hexadecimal digits of each half; protocols differ (detail specification 15).
enum class bit_order : std::uint8_t { bit0_last, bit0_first };
[[nodiscard]] std::string text(const status_word& word, bit_order order);  ///< 16 lower-case digits, gateway first
[[nodiscard]] expected<status_word> parse(std::string_view text, bit_order order);

}  // namespace smgw::status
