// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Simulated meters over TCP or a pseudo-terminal: SML as an optical head delivers it, or what another kind sends; and
/// meters that answer, as those on a wired bus do.

#include "household.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace smgw::sim {

/// One telegram (open, GetList response, close) of an electricity meter at an instant, transport framing included.
[[nodiscard]] bytes meter_telegram(const device_id& meter, const household& home, timestamp at,
                                   std::uint32_t second_index);

struct meter_options {
  device_id id;
  std::uint64_t seed = 1;
  std::chrono::milliseconds interval{1000};  ///< between telegrams
  std::string tcp_host = "127.0.0.1";
  std::uint16_t tcp_port = 0;  ///< 0: any free port, unless `device` is set
  std::string device;          ///< path of a symbolic link to a pseudo-terminal; empty: TCP
  bytes replay;                ///< sent instead of telegrams of its own: a capture
  /// What goes out each time instead of an SML telegram (and with which number, from 1). Called from its thread.
  std::function<bytes(timestamp, std::uint32_t)> telegram{};
  /// What is said to octets that came, or to none: called for those, and each 5 ms. Called from its thread.
  std::function<bytes(bytes_view)> converse{};
  /// What goes out in place of a telegram: garbage, or nothing at all. Empty: the telegram. Called from its thread.
  std::function<bytes(bytes)> disturb;
};

/// A meter that pushes its telegrams to whoever listens.
class meter {
 public:
  [[nodiscard]] static expected<std::unique_ptr<meter>> start(meter_options options);
  ~meter();
  [[nodiscard]] std::uint16_t port() const noexcept;  ///< of TCP
  [[nodiscard]] std::uint64_t telegrams() const noexcept;

 private:
  struct impl;
  explicit meter(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
