// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Receivers on a serial line or a pipe, sans-IO: octets in, frames out. One interface for all makes.

#include "protocols/wmbus/frame.hpp"

#include <functional>
#include <optional>

namespace smgw::wmbus {

/// A frame as a receiver delivers it; the octets are valid during the call only.
struct air_frame {
  bytes_view octets;
  frame_format format = frame_format::stripped;
  std::optional<int> rssi_dbm;
};
using frame_sink = std::function<void(const air_frame&)>;

/// Longest message of any receiver: a frame in hexadecimal with what text surrounds it. More is noise and dropped.
inline constexpr std::size_t max_stick_message = 2048;

class stick {
 public:
  stick() = default;
  stick(const stick&) = delete;
  stick& operator=(const stick&) = delete;
  virtual ~stick() = default;
  /// What to send to the device so that it listens to modes T and C; empty if it needs nothing.
  [[nodiscard]] virtual bytes configure() const = 0;
  /// The device said this, in pieces of any size. Calls `sink` for each whole frame. Noise is skipped octet by octet,
  /// so a damaged message never hides the next one for good.
  void feed(bytes_view in, const frame_sink& sink);
  /// Messages that did not pass the device's own checks (length, check sum, digits) so far.
  [[nodiscard]] std::size_t damaged() const noexcept { return damaged_; }

 protected:
  /// How much of `in` is settled: a message (reported through `sink` if it is a frame) or one octet of noise; 0 if
  /// more octets are needed.
  virtual std::size_t take(bytes_view in, const frame_sink& sink) = 0;
  void count_damaged() noexcept { ++damaged_; }

 private:
  bytes pending_;
  std::size_t damaged_ = 0;
};

}  // namespace smgw::wmbus
