// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/stick.hpp"

namespace smgw::wmbus {

/// Receivers that write one line of text per frame.
class stick_lines : public stick {
 private:
  std::size_t take(bytes_view in, const frame_sink& sink) final;
  /// True if the line was a frame (reported) or something else that is fine; false if it is damaged.
  virtual bool line(std::string_view text, const frame_sink& sink) = 0;
};

/// CUL and other devices with culfw: `b` and the frame in format A, `bY` in format B, in hexadecimal, CRCs included,
/// with LQI and RSSI behind it.
class stick_cul final : public stick_lines {
 public:
  /// culfw listens to one mode at a time.
  enum class mode : std::uint8_t { t, c };
  explicit stick_cul(mode m) : mode_(m) {}
  [[nodiscard]] bytes configure() const override;

 private:
  bool line(std::string_view text, const frame_sink& sink) override;
  mode mode_;
};

/// rtl-wmbus: `T1;1;1;time;rssi;rssi;id;0x…` — mode, CRC good, symbols good, …, frame without CRCs.
class stick_rtl_wmbus final : public stick_lines {
 public:
  [[nodiscard]] bytes configure() const override { return {}; }

 private:
  bool line(std::string_view text, const frame_sink& sink) override;
};

}  // namespace smgw::wmbus
