// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/stick.hpp"

namespace smgw::wmbus {

/// IMST iM871A: messages of start octet A5, flags and end point, message id, length, content, then time, RSSI and CRC
/// as the flags say. Frames come without L and CRCs.
class stick_im871a final : public stick {
 public:
  [[nodiscard]] bytes configure() const override;

 private:
  std::size_t take(bytes_view in, const frame_sink& sink) override;
};

/// IMST iU891A: SLIP (C0 … C0) around service, message id, content and CRC-16/X-25. Frames come from L on.
class stick_iu891a final : public stick {
 public:
  [[nodiscard]] bytes configure() const override;

 private:
  std::size_t take(bytes_view in, const frame_sink& sink) override;
};

}  // namespace smgw::wmbus
