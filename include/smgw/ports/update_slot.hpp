// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Where a new firmware goes, and how the box changes over to it.
///
/// Thread and blocking: threads of the gateway that are for this alone, one call at a time; every call may block for
/// minutes.
/// Contract test: testkit::check_update_slot.

#include <smgw/types.hpp>

namespace smgw::ports {

struct firmware_state {
  std::string running;     ///< version of the firmware that runs; empty if unknown
  std::string staged;      ///< version in the other slot that may be activated; empty: none
  bool confirmed = false;  ///< the running firmware stays: no start without `confirm` falls back
};

/// At least two places for a firmware: one runs, another can be written. Whatever fails, the running one stays.
class SMGW_API update_slot {
 public:
  virtual ~update_slot() = default;
  update_slot(const update_slot&) = delete;
  update_slot& operator=(const update_slot&) = delete;

  [[nodiscard]] virtual expected<firmware_state> inspect() = 0;
  /// Begins an image of `size` octets; what was begun before and not finished is gone. exhausted: too large.
  [[nodiscard]] virtual expected<void> begin(std::uint64_t size) = 0;
  /// The next octets of the image. conflict: not begun; exhausted: more than was announced.
  [[nodiscard]] virtual expected<void> write(bytes_view octets) = 0;
  /// Verifies the maker's signature over the whole image and writes it to the slot that does not run; its version.
  /// untrusted: the signature does not verify; truncated: octets are missing; conflict: not begun. After any of these
  /// nothing is staged.
  [[nodiscard]] virtual expected<std::string> finish() = 0;
  /// The staged firmware starts next time, on trial: unless it confirms itself, the start after that is this one's.
  /// conflict: nothing is staged.
  [[nodiscard]] virtual expected<void> activate() = 0;
  /// The running firmware is good. Idempotent.
  [[nodiscard]] virtual expected<void> confirm() = 0;

 protected:
  update_slot() = default;
};

}  // namespace smgw::ports
