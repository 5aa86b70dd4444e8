// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Legal time: what stamps are made from.
///
/// Thread and blocking: `now` from any thread, also several at once, thousands of times a second; it must not block.
/// Contract test: testkit::check_clock.

#include <smgw/types.hpp>

namespace smgw::ports {

class SMGW_API clock {
 public:
  virtual ~clock() = default;
  clock(const clock&) = delete;
  clock& operator=(const clock&) = delete;

  /// UTC. Between two steps of whoever sets the clock it never goes backwards.
  [[nodiscard]] virtual timestamp now() const noexcept = 0;

 protected:
  clock() = default;
};

}  // namespace smgw::ports
