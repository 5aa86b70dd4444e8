// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The parts of PROXY: who calls it and what it records (proxy.cpp), and whom it calls (proxy_calls.cpp).

#include "actors/cls/proxy.hpp"
#include "actors/cls/volumes.hpp"

#include <set>
#include <thread>

namespace smgw::cls {

struct proxy_core {
  using pointer = proxy_actor::stateful_pointer<proxy_state>;

  proxy_core(pointer actor, proxy_parts given, calendar::legal_time zone);

  /// A connection's thread, and whose it is if the gateway began it.
  struct relay {
    std::optional<std::size_t> route;
    std::jthread thread;
  };
  /// A connection that the gateway keeps.
  struct kept {
    std::chrono::seconds pause = first_pause;
    bool busy = false;
  };

  pointer self;
  proxy_parts parts;
  std::shared_ptr<route_book> book;
  volumes carried;
  std::shared_ptr<const relay_world> world;
  std::map<std::uint64_t, relay> relays;
  std::map<std::size_t, kept> keeping;
  std::set<std::string> doubted;  ///< profiles whose controllable system was not where its name led
  std::uint64_t next = 0;
  bool saving = false;
  std::int64_t opened = 0, refused = 0, octets = 0;

  void begin();
  void open();
  void come_in(const home_connection& c);
  void over(const relay_over& m);
  void woken(std::uint64_t round);
  [[nodiscard]] status_report report() const;

  /// For a market participant (HKS4).
  [[nodiscard]] expected<proxy_opening> on_demand(const open_proxy& m);
  /// What the gateway keeps connected, within the times of the profile (HKS5).
  void keep(std::size_t i);
  void again(std::size_t i, std::chrono::milliseconds pause);
  /// The gateway calls: the controllable system is at its address, or where its name leads now.
  void connect(std::size_t i);
  void call(std::size_t i, std::vector<profile::endpoint> at);
  /// What the gateway keeps connected is tried again.
  void ended(std::size_t i);
  /// One that the gateway was to begin.
  void not_opened(const route& r, socks::reply_code code, const error& e);

  void heard(const relay_report& r);
  void remember(const relay_report& r, bool good);
  void record(const relay_report& r, bool good, const std::string& text);
  void save();

  [[nodiscard]] bool full() const { return relays.size() >= parts.connections; }
  /// A relay on a thread of its own, which says when it is over.
  template <class Work>
  void start(std::optional<std::size_t> route, Work work) {
    const auto number = ++next;
    auto& made = relays[number];
    made.route = route;
    made.thread = std::jthread([number, work = std::move(work),
                                me = caf::actor_cast<caf::actor>(proxy_actor{self})](const std::stop_token& stop) {
      work(stop);
      caf::anon_send(me, relay_over{number});
    });
  }
};

/// Timers of PROXY; from `keep_first` on those of the connections that the gateway keeps, by their place in the book.
inline constexpr std::uint64_t open_door = 1, save_volumes = 2, keep_first = 16;

}  // namespace smgw::cls
