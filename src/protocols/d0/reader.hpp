// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From the octets of a line to readouts, through any noise: for meters that push (mode D, P1) and for listeners.

#include "protocols/d0/readout.hpp"

namespace smgw::d0 {

struct reader_counters {
  std::uint64_t readouts = 0;
  std::uint64_t broken = 0;  ///< begun, and cut off, too long or damaged
  std::uint64_t noise = 0;   ///< octets outside of readouts
};

/// Two characters of a readout follow each other within 1.5 s (IEC 62056-21, reaction and monitoring times).
inline constexpr std::chrono::milliseconds default_pause{1500};

class reader {
 public:
  struct options {
    std::chrono::milliseconds pause = default_pause;
    bool accept_damaged = false;  ///< also hand out readouts with a wrong checksum (their integrity says so)
  };
  reader() : reader(options{}) {}
  explicit reader(const options& o) : options_(o) { buffer_.reserve(4096); }

  /// Takes octets off the front of `in` and returns the next readout, or the next refusal; nothing once `in` is used
  /// up. The readout is valid until the reader is used again. Never latches: the next identification line begins anew.
  /// A port that does not take the parity of seven-bit characters off is told by the slash, which then is AF.
  /// malformed: damaged or broken, or a wrong parity; exhausted: max_readout or max_line; truncated: the next one began
  /// before its end.
  [[nodiscard]] std::optional<expected<readout>> feed(bytes_view& in, time_point now);
  /// The deadline passed: what was begun is finished if it can be, else given up (expired).
  [[nodiscard]] std::optional<expected<readout>> tick(time_point now);
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept { return deadline_; }
  [[nodiscard]] const reader_counters& counters() const noexcept { return counters_; }

 private:
  enum class state : std::uint8_t { idle, lines, trailer, block_check };
  using result = std::optional<expected<readout>>;

  void skip_noise(bytes_view& in) noexcept;
  [[nodiscard]] result take_line(bytes_view& in);
  [[nodiscard]] result end_line();
  [[nodiscard]] bool begin_at_identification();
  [[nodiscard]] result complete();
  [[nodiscard]] result refuse(errc code, const char* why);

  options options_;
  state state_ = state::idle;
  bytes buffer_;                // the readout so far
  std::size_t line_start_ = 0;  // of the line that is coming in
  bool has_block_ = false;      // STX was there, so ETX and BCC will be
  bool parity_ = false;         // characters come with their parity
  std::optional<time_point> deadline_;
  reader_counters counters_;
};

}  // namespace smgw::d0
