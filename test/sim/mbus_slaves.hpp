// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Simulated meters on a wired M-Bus: slaves that answer at their primary address, and when they are selected by their
/// secondary address, all on one pair of wires.

#include "protocols/mbus/secondary.hpp"

#include <optional>

namespace smgw::sim {

/// A water meter.
struct mbus_slave {
  mbus::identity id;
  std::uint8_t primary = 0;  ///< 0: not configured, as it leaves the factory
  std::uint64_t seed = 1;
  bool selected = false;

  /// Characters until its telegram begins; its acknowledgement comes with that of all the others.
  [[nodiscard]] std::size_t delay() const noexcept;
  /// RSP_UD with the volume at an instant.
  [[nodiscard]] bytes telegram(timestamp at) const;
};

class mbus_slaves {
 public:
  explicit mbus_slaves(std::vector<mbus_slave> slaves) : slaves_(std::move(slaves)) {}

  /// The master said this, in pieces of any size; what the wires carry then. Answers of several slaves, each after
  /// its own delay, meet octet by octet: a space (0) wins over a mark.
  [[nodiscard]] bytes hear(bytes_view in, timestamp now);
  [[nodiscard]] std::vector<mbus_slave>& slaves() noexcept { return slaves_; }

 private:
  bytes pending_;
  std::vector<mbus_slave> slaves_;
};

}  // namespace smgw::sim
