// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SML transport protocol version 1 (DIN VDE 0418-63-9, 8.1):
/// `1B1B1B1B 01010101`, payload (four `1B` in it are doubled), padding of 0..3 zero octets up to a multiple of four,
/// `1B1B1B1B 1A`, the number of padding octets, CRC-16/X.25 over all before it, low octet first.

#include <smgw/types.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace smgw::sml {

/// Longest file on the line that is put together, framing included. A list of 20 registers takes 500 octets, a page of
/// a load profile some thousands; the standard names no bound, so this one is ours.
inline constexpr std::size_t max_file_octets = 65536;
/// A file that stays torn for this long is given up. At 9600 baud an octet takes 1 ms.
inline constexpr auto default_silence = std::chrono::milliseconds{500};
/// How many further start sequences inside the octets of one broken file are tried. A torn file on a line has one.
inline constexpr unsigned max_retries = 8;

/// Why octets were dropped.
enum class drop : std::uint8_t {
  garbage,      ///< octets that are part of no file given out (counted in octets, all others in files)
  restarted,    ///< a new start sequence came before the end
  silent,       ///< the rest did not come in time
  oversize,     ///< longer than the limit
  bad_escape,   ///< an escape sequence that version 1 does not know
  version_2,    ///< transport protocol version 2 (8.2: blocks that are acknowledged, time-outs), which no push can use
  bad_padding,  ///< more than three padding octets, not zero, or a length that is not a multiple of four
  bad_crc,      ///< neither CRC fits
  kermit_crc,   ///< CRC-16/KERMIT fits, but the meter's profile does not name this quirk
};
inline constexpr std::size_t drop_reasons = 9;
[[nodiscard]] std::string_view to_string(drop reason) noexcept;

/// A complete file. The payload is the sequence of messages, without padding.
struct file {
  bytes_view payload;
  time_point first_octet;  ///< when the octets that hold the start sequence were fed (REQ.TLSHDLC.SMGW.50)
  bool kermit = false;     ///< the CRC was of the quirk's kind
};

struct transport_options {
  std::size_t max_file = max_file_octets;
  std::chrono::milliseconds silence = default_silence;
  bool accept_kermit = false;  ///< quirk `holley_time_and_crc`
};

/// Finds files in a stream of octets. No copy where a chunk holds a whole file, no allocation once warm.
/// Each start sequence is a new chance: after any fault the search goes on one octet behind the start of the broken
/// file, so a file that begins inside the rest of a torn one is found.
class transport_reader {
 public:
  explicit transport_reader(transport_options options = {});

  /// Takes octets off the front of `in` until a file is complete; nothing means that all were taken.
  /// `while (const auto f = reader.next(in, now)) use(f->payload);` The view lives until the next call, as long as
  /// the memory of `in`.
  [[nodiscard]] std::optional<file> next(bytes_view& in, time_point now);
  /// Drops a torn file once the line was silent for too long.
  void tick(time_point now);
  /// When `tick` has something to do.
  [[nodiscard]] std::optional<time_point> wake_at() const;

  [[nodiscard]] std::uint64_t dropped(drop reason) const noexcept { return dropped_[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] std::uint64_t files() const noexcept { return files_; }

 private:
  struct window;
  std::optional<file> scan(window& w);
  std::optional<file> end_of_file(window& w, std::size_t escape);
  void start_file(window& w, std::size_t at);
  void pass_over(window& w, std::size_t to);
  void give_up(window& w, drop reason, std::size_t end);
  void forget_front(std::size_t n);
  void count(drop reason, std::uint64_t by = 1) noexcept { dropped_[static_cast<std::size_t>(reason)] += by; }

  transport_options options_;
  bytes buffer_;              // octets of a file that has not ended yet, as on the line
  bytes plain_;               // a payload that had to be unescaped
  std::size_t given_ = 0;     // front of buffer_ that the last call gave out
  bool in_file_ = false;      // what is kept begins with a start sequence
  bool escaped_ = false;      // its payload has doubled 1B
  std::size_t scanned_ = 0;   // octets of it that need no second look
  unsigned retries_ = 0;      // start sequences tried inside one broken file
  time_point first_octet_{};  // of the file
  time_point last_octet_{};
  std::uint64_t files_ = 0;
  std::array<std::uint64_t, drop_reasons> dropped_{};
};

/// Appends one file with this payload to `out`.
void put_file(bytes& out, bytes_view payload);

}  // namespace smgw::sml
