// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What people see on the box: the lamps that gateways in the field have.
///
/// Thread and blocking: one thread of the gateway, only when something has changed; may block for a second.
/// Contract test: testkit::check_display.

#include <smgw/types.hpp>

namespace smgw::ports {

enum class lamp : std::uint8_t { off, on, blinking };

/// The lamps, named as installers know them.
struct lamps {
  lamp power = lamp::off;     ///< on: runs; blinking: a part of the gateway does not answer
  lamp wan = lamp::off;       ///< on: a TLS connection stands; blinking: deliveries wait and cannot be sent
  lamp wired = lamp::off;     ///< on: all wired LMN ports are open; blinking: some are not; off: there are none
  lamp wireless = lamp::off;  ///< the same for radios
  friend bool operator==(const lamps&, const lamps&) = default;
};

class SMGW_API display {
 public:
  virtual ~display() = default;
  display(const display&) = delete;
  display& operator=(const display&) = delete;

  /// Shows this from now on. An error is told in the diagnostics and changes nothing else.
  [[nodiscard]] virtual expected<void> show(const lamps& now) = 0;

 protected:
  display() = default;
};

}  // namespace smgw::ports
