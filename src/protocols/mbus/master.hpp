// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Master of a wired M-Bus, sans-IO: link reset, then readout of one slave (EN 13757-2, 5.5; -3, 6.1).

#include "protocols/mbus/secondary.hpp"
#include "protocols/mbus/wired_frame.hpp"

#include <optional>

namespace smgw::mbus {

/// Tries of one request; EN 13757-2 asks for two repetitions.
inline constexpr unsigned master_tries = 3;
/// Waiting time for an answer: 330 bit times + 50 ms (EN 13757-2, 5.5), at 300 Bd.
inline constexpr std::chrono::milliseconds master_timeout{1150};
/// Most telegrams one readout may have (each announces the next with DIF 1F).
inline constexpr unsigned max_telegrams = 16;

/// Reads one slave: SND_NKE, then REQ_UD2 until the last telegram. The caller sends `transmit`, feeds what the bus
/// says and calls tick() at `wake_at`.
class master {
 public:
  struct output {
    bytes transmit;
    std::vector<bytes> received;  ///< whole long frames, in order; those of mode 2 as they are in mode 1
    std::optional<time_point> wake_at;
    bool done = false;
  };
  /// `address` is a primary address (0 to 250).
  explicit master(std::uint8_t address) : address_(address) {}
  /// Selects the slave in place of the reset, then reads it at address 253.
  explicit master(const selection& whom) : address_(selected_address), selection_(whom) {}

  /// Starts over.
  [[nodiscard]] output start(time_point now);
  /// The bus said this. Noise and frames of other slaves are passed over; the request goes on until its time is up.
  /// Exhausted: the slave sends without end.
  [[nodiscard]] expected<output> feed(bytes_view in, time_point now);
  /// The time is up: repeats the request; unavailable after `master_tries`.
  [[nodiscard]] expected<output> tick(time_point now);

 private:
  enum class phase : std::uint8_t { idle, resetting, reading };
  output request(time_point now);
  output after_reset(time_point now);
  expected<output> after_telegram(const wired_frame& f, bytes_view whole, time_point now);

  std::uint8_t address_;
  std::optional<selection> selection_;
  phase phase_ = phase::idle;
  bool frame_count_bit_ = true;
  unsigned tries_ = 0;
  unsigned telegrams_ = 0;
  bytes pending_;
  std::optional<time_point> wake_at_;
};

}  // namespace smgw::mbus
