// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/stick.hpp"

namespace smgw::wmbus {

/// Frames of a receiver that an OEM supplies, as octets: F5, format, field strength in dBm (two's complement, 127: not
/// known), length(2), frame. Ours, and only inside the process: between the port's thread and the line.
class stick_port final : public stick {
 public:
  /// Nothing to set up.
  [[nodiscard]] bytes configure() const override { return {}; }

 private:
  std::size_t take(bytes_view in, const frame_sink& sink) override;
};

/// The octets of one frame. Empty for a frame that no air carries: empty, or longer than `max_frame_a`.
[[nodiscard]] bytes encode_port_frame(const air_frame& f);

}  // namespace smgw::wmbus
