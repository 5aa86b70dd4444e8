// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Who starts the gateway anew when it hangs.
///
/// Thread and blocking: `arm` once, when the gateway is up, then `feed`, both on one thread of the gateway; must not
/// block. `disarm` on the thread that stops the gateway, when everything has ended; give it 15 s or more.
/// Contract test: testkit::check_watchdog.

#include <smgw/types.hpp>

namespace smgw::ports {

class SMGW_API watchdog {
 public:
  virtual ~watchdog() = default;
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  /// From now on `feed` must come within the answered time, again and again. unavailable: there is no watchdog; the
  /// gateway runs without.
  [[nodiscard]] virtual expected<std::chrono::milliseconds> arm() = 0;
  /// Store, ledger and every other actor have answered. The gateway calls this three times within the armed time.
  virtual void feed() = 0;
  /// The gateway ends in order: no `feed` follows, and that is no reason to start anything anew.
  virtual void disarm() = 0;

 protected:
  watchdog() = default;
};

}  // namespace smgw::ports
