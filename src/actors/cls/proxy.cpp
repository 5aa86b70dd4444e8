// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/proxy.hpp"

#include "actors/ask.hpp"
#include "actors/cls/proxy_core.hpp"
#include "actors/io/door.hpp"

#include <algorithm>
#include <utility>

namespace smgw::cls {
namespace {

using namespace std::chrono;
using profile::proxy_direction;

constexpr seconds record_budget{30};
constexpr seconds listen_pause{5};

}  // namespace

proxy_core::proxy_core(pointer actor, proxy_parts given, calendar::legal_time zone)
    : self(actor),
      parts(std::move(given)),
      book(std::make_shared<route_book>(std::move(parts.routes), std::move(zone))),
      carried(actor, book, parts.store) {
  const auto report = [me = caf::actor_cast<caf::actor>(proxy_actor{self})](const relay_report& r) {
    caf::anon_send(me, relay_said{r});
  };
  world = std::make_shared<const relay_world>(relay_world{book, parts.door, parts.now, report});
}

void proxy_core::begin() {
  carried.load([this] {
    if (parts.listen) open();
    for (std::size_t i = 0; i < book->all().size(); ++i)
      if (book->all()[i].rule.initiated_by == proxy_direction::gateway) keep(i);
  });
}

void proxy_core::open() {
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

void proxy_core::come_in(const home_connection& c) {
  if (full()) {
    ++refused;
    return;  // the descriptor closes
  }
  start({}, [w = world, stream = c.stream, source = c.source](const std::stop_token& stop) {
    serve(*w, std::move(*stream), source, stop);
  });
}

void proxy_core::heard(const relay_report& r) {
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
  remember(r, good);
  record(r, good, text);
}

void proxy_core::remember(const relay_report& r, bool good) {
  const auto* rule = book->find(r.profile);
  if (rule == nullptr) return;
  if (r.opened && rule->rule.daily_volume_limit && !std::exchange(saving, true))
    self->delayed_send(self, volume_pause, wake{save_volumes});
  if (rule->rule.initiated_by == proxy_direction::cls) return;
  if (good)
    doubted.erase(r.profile);
  else
    doubted.insert(r.profile);
  auto& pause = keeping[static_cast<std::size_t>(rule - book->all().data())].pause;
  pause = good ? first_pause : std::clamp(pause * 2, first_pause, last_pause);
}

void proxy_core::record(const relay_report& r, bool good, const std::string& text) {
  auto record = ledger::make(ledger::event::proxy, good ? ledger::outcome::success : ledger::outcome::failure,
                             parts.now(), text.substr(0, ledger::max_text));
  record.subject = r.source;
  record.destination = r.destination;
  // The end of a connection and what it added to the day are one step.
  const auto* rule = r.opened ? nullptr : book->find(r.profile);
  auto with = rule == nullptr ? nullptr : carried.change(*rule);
  ask(
      self, parts.ledger, record_budget, record_event{std::move(record), {}, std::move(with)},
      [](const event_recorded&) {}, [this](const error& e) { parts.announce("proxy", "not recorded: " + e.what); });
}

void proxy_core::save() {
  saving = carried.save([this](const error& e) { parts.announce("proxy", "volume not kept: " + e.what); });
  if (saving) self->delayed_send(self, volume_pause, wake{save_volumes});
}

void proxy_core::woken(std::uint64_t round) {
  if (round == open_door) open();
  if (round == save_volumes) save();
  if (round >= keep_first) keep(static_cast<std::size_t>(round - keep_first));
}

status_report proxy_core::report() const {
  return {"proxy",
          {{"connections", static_cast<std::int64_t>(relays.size())},
           {"opened", opened},
           {"refused", refused},
           {"octets", octets}}};
}

proxy_actor::behavior_type proxy(proxy_actor::stateful_pointer<proxy_state> self, proxy_parts parts) {
  guard(self);
  auto zone = calendar::legal_time::load();
  if (!zone) {
    self->quit(to_caf(zone.error()));
    return proxy_actor::behavior_type::make_empty_behavior();
  }
  self->state.core = std::make_shared<proxy_core>(self, std::move(parts), *std::move(zone));
  auto* core = self->state.core.get();
  core->begin();
  return {
      [core](const home_connection& m) { core->come_in(m); },
      [core](const open_proxy& m) { return answer(core->on_demand(m)); },
      [core](const relay_said& m) { core->heard(m.report); },
      [core](const relay_over& m) { core->over(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->woken(w.round); },
  };
}

}  // namespace smgw::cls
