// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Writing readouts: for simulated meters and round-trip tests.

#include <smgw/types.hpp>

#include <optional>

namespace smgw::d0 {

struct line_to_send {
  std::string code;                 ///< `1-0:1.8.0*255`
  std::vector<std::string> values;  ///< each without parentheses: `0008048.375*kWh`
};

/// A readout as it goes over the line: identification, data lines, end.
struct readout_to_send {
  std::string manufacturer = "SMG";
  char baud = '5';
  std::string identification;  ///< with `\2` in front, if HDLC is to be offered
  std::vector<line_to_send> lines;
};

/// The identification message, CR LF included.
[[nodiscard]] bytes encode_identification(const readout_to_send& r);
/// STX, data lines, `!`, ETX and block check character (mode A to C).
[[nodiscard]] bytes encode_block(const readout_to_send& r);
/// Identification and block, as a meter of mode D pushes them.
[[nodiscard]] bytes encode_push(const readout_to_send& r);
/// A P1 telegram with its CRC (DSMR 4 and later).
[[nodiscard]] bytes encode_p1(const readout_to_send& r);

/// A decimal in the form of a data line, with unit: `1234.5*kWh` by decimals and unit text of the caller.
[[nodiscard]] std::string encode_value(const decimal& number, std::string_view unit_text);

}  // namespace smgw::d0
