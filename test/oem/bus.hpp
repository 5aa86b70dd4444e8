// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The maker's own bus to its meters, as its driver offers it: two ends of a wire with a buffer each.

#include <smgw/ports/serial_port.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace acme {

/// One direction of the wire.
class fifo {
 public:
  void put(smgw::bytes_view octets);
  /// Waits at most `patience`; empty: nothing came.
  smgw::bytes take(std::size_t most, std::chrono::milliseconds patience);
  void cut();
  [[nodiscard]] bool is_cut() const;

 private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  std::deque<std::uint8_t> waiting_;
  bool cut_ = false;
};

struct wire {
  fifo to_gateway, to_meter;
};

/// The gateway's end.
class bus_port final : public smgw::ports::serial_port {
 public:
  explicit bus_port(std::shared_ptr<wire> w) : wire_(std::move(w)) {}
  smgw::expected<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds patience) override;
  smgw::expected<void> write(smgw::bytes_view octets, std::chrono::milliseconds patience) override;

 private:
  std::shared_ptr<wire> wire_;
};

}  // namespace acme
