// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The parts of FIRMWARE: the phases and what follows from each (firmware_loader.cpp), what has to be true before a
/// step counts (firmware_check.cpp), and the way of an image here (firmware_fetch.cpp).

#include "actors/wan/firmware_loader.hpp"
#include "protocols/http/client_exchange.hpp"

namespace smgw {

struct firmware_core {
  using pointer = firmware_actor::stateful_pointer<firmware_state>;

  firmware_core(pointer actor, firmware_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  firmware_parts parts;
  std::unique_ptr<update_slot> slot;
  firmware::progress at;
  channel_actor channel;
  std::optional<http::client_exchange> exchange;
  std::uint64_t round = 0;
  unsigned failures = 0;
  std::chrono::minutes trial_left{0};
  std::string last_error;

  /// Timers; those of the connection carry its round, too.
  static constexpr std::uint64_t fetch_again = 1, no_answer = 2, trial_over = 3;

  /// Where was it?
  void start();
  void resume(firmware::progress stored);
  using after_step = std::function<void(expected<void>)>;
  /// The new phase is on disk, with its record, before anything follows from it.
  void take(firmware::step by, after_step done = [](const expected<void>&) {});
  [[nodiscard]] ledger::record record_of(firmware::step by) const;
  void follow();
  void begin_trial();
  void watch_trial();
  /// Where the device keeps the slots, UPDATE confirms a firmware that has proved itself; else the administrator does.
  void look_at_trial();
  void timer(const wake& w);

  caf::result<firmware_report> order(const order_firmware& m);
  /// What has to be true, and be done, before the step counts.
  [[nodiscard]] expected<void> prepare(const order_firmware& m);
  [[nodiscard]] expected<void> begin(bytes_view message);
  void verify();

  void fetch();
  void dial();
  void request(std::uint64_t from);
  void received(const channel_received& m);
  /// Only the part that was asked for, at the place where it belongs.
  [[nodiscard]] expected<void> keep(const http::response& r);
  void failed(const error& why);
  [[nodiscard]] bool current() const;
  void opened();
  void closed(const channel_closed& m);
  void hang_up();
  void arm(std::uint64_t what, std::chrono::milliseconds after);

  void announce() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] status_report report() const;
};

}  // namespace smgw
