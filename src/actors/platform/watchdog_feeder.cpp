// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/watchdog_feeder.hpp"

#include "actors/ask.hpp"
#include "actors/platform/status_board.hpp"

#include <algorithm>

namespace smgw {

struct feeder_core {
  using pointer = feeder_actor::stateful_pointer<feeder_state>;
  feeder_core(pointer actor, feeder_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  feeder_parts parts;
  std::chrono::milliseconds every{0};  ///< 0: there is no watchdog
  std::int64_t fed = 0, withheld = 0;

  void arm() {
    const auto within = parts.watchdog->arm();
    if (!within) return parts.announce("watchdog", "not armed: " + within.error().what);
    every = std::max(*within / 3, std::chrono::milliseconds{10});
    parts.announce("watchdog", "armed: " + std::to_string(within->count()) + " ms");
    look();
  }

  void look() {
    self->delayed_send(self, every, wake{});
    ask(
        self, parts.status, report_budget + std::chrono::seconds{1}, query_status{},
        [this](const gateway_status& s) { all_answered(s) ? feed() : withhold("an actor does not answer"); },
        [this](const error& e) { withhold(e.what); });
  }

  void feed() {
    ++fed;
    parts.watchdog->feed();
  }
  void withhold(const std::string& why) {
    ++withheld;
    parts.announce("watchdog", "not fed: " + why);
  }

  [[nodiscard]] status_report report() const {
    return {"watchdog", {{"state", every.count() == 0 ? "none" : "armed"}, {"fed", fed}, {"withheld", withheld}}};
  }
};

bool all_answered(const gateway_status& status) {
  return !status.reports.empty() &&
         std::ranges::none_of(status.reports, [](const status_report& r) { return r.who == silent_report; });
}

feeder_actor::behavior_type watchdog_feeder(feeder_actor::stateful_pointer<feeder_state> self, feeder_parts parts) {
  guard(self);
  self->state.core = std::make_shared<feeder_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->arm();
  return {[core](const query_status&) { return core->report(); }, [core](const wake&) { core->look(); }};
}

}  // namespace smgw
