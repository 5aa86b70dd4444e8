// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/proxy.hpp"

#include "actors/ask.hpp"
#include "actors/cls/volumes.hpp"
#include "actors/io/door.hpp"
#include "protocols/mdns/querier.hpp"

#include <algorithm>
#include <set>
#include <thread>

namespace smgw::cls {
namespace {

using namespace std::chrono;
using profile::proxy_direction;

constexpr seconds record_budget{30};
constexpr seconds listen_pause{5};
constexpr seconds look_up_budget = mdns::errand_budget + seconds{3};
/// Timers; from `keep_first` on those of the connections that the gateway keeps, by their place in the book.
constexpr std::uint64_t open_door = 1, save_volumes = 2, keep_first = 16;

}  // namespace

struct proxy_core {
  using pointer = proxy_actor::stateful_pointer<proxy_state>;

  proxy_core(pointer actor, proxy_parts given, calendar::legal_time zone)
      : self(actor),
        parts(std::move(given)),
        book(std::make_shared<route_book>(std::move(parts.routes), std::move(zone))),
        carried(actor, book, parts.store) {
    const auto report = [me = caf::actor_cast<caf::actor>(proxy_actor{self})](const relay_report& r) {
      caf::anon_send(me, relay_said{r});
    };
    world = std::make_shared<const relay_world>(relay_world{book, parts.door, parts.now, report});
  }

  /// A connection's thread, and whose it is if the gateway began it.
  struct relay {
    std::optional<std::size_t> route;
    std::jthread thread;
  };
  /// A connection that the gateway keeps.
  struct kept {
    seconds pause = first_pause;
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

  void begin() {
    carried.load([this] {
      if (parts.listen) open();
      for (std::size_t i = 0; i < book->all().size(); ++i)
        if (book->all()[i].rule.initiated_by == proxy_direction::gateway) keep(i);
    });
  }

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

  [[nodiscard]] bool full() const { return relays.size() >= parts.connections; }

  void come_in(const home_connection& c) {
    if (full()) {
      ++refused;
      return;  // the descriptor closes
    }
    start({}, [w = world, stream = c.stream, source = c.source](const std::stop_token& stop) {
      serve(*w, std::move(*stream), source, stop);
    });
  }

  expected<proxy_opening> on_demand(const open_proxy& m) {
    const auto* r = book->find(m.profile);
    if (r == nullptr) return fail(errc::conflict, m.profile + ": no such proxy profile");
    if (r->rule.initiated_by != proxy_direction::market_participant)
      return fail(errc::denied, m.profile + ": the profile does not let the market participant begin");
    if (auto now = book->admits(*r, parts.now()); !now) {
      not_opened(*r, socks::reply_code::no_profile, now.error());
      return fail(now.error().code, m.profile + ": " + now.error().what);
    }
    if (full()) return fail(errc::unavailable, "too many connections");
    connect(static_cast<std::size_t>(r - book->all().data()));
    return proxy_opening{};
  }

  /// What the gateway keeps connected, within the times of the profile (HKS5).
  void keep(std::size_t i) {
    auto& k = keeping[i];
    if (k.busy) return;
    const auto& r = book->all()[i];
    const auto now = parts.now();
    if (!book->admits(r, now)) {
      const auto left = book->next_change(r, now) - now;
      return again(i, ceil<milliseconds>(std::min<timestamp::duration>(left, longest_wait)));
    }
    if (full()) return again(i, k.pause);
    k.busy = true;
    connect(i);
  }

  void again(std::size_t i, milliseconds pause) { self->delayed_send(self, pause, wake{keep_first + i}); }

  /// The gateway calls: the controllable system is at its address, or where its name leads now.
  void connect(std::size_t i) {
    const auto& r = book->all()[i];
    const bool service = !r.rule.cls_service.empty();
    if (!service && !r.rule.cls_address->is_local()) return call(i, {*r.rule.cls_address});
    const auto failed = [this, i](const error& e) {
      not_opened(book->all()[i], socks::reply_code::unreachable, e);
      ended(i);
    };
    const auto names = parts.find_responder();
    if (!names) return failed({errc::unavailable, "nobody looks up names in the home network"});
    ask(
        self, names, look_up_budget,
        resolve_name{service ? r.rule.cls_service : r.rule.cls_address->host, service, doubted.contains(r.rule.id)},
        [this, i, port = service ? 0 : r.rule.cls_address->port](const name_addresses& found) {
          std::vector<profile::endpoint> at;
          for (const auto& h : found.hosts)
            at.push_back({h, static_cast<std::uint16_t>(port != 0 ? port : found.port)});
          call(i, std::move(at));
        },
        failed);
  }

  void call(std::size_t i, std::vector<profile::endpoint> at) {
    start(i, [w = world, r = &book->all()[i], at = std::move(at)](const std::stop_token& stop) {
      connect_both(*w, *r, at, stop);
    });
  }

  void over(const relay_over& m) {
    const auto at = relays.find(m.number);
    if (at == relays.end()) return;
    const auto route = at->second.route;
    relays.erase(at);
    if (route) ended(*route);
  }

  /// What the gateway keeps connected is tried again.
  void ended(std::size_t i) {
    if (book->all()[i].rule.initiated_by != proxy_direction::gateway) return;
    auto& k = keeping[i];
    k.busy = false;
    again(i, k.pause);
  }

  /// One that the gateway was to begin.
  void not_opened(const route& r, socks::reply_code code, const error& e) {
    heard({.profile = r.rule.id,
           .source = "gateway",
           .destination = r.rule.local_server_name,
           .code = code,
           .why = e.what});
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
    remember(r, good);
    record(r, good, text);
  }

  void remember(const relay_report& r, bool good) {
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

  void record(const relay_report& r, bool good, const std::string& text) {
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

  void save() {
    saving = carried.save([this](const error& e) { parts.announce("proxy", "volume not kept: " + e.what); });
    if (saving) self->delayed_send(self, volume_pause, wake{save_volumes});
  }

  void woken(std::uint64_t round) {
    if (round == open_door) open();
    if (round == save_volumes) save();
    if (round >= keep_first) keep(static_cast<std::size_t>(round - keep_first));
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
