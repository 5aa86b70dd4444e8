// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The secondary station's side of a bus: a meter, for simulators and tests.

#include "protocols/hdlc/assignment.hpp"

#include <deque>
#include <vector>

namespace smgw::hdlc {

/// A station that nobody has addressed for so long has lost its address (PROPOSED).
inline constexpr std::chrono::seconds forget_after{20};

class station {
 public:
  struct output {
    bytes transmit;
    std::vector<bytes> received;
    std::vector<bytes> datagrams;  ///< each with the poll bit: `answer_datagram`
    bool connected = false;        ///< the link was set up with this call
    bool lost = false;             ///< it was taken down
    std::optional<time_point> wake_at;
  };
  explicit station(device_id id) : id_(id) {}

  [[nodiscard]] output feed(bytes_view in, time_point now);
  [[nodiscard]] output tick(time_point now);
  /// Information for the gateway; goes out when it polls.
  void send(bytes information) { queue_.push_back(std::move(information)); }
  /// Appends the UI frame that answers one.
  void answer_datagram(bytes& transmit, bytes_view information) const;
  /// The power was away.
  void reset();

  [[nodiscard]] bool connected() const noexcept { return connected_; }
  [[nodiscard]] std::uint8_t address_now() const noexcept { return address_; }

 private:
  void take(const frame& f, time_point now, output& out);
  void take_broadcast(const frame& f, time_point now, output& out);
  void answer(output& out, std::uint8_t control, bytes_view information = {}) const;
  void numbered(const frame& f, output& out);
  [[nodiscard]] output finish(output out) const;

  device_id id_;
  frame_reader reader_;
  std::uint8_t address_ = 0;
  bool connected_ = false;
  std::uint8_t v_s_ = 0, v_r_ = 0;
  std::deque<bytes> queue_;
  bool in_flight_ = false;
  std::optional<std::pair<time_point, std::uint8_t>> slot_;  ///< when to answer a discovery, and which
  time_point heard_{};
};

}  // namespace smgw::hdlc
