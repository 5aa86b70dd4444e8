// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From messages to registers with values (REQ.TLSHDLC.SMGW.80, .90).

#include "protocols/sml/message.hpp"
#include "protocols/sml/quirks.hpp"

#include <vector>

namespace smgw::sml {

/// One register of a meter as it came, and its number if it has one.
struct register_value {
  obis name;
  value raw;  ///< as on the line: also octet strings, booleans and lists
  /// The exact number, value · 10^scaler (REQ.TLSHDLC.SMGW.90). Nothing for other types, and for unsigned numbers
  /// above 2^63 - 1.
  std::optional<decimal> number;
  std::optional<std::int8_t> scaler;
  std::optional<smgw::unit> unit;
  sml::status status;
  moment val_time;  ///< after quirks
  octets signature;
  friend bool operator==(const register_value&, const register_value&) = default;
};

/// A time of a meter with these quirks; `used` counts what was bent.
[[nodiscard]] moment bent_time(moment sent, const quirks& allowed, quirk_counts& used);

/// Appends the registers of a list. Entries whose name is not an OBIS code (six octets) are left out.
void append_registers(const get_list_response& list, const quirks& allowed, quirk_counts& used,
                      std::vector<register_value>& out);

/// COSEM attributes of classes 3 and 32770 (REQ.TLSHDLC.SMGW.80). DS prints 04 for capture_time, too; 05 is that of
/// class 4, from which 32770 derives.
enum class attribute : std::uint8_t { value = 2, scaler_unit = 3, status = 4, capture_time = 5 };

/// Appends the register of a GetProcParameter response (classes 1, 3, 4 and 32770).
/// The mapping of COSEM to trees is that of DIN VDE 0418-63-9, 5.2, which DS does not repeat. Read are: a tree whose
/// root bears the OBIS code and an SML_ListEntry, an SML_PeriodEntry, an SML_CosemValue or a plain value; and a root
/// with one child for each attribute, named by one octet, scaler_unit with two children or as SML_CosemValue.
/// Refuses a tree without an OBIS code or without a value (malformed).
[[nodiscard]] expected<void> append_register(const get_proc_parameter_response& response, const quirks& allowed,
                                             quirk_counts& used, std::vector<register_value>& out);

}  // namespace smgw::sml
