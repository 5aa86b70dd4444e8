// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/proxy.hpp"

#include "actors/ask.hpp"
#include "actors/io/door.hpp"

#include <algorithm>
#include <thread>

namespace smgw::cls {
namespace {

using namespace std::chrono;

constexpr seconds record_budget{30};
constexpr seconds listen_pause{5};
constexpr std::uint64_t open_door = 1, reconnect = 2;

}  // namespace

struct proxy_core {
  using pointer = proxy_actor::stateful_pointer<proxy_state>;

  proxy_core(pointer actor, proxy_parts given) : self(actor), parts(std::move(given)) {
    world.book = std::make_shared<route_book>(std::move(parts.routes));
    world.door = parts.door;
    world.now = parts.now;
    world.report = [me = caf::actor_cast<caf::actor>(proxy_actor{self})](const relay_report& r) {
      caf::anon_send(me, relay_said{r});
    };
  }

  pointer self;
  proxy_parts parts;
  relay_world world;
  std::map<std::uint64_t, std::jthread> relays;
  std::uint64_t next = 0;
  std::map<std::string, seconds> pauses;  ///< of the connections that the gateway keeps
  std::int64_t opened = 0, refused = 0, octets = 0;

  void open() {
    auto listener = io::listen_tcp(parts.listen->host, parts.listen->port);
    if (!listener) {
      parts.announce("proxy", "not open: " + listener.error().what);
      self->delayed_send(self, listen_pause, wake{open_door});
      return;
    }
    const auto port = io::local_port(*listener);
    self->link_to(io::spawn_acceptor(
        self->system(), std::move(*listener),
        [me = caf::actor_cast<caf::actor>(proxy_actor{self})](io::descriptor stream, std::string source) {
          caf::anon_send(me, home_connection{std::make_shared<io::descriptor>(std::move(stream)), std::move(source)});
        }));
    parts.announce("proxy", "open on port " + std::to_string(port));
  }

  /// A relay on a thread of its own, which says when it is over.
  template <class Work>
  void start(Work work) {
    const auto number = ++next;
    relays.emplace(number, [number, work = std::move(work),
                            me = caf::actor_cast<caf::actor>(proxy_actor{self})](const std::stop_token& stop) {
      work(stop);
      caf::anon_send(me, relay_over{number});
    });
  }

  void come_in(const home_connection& c) {
    if (relays.size() >= max_relays) {
      ++refused;
      return;  // the descriptor closes
    }
    start([w = world, stream = c.stream, source = c.source](const std::stop_token& stop) {
      serve(w, std::move(*stream), source, stop);
    });
  }

  void keep_connected(const route& r) {
    start([w = world, &r](const std::stop_token& stop) { connect_both(w, r, stop); });
  }

  void begin() {
    if (parts.listen) open();
    for (const auto& r : world.book->all())
      if (r.rule.initiated_by == profile::proxy_direction::gateway) keep_connected(r);
  }

  expected<proxy_opening> on_demand(const open_proxy& m) {
    const auto* r = world.book->find(m.profile);
    if (r == nullptr) return fail(errc::conflict, m.profile + ": no such proxy profile");
    if (r->rule.initiated_by != profile::proxy_direction::market_participant)
      return fail(errc::denied, m.profile + ": the profile does not let the market participant begin");
    if (relays.size() >= max_relays) return fail(errc::exhausted, "too many connections");
    keep_connected(*r);
    return proxy_opening{};
  }

  void heard(const relay_report& r) {
    const bool good = r.code == socks::reply_code::connected;
    const auto what = r.profile.empty() ? std::string{"proxy channel"} : "proxy channel " + r.profile;
    std::string text;
    if (r.opened) {
      ++opened;
      text = what + " opened by " + r.source + " to " + r.destination;
    } else if (good) {
      octets += static_cast<std::int64_t>(r.to_market + r.to_system);
      text = what + " ended: " + r.why + "; " + std::to_string(r.to_market) + " octets to the market participant, " +
             std::to_string(r.to_system) + " to the controllable system";
    } else {
      ++refused;
      text = what + " of " + r.source + (r.destination.empty() ? "" : " to " + r.destination) +
             " refused: " + std::string(to_string(r.code)) + ", " + r.why;
    }
    parts.announce("proxy", text);
    auto record = ledger::make(ledger::event::proxy, good ? ledger::outcome::success : ledger::outcome::failure,
                               parts.now(), text.substr(0, ledger::max_text));
    record.subject = r.source;
    record.destination = r.destination;
    ask(
        self, parts.ledger, record_budget, record_event{std::move(record), {}, nullptr}, [](const event_recorded&) {},
        [this](const error& e) { parts.announce("proxy", "not recorded: " + e.what); });
    if (!r.opened) again(r.profile, good);
  }

  /// What the gateway keeps connected is tried again.
  void again(const std::string& profile, bool good) {
    const auto* r = world.book->find(profile);
    if (r == nullptr || r->rule.initiated_by != profile::proxy_direction::gateway) return;
    auto& pause = pauses[profile];
    pause = good ? first_pause : std::clamp(pause * 2, first_pause, last_pause);
    self->delayed_send(self, pause, wake{reconnect});
  }

  void call_again() {
    for (const auto& r : world.book->all())
      if (r.rule.initiated_by == profile::proxy_direction::gateway && world.book->inside(r) == 0) keep_connected(r);
  }

  [[nodiscard]] status_report report() const {
    return {"proxy",
            {{"connections", static_cast<std::int64_t>(relays.size())},
             {"opened", opened},
             {"refused", refused},
             {"octets", octets}}};
  }
};

proxy_actor::behavior_type proxy(proxy_actor::stateful_pointer<proxy_state> self, proxy_parts parts) {
  guard(self);
  self->state.core = std::make_shared<proxy_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->begin();
  return {
      [core](const home_connection& m) { core->come_in(m); },
      [core](const open_proxy& m) { return answer(core->on_demand(m)); },
      [core](const relay_said& m) { core->heard(m.report); },
      [core](const relay_over& m) { core->relays.erase(m.number); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) {
        if (w.round == open_door) core->open();
        if (w.round == reconnect) core->call_again();
      },
  };
}

}  // namespace smgw::cls
