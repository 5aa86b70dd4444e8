// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <smgw/types.hpp>

namespace smgw {

/// What the machine starts from.
enum class slot_state : std::uint8_t {
  settled,  ///< the running firmware is confirmed
  staged,   ///< the other slot will be started next, on trial
  trial,    ///< the running firmware was started on trial and is not confirmed yet
};

/// Where firmware is written while the gateway runs from the other place: a partition, a volume, a directory.
/// The gateway calls from one thread of its own; every function may block as long as the device needs.
/// Errors: unavailable (the device does not answer), exhausted (no space), conflict (not in this state).
class update_slot {
 public:
  virtual ~update_slot() = default;
  /// Octets of the image so far: an interrupted transfer goes on behind them.
  [[nodiscard]] virtual expected<std::uint64_t> size() = 0;
  /// Forgets what was written; the slot that runs stays as it is.
  [[nodiscard]] virtual expected<void> clear() = 0;
  /// Adds to the end of the image; on the device when this returns.
  [[nodiscard]] virtual expected<void> append(bytes_view data) = 0;
  /// At most `most` octets from `offset` on; fewer at the end.
  [[nodiscard]] virtual expected<bytes> read(std::uint64_t offset, std::size_t most) = 0;
  /// The image is started at the next start of the machine, on trial: without `confirm` the start after that is the
  /// old one again.
  [[nodiscard]] virtual expected<void> activate() = 0;
  /// The firmware on trial stays.
  [[nodiscard]] virtual expected<void> confirm() = 0;
  /// Back to the firmware before, at the next start.
  [[nodiscard]] virtual expected<void> roll_back() = 0;
  [[nodiscard]] virtual expected<slot_state> state() = 0;
};

}  // namespace smgw
