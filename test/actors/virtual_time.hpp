// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Actors under CAF's test scheduler: nothing runs and no time passes unless the test says so.

#include <smgw/types.hpp>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace smgw::test {

struct virtual_time {
  struct configuration : caf::actor_system_config {
    configuration() { set("scheduler.policy", caf::atom("testing")); }
  };

  configuration config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  caf::scoped_actor self{system};
  timestamp epoch{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  caf::actor_clock::time_point start = system.clock().now();

  /// The wall clock of this world; it moves with `advance`.
  [[nodiscard]] timestamp now() const {
    return epoch + std::chrono::duration_cast<std::chrono::milliseconds>(system_clock_now() - start);
  }
  [[nodiscard]] caf::actor_clock::time_point system_clock_now() const {
    return const_cast<caf::actor_system&>(system).clock().now();
  }

  void run() { scheduler.run(); }
  void advance(std::chrono::milliseconds by) {
    scheduler.advance_time(by);
    scheduler.run();
  }
  /// Ends an actor and lets the rest hear of it.
  template <class Handle>
  void stop(const Handle& who) {
    self->send_exit(who, caf::exit_reason::user_shutdown);
    run();
  }
};

}  // namespace smgw::test
