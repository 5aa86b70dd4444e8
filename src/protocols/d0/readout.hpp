// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A whole readout: identification, data lines, checksum. D0 (IEC 62056-21) and P1 (DSMR, and its relatives in Belgium,
/// Luxembourg, Sweden, Switzerland) are one format with two checksums.

#include "protocols/d0/data_line.hpp"
#include "protocols/d0/identification.hpp"

namespace smgw::d0 {

/// What the checksum says. A telegram whose checksum is wrong is read all the same; whether its values count is the
/// profile's matter, and reader refuses it unless told otherwise.
enum class integrity : std::uint8_t {
  absent,  ///< none was sent (DSMR below 4, D0 without STX)
  correct,
  wrong,
};

struct readout {
  identification ident;
  std::string_view data;  ///< the data lines, up to the exclamation mark
  integrity bcc = integrity::absent;
  integrity crc = integrity::absent;

  [[nodiscard]] bool damaged() const noexcept { return bcc == integrity::wrong || crc == integrity::wrong; }
};

/// The whole readout of a meter with load profile has about 30 KiB; P1 telegrams have one or two.
inline constexpr std::size_t max_readout = 64 * 1024;

/// Where the exclamation mark of the end stands, npos without one: at the beginning of a line, or behind the last data
/// set, whose line some meters leave without an end of its own. Texts of meters may hold others.
[[nodiscard]] std::size_t find_end(std::string_view text) noexcept;

/// Reads a readout that is all of `in`: from the slash to the checksum. malformed: no identification, no end.
[[nodiscard]] expected<readout> read_readout(bytes_view in);

/// Goes through the data sets of all lines: one line may hold several (IEC 62056-21, 6.3.2, item 13), as in
/// `1.8.1(0001.2*kWh)1.8.2(0003.4*kWh)`. Empty lines and lines of control characters are passed over.
class line_cursor {
 public:
  explicit line_cursor(std::string_view data) noexcept : rest_(data) {}
  /// The next data set, or its refusal (the one after it is read with the next call); nothing at the end.
  [[nodiscard]] std::optional<expected<data_line>> next();

 private:
  std::string_view rest_;
  std::string_view line_;  // what is left of the line under work
};

}  // namespace smgw::d0
