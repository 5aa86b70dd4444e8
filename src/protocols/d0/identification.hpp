// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

#include <optional>

namespace smgw::d0 {

/// The identification message `/XXXZ[\W]identification` (IEC 62056-21, 6.3.2).
struct identification {
  std::string_view manufacturer;  ///< three letters; the third in lower case: the meter answers within 20 ms
  char baud = '0';                ///< Z: the baud rate it proposes, and by it the mode
  char enhanced = 0;              ///< W of `\W`: 2 is the only one defined (HDLC); 0: none
  std::string_view text;          ///< the rest, at most 16 characters by the standard, longer ones are read too

  /// Baud rate by Z for mode C (`0`-`6`) and mode B (`A`-`F`); nothing for others (mode A: 300 stays).
  [[nodiscard]] std::optional<std::uint32_t> baud_rate() const noexcept;
  /// Mode C: the rate changes only after an acknowledgement.
  [[nodiscard]] bool mode_c() const noexcept { return baud >= '0' && baud <= '6'; }
};

inline constexpr std::size_t max_identification = 128;  ///< the standard has 16 behind Z; Belgian meters send 20

/// Reads the line without its end (CR LF). malformed: no slash, fewer than five characters, or a manufacturer that is
/// not three letters.
[[nodiscard]] expected<identification> read_identification(std::string_view line);

/// Baud rate of a character of mode C (`0`-`6`).
[[nodiscard]] std::optional<std::uint32_t> baud_of(char z) noexcept;

}  // namespace smgw::d0
