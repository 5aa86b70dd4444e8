// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// HDLC frames of the wired LMN (detail specification 8.1, figure 8.1; ISO 13239 4.3.4 and H.4): frame format type 3,
/// non-basic transparency, so no stuffing: the length field tells where a frame ends.
/// `7E | A0+length (2) | destination (2) | source (2) | control | HCS (2) | information 0..2034 | FCS (2) | 7E`

#include <smgw/types.hpp>

#include <array>
#include <optional>

namespace smgw::hdlc {

/// Octets of information in one frame (REQ.TLSHDLC.SMGW.20).
inline constexpr std::size_t max_information = 2034;
/// Format, addresses, control and HCS.
inline constexpr std::size_t header_octets = 9;
/// All octets between the flags of the longest frame.
inline constexpr std::size_t max_length = header_octets + max_information + 2;
/// A frame that stays torn for this long is given up. No source names a time; at 921,600 baud a frame takes 25 ms.
inline constexpr auto default_silence = std::chrono::milliseconds{100};

/// Two octets on the line: service access point, then address, seven bits each; only the last has its lowest bit set.
struct address {
  std::uint8_t sap = 0;
  std::uint8_t station = 0;
  friend auto operator<=>(const address&, const address&) = default;
};

/// Control octets, poll/final bit set (ISO 13239, 5.3).
namespace control {
inline constexpr std::uint8_t poll_final = 0x10;
inline constexpr std::uint8_t snrm = 0x93;
inline constexpr std::uint8_t disc = 0x53;
inline constexpr std::uint8_t ua = 0x73;
inline constexpr std::uint8_t dm = 0x1F;
inline constexpr std::uint8_t frmr = 0x97;
inline constexpr std::uint8_t ui = 0x13;
/// Sequence numbers count modulo 8.
[[nodiscard]] constexpr std::uint8_t rr(unsigned n_r) noexcept {
  return static_cast<std::uint8_t>((n_r & 7U) << 5 | 0x11U);
}
[[nodiscard]] constexpr std::uint8_t rnr(unsigned n_r) noexcept {
  return static_cast<std::uint8_t>((n_r & 7U) << 5 | 0x15U);
}
[[nodiscard]] constexpr std::uint8_t information(unsigned n_s, unsigned n_r) noexcept {
  return static_cast<std::uint8_t>((n_r & 7U) << 5 | 0x10U | (n_s & 7U) << 1);
}
}  // namespace control

struct frame {
  address destination;
  address source;
  std::uint8_t control = 0;
  bytes_view information;
};

/// Reads one frame without its flags. Refuses with truncated, malformed (format, length, address) or untrusted (HCS,
/// FCS). The information is a view into `in`.
[[nodiscard]] expected<frame> decode(bytes_view in);
/// Appends one frame with its flags. Refuses more than 2034 octets of information (exhausted).
[[nodiscard]] expected<void> put_frame(bytes& out, const frame& f);

/// Why octets were dropped.
enum class drop : std::uint8_t {
  garbage,  ///< octets that are part of no frame given out (counted in octets, the others in flags that began a frame)
  format,   ///< not type 3, segmented, or a length that cannot be
  check,    ///< HCS or FCS
  no_flag,  ///< no flag where the length field puts the end
  silent,   ///< the rest did not come in time
};
inline constexpr std::size_t drop_reasons = 5;

/// Finds frames in a stream of octets; after a fault it goes on one octet behind the flag of the broken frame. The
/// header has its own check sequence, so that a broken length field does not hold the line up.
class frame_reader {
 public:
  explicit frame_reader(std::chrono::milliseconds silence = default_silence) : silence_(silence) {}

  /// Takes octets off the front of `in` until a frame is complete; nothing means that all were taken. The view lives
  /// until the next call.
  [[nodiscard]] std::optional<frame> next(bytes_view& in, time_point now);
  /// Drops a torn frame once the line was silent for too long.
  void tick(time_point now);
  [[nodiscard]] std::optional<time_point> wake_at() const;
  [[nodiscard]] std::uint64_t dropped(drop reason) const noexcept { return dropped_[static_cast<std::size_t>(reason)]; }

 private:
  enum class step : std::uint8_t { more, found, broken };
  step look(drop& why, frame& f) const;
  void forget_front(std::size_t n);
  void count(drop reason, std::uint64_t by = 1) noexcept { dropped_[static_cast<std::size_t>(reason)] += by; }

  std::chrono::milliseconds silence_;
  bytes buffer_;           // begins with a flag, if it is not empty
  std::size_t given_ = 0;  // front of it that the last call gave out, without the closing flag
  time_point last_octet_{};
  std::array<std::uint64_t, drop_reasons> dropped_{};
};

}  // namespace smgw::hdlc
