// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/layers.hpp"

#include <array>

namespace smgw::wmbus {

/// Longest message of several fragments that is put together. Own bound: eight full frames, above what the compact
/// profiles of OMS TR-07 need.
inline constexpr std::size_t max_message = 2048;
/// Time between two fragments of one message; own bound, above the longest gap of a synchronous transmission of
/// several frames (EN 13757-4 leaves it open).
inline constexpr std::chrono::seconds fragment_timeout{60};

/// Puts the fragments of one meter's message together (EN 13757-7, 6.5): they come in order, numbered from 1.
class reassembly {
 public:
  struct message {
    afl_header header;   ///< of the first fragment, with MAC and length from whichever fragment had them
    bytes_view content;  ///< what follows the layer, all fragments in a row; lives until the next call
  };
  /// True when `fragment` was the last one: then `out` holds the message. False: more to come.
  /// Conflict: not the next fragment (the message is given up); exhausted: longer than `max_message`; malformed: the
  /// length that the first fragment announced is not met. A pause above `fragment_timeout` starts anew.
  [[nodiscard]] expected<bool> add(const afl_header& fragment, bytes_view content, time_point now, message& out);
  [[nodiscard]] bool waiting() const noexcept { return next_ != 0; }
  void reset() noexcept { next_ = 0; }

 private:
  std::array<std::uint8_t, max_message> buffer_{};
  std::array<std::uint8_t, 16> mac_{};
  std::size_t size_ = 0;
  afl_header first_;
  time_point last_{};
  std::uint8_t next_ = 0;
};

}  // namespace smgw::wmbus
