// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/panel.hpp"

#include "actors/ask.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/platform/watchdog_feeder.hpp"

#include <optional>

namespace smgw {
namespace {

constexpr std::chrono::seconds look_every{2};

using value = status_report::value;

const value* field(const status_report& r, std::string_view name) {
  for (const auto& [key, content] : r.fields)
    if (key == name) return &content;
  return nullptr;
}
std::string_view text(const status_report& r, std::string_view name) {
  const auto* found = field(r, name);
  const auto* words = found == nullptr ? nullptr : std::get_if<std::string>(found);
  return words == nullptr ? std::string_view{} : std::string_view{*words};
}
std::int64_t number(const status_report& r, std::string_view name) {
  const auto* found = field(r, name);
  const auto* count = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
  return count == nullptr ? 0 : *count;
}

/// How many there are, and how many of them are well.
struct tally {
  int all = 0, well = 0;
  void add(bool good) {
    ++all;
    well += good ? 1 : 0;
  }
  [[nodiscard]] ports::lamp lamp() const {
    if (all == 0) return ports::lamp::off;
    return all == well ? ports::lamp::on : ports::lamp::blinking;
  }
};

}  // namespace

ports::lamps lamps_of(const gateway_status& status, const std::set<std::string>& radios) {
  constexpr std::string_view link = "link ", market = "market ";
  tally wired, wireless;
  bool connected = false, failing = false, waiting = false;
  for (const auto& r : status.reports) {
    const std::string_view who = r.who;
    if (who.starts_with(link))
      (radios.contains(std::string(who.substr(link.size()))) ? wireless : wired).add(text(r, "state") == "open");
    if (who.starts_with(market)) {
      connected = connected || text(r, "state").starts_with("connected");
      failing = failing || !text(r, "last error").empty();
    }
    if (who == "outbox") waiting = number(r, "waiting") > 0;
  }
  const auto wan = failing && waiting && !connected ? ports::lamp::blinking
                   : connected                      ? ports::lamp::on
                                                    : ports::lamp::off;
  return {.power = all_answered(status) ? ports::lamp::on : ports::lamp::blinking,
          .wan = wan,
          .wired = wired.lamp(),
          .wireless = wireless.lamp()};
}

struct panel_core {
  using pointer = panel_actor::stateful_pointer<panel_state>;
  panel_core(pointer actor, panel_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  panel_parts parts;
  std::optional<ports::lamps> shown;
  std::int64_t changes = 0, failures = 0;

  void look() {
    self->delayed_send(self, look_every, wake{});
    ask(
        self, parts.status, report_budget + std::chrono::seconds{1}, query_status{},
        [this](const gateway_status& s) { show(lamps_of(s, parts.radios)); },
        [this](const error&) { show({.power = ports::lamp::blinking}); });
  }

  void show(const ports::lamps& now) {
    if (shown == now) return;
    const auto done = parts.display->show(now);
    if (done) {
      ++changes;
      shown = now;
    } else if (++failures == 1) {
      parts.announce("panel", "the display does not show: " + done.error().what);
    }
  }

  [[nodiscard]] status_report report() const { return {"panel", {{"changes", changes}, {"failures", failures}}}; }
};

panel_actor::behavior_type panel(panel_actor::stateful_pointer<panel_state> self, panel_parts parts) {
  guard(self);
  self->state.core = std::make_shared<panel_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->look();
  return {[core](const query_status&) { return core->report(); }, [core](const wake&) { core->look(); }};
}

}  // namespace smgw
