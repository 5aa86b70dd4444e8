// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From the octets of a line to telegrams, through any noise, with bounded memory.

#include "protocols/dlms/apdu_tag.hpp"
#include "protocols/dlms/hdlc_frame.hpp"
#include "protocols/dlms/mbus_frame.hpp"
#include "protocols/dlms/wrapper_frame.hpp"

#include <optional>

namespace smgw::dlms {

enum class transport : std::uint8_t {
  hdlc,     ///< flags, frame format type 3, LLC
  wrapper,  ///< 00 01 and ports, as over TCP and UDP
  mbus,     ///< 68 L L 68
  raw,      ///< an APDU with or without LLC and nothing around it: its end is a pause on the line
};

/// Which transport the first octets of a line or of a capture show.
[[nodiscard]] transport guess_transport(bytes_view first) noexcept;

/// The octets of one telegram: an APDU without link layer and LLC.
struct telegram {
  bytes_view apdu;                ///< valid until the reader is used again
  std::uint32_t source = 0;       ///< the meter's address as on the wire (HDLC: up to four octets, big-endian)
  std::uint32_t destination = 0;  ///< the client's address
  std::uint32_t frames = 0;       ///< how many frames carried it
};

/// Counts since the start, for the diagnosis of a line.
struct reader_counters {
  std::uint64_t telegrams = 0;
  std::uint64_t frames = 0;
  std::uint64_t broken_frames = 0;  ///< with a reason: check sequence, length, order
  std::uint64_t noise = 0;          ///< octets that belong to no frame
};

/// Octets of the same telegram follow each other without a pause of this length. Meters push every second at the
/// fastest, and between two frames of one telegram some pause for 100 ms.
inline constexpr std::chrono::milliseconds default_pause{500};

class reader {
 public:
  explicit reader(transport t, std::chrono::milliseconds pause = default_pause);

  /// Takes octets off the front of `in` and returns the next telegram, or the next refusal; nothing once `in` is used
  /// up: `while (auto t = reader.feed(in, now)) …`. Never latches: whatever came, the next whole frame is found.
  [[nodiscard]] std::optional<expected<telegram>> feed(bytes_view& in, time_point now);
  /// The deadline passed: ends a raw telegram, gives up an unfinished one. Call until it returns nothing.
  [[nodiscard]] std::optional<expected<telegram>> tick(time_point now);
  /// When tick() wants to be called; nothing while no telegram is under way.
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept;
  [[nodiscard]] const reader_counters& counters() const noexcept { return counters_; }

 private:
  using result = std::optional<expected<telegram>>;
  [[nodiscard]] scan look(bytes_view in);
  [[nodiscard]] result take_frame();
  [[nodiscard]] result take_hdlc();
  [[nodiscard]] result take_mbus();
  [[nodiscard]] result add_segment(bytes_view info, bool last, std::uint32_t source, std::uint32_t destination);
  [[nodiscard]] result finish(bytes_view octets, std::uint32_t source, std::uint32_t destination, std::uint32_t frames);
  [[nodiscard]] result refuse(errc code, const char* why);
  [[nodiscard]] result drain(bool at_end);
  [[nodiscard]] result end_raw();
  [[nodiscard]] bytes_view pending() const noexcept { return bytes_view{buffer_}.subspan(head_); }
  void drop(std::size_t n) noexcept;

  transport transport_;
  std::chrono::milliseconds pause_;
  bytes buffer_;  // octets not yet given to a frame, from head_ on
  std::size_t head_ = 0;
  std::size_t shown_ = 0;  // octets from head_ on that the last telegram returned is a view of
  std::size_t need_ = 1;   // octets in all that the frame under way needs to go on
  bytes assembly_;         // the information of the segments so far
  std::uint32_t segments_ = 0;
  std::uint32_t segments_from_ = 0;  // their source address
  bool ending_ = false;              // a pause was seen and what is left is being worked off
  std::optional<time_point> deadline_;
  hdlc_frame hdlc_;
  wrapper_frame wrapper_;
  mbus_frame mbus_;
  reader_counters counters_;
};

}  // namespace smgw::dlms
