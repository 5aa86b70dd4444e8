// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Link layer of wired M-Bus (EN 13757-2, format class FT 1.2 of IEC 60870-5-1).

#include <smgw/types.hpp>

namespace smgw::mbus {

/// Longest user data of a long frame: L is one octet and counts C, A and CI too.
inline constexpr std::size_t max_user_data = 252;
inline constexpr std::size_t max_wired_frame = max_user_data + 9;

enum class wired_kind : std::uint8_t { acknowledge, short_frame, control_frame, long_frame };

struct wired_frame {
  wired_kind kind = wired_kind::acknowledge;
  std::uint8_t control = 0;
  std::uint8_t address = 0;
  std::uint8_t ci = 0;   ///< control and long frames
  bytes_view user_data;  ///< long frames
};
/// Takes one frame off the front of `in`. Truncated: more octets are needed; malformed: not a start octet, lengths or
/// stop octet wrong; untrusted: check sum. On error `in` is unchanged.
[[nodiscard]] expected<wired_frame> take_wired(bytes_view& in);

[[nodiscard]] bytes short_frame(std::uint8_t control, std::uint8_t address);
/// A control frame if `user_data` is empty. At most `max_user_data` octets.
[[nodiscard]] bytes long_frame(std::uint8_t control, std::uint8_t address, std::uint8_t ci, bytes_view user_data);
inline constexpr std::uint8_t acknowledge_octet = 0xE5;

}  // namespace smgw::mbus
