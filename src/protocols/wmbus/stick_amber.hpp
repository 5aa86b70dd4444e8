// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/stick.hpp"

namespace smgw::wmbus {

/// Amber / Würth AMB8465 and relatives in command mode: FF, command, length, content, XOR of all. Received frames are
/// command 03 with the frame from C on and, if switched on, RSSI at the end.
class stick_amber final : public stick {
 public:
  /// `rssi`: the device appends the field strength (its setting "RSSI_Enable").
  explicit stick_amber(bool rssi = true) : rssi_(rssi) {}
  /// Listen to modes C and T together, until power off.
  [[nodiscard]] bytes configure() const override;

 private:
  std::size_t take(bytes_view in, const frame_sink& sink) override;
  bool rssi_;
};

}  // namespace smgw::wmbus
