// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The parts of ADMINISTRATOR: its requests and answers (administrator.cpp), the connection on which they come
/// (administrator_line.cpp), and what is tried before it counts (administrator_trial.cpp).

#include "actors/wan/administrator.hpp"
#include "actors/wan/management_request.hpp"
#include "protocols/http/server_exchange.hpp"

namespace smgw {

struct administrator_core {
  using pointer = administrator_actor::stateful_pointer<administrator_state>;

  administrator_core(pointer actor, administrator_parts given)
      : self(actor), parts(std::move(given)), desk(actor, parts) {}

  pointer self;
  administrator_parts parts;
  management_desk desk;
  profile::wan peer;
  channel_actor channel;
  bool open = false;
  std::string session;
  unsigned attempts = 0;
  std::optional<http::server_exchange> exchange;
  std::uint64_t connection = 0;              ///< which one: an answer that comes late belongs to none
  std::shared_ptr<const tree_parts> former;  ///< the way back, until the profile in force has worked
  bool trial_due = false;                    ///< the new address is tried once this connection ends
  bool by_former = false;                    ///< this connection, or attempt, is by the former profile
  std::int64_t connections = 0, requests = 0, refused = 0, ignored = 0;
  std::string last_error;
  bool trial = false;          ///< this connection is made with the certificates that wait
  bool waited = false;         ///< they waited already when it was opened
  std::string trial_failure;   ///< why the trial before did not reach the administrator
  unsigned failed_trials = 0;  ///< after which the certificates in force did

  static constexpr std::chrono::seconds record_budget{30};
  /// Timers; each carries the connection that it is for.
  static constexpr std::uint64_t dial_again = 1, exchange_tick = 2, dial_over = 3;

  /// Is there a way back from an address that was told, but never reached?
  void start();
  void remember(const std::optional<bytes>& stored);
  /// Reached by the profile in force: the way back is not needed any more.
  void give_up_former();
  void try_new_address();
  /// The gateway's own certificates that wait (TR-03109-4: in force once they have worked).
  [[nodiscard]] bool next_waits() const;
  /// New certificates have come: nobody has to wake the gateway for them.
  void try_next();
  void settle(bool worked);
  void lost(const std::string& why);

  void wanted();
  void dial();
  [[nodiscard]] bool current() const;
  void opened(const channel_opened& m);
  void closed(const channel_closed& m);
  /// The administrator has asked for this connection: a few tries, then it wakes the gateway again.
  void again();
  void hang_up();
  void drop();
  void timer(const wake& w);

  void received(const channel_received& m);
  void take(http::server_exchange::output out);
  void answer(std::uint64_t asked, http::response r);

  void announce(const std::string& what) const;
  void note(ledger::event what, ledger::outcome outcome, std::string text);
  [[nodiscard]] status_report report() const;
};

}  // namespace smgw
