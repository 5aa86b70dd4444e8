// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/time_sync.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/wan/market.hpp"
#include "protocols/ntp/client.hpp"

#include <random>

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{30};
constexpr std::uint64_t poll = 1, give_up = 2, reserve_over = 3;

ntp::ntp_time random_question() {
  std::random_device source;  // the kernel's generator
  const auto value = (ntp::ntp_time{source()} << 32) | source();
  return value == 0 ? 1 : value;
}

}  // namespace

profile::wan peer_of(const profile::time& t) {
  profile::wan w;
  w.name = t.name;
  w.id = time_peer;
  w.role = profile::wan_role::administrator;
  w.peer = t.server;
  w.tls_sni = t.tls_sni;
  w.tls_certificate = t.tls_certificate;
  return w;
}

struct time_sync_core {
  using pointer = time_sync_actor::stateful_pointer<time_sync_state>;

  time_sync_core(pointer actor, time_sync_parts given)
      : self(actor),
        parts(std::move(given)),
        client({.maximum_round_trip = parts.server.maximum_round_trip, .maximum_step = parts.server.maximum_step}) {}

  pointer self;
  time_sync_parts parts;
  ntp::client client;
  std::optional<timekeeping::keeper> keeper;
  channel_actor channel;
  bool asked = false;
  std::uint64_t round = 0;
  std::int64_t answers = 0, failures = 0, last_offset = 0;
  std::string last_error;

  void start() {
    ask(
        self, parts.store, store_budget, read_state{std::string(time_state)},
        [this](const state_value& stored) { begin(stored); }, [this](const error& e) { self->quit(to_caf(e)); });
  }

  /// After a restart of the process alone the reserve goes on where it was.
  void begin(const state_value& stored) {
    keeper.emplace(timekeeping::rules{.limit = parts.limit}, timekeeping::decode(stored.value, parts.clock->start()));
    const auto raw = parts.clock->raw();
    const auto& known = keeper->known();
    if (!known || !keeper->valid(raw)) {
      parts.conditions->raise(state::condition::time_invalid, parts.clock->now());
      return ask_server();
    }
    parts.clock->set(known->offset);
    accept_state();
    const auto next = std::chrono::duration_cast<std::chrono::milliseconds>(parts.server.poll) - (raw - known->at);
    arm(poll, std::max<std::chrono::milliseconds>(next, std::chrono::milliseconds{1}));
  }

  // --- one question and its answer

  void ask_server() {
    ++round;
    asked = false;
    channel = parts.dial(self->system(), self);
    arm(give_up, dial_budget + parts.server.maximum_round_trip);
  }

  [[nodiscard]] bool current() const {
    return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
  }

  void opened(const channel_opened&) {
    if (!current()) return;
    const auto request = client.request(parts.clock->now(), self->clock().now(), random_question());
    asked = true;
    self->send(channel, channel_write{bytes(request.begin(), request.end())});
  }

  void received(const channel_received& m) {
    if (!current() || !asked) return;
    auto got = client.feed(m.data, parts.clock->now(), self->clock().now(), parts.clock->valid());
    if (!got) return failed(got.error());
    if (*got) correct(**got);
  }

  void closed(const channel_closed& m) {
    if (!current()) return;
    channel = nullptr;
    failed(m.reason);
  }

  void correct(const ntp::measurement& m) {
    hang_up();
    ++answers;
    last_error.clear();
    last_offset = m.offset.count();
    const auto raw = parts.clock->raw();
    const auto what = keeper->take(parts.clock->now(), m.offset, m.maximum_error, raw, m.stratum, m.reference_id);
    // Wrong by more than the limit, and set at once: both changes of state are for the logs (overview 1.4).
    if (what == timekeeping::verdict::set)
      parts.conditions->raise(state::condition::clock_deviation, parts.clock->now());
    parts.clock->set(keeper->known()->offset);
    accept_state();
    parts.conditions->clear(state::condition::clock_deviation, parts.clock->now());
    note(what, m);
    arm(poll, std::max(parts.server.poll, shortest_poll));
  }

  /// The clock is as good as what is kept: for everyone who reads it, and until when.
  void accept_state() {
    const auto& s = *keeper->known();
    parts.clock->set_valid(true);
    parts.conditions->clear(state::condition::time_invalid, parts.clock->now());
    parts.clock->set_served({.synchronised = true,
                             .upstream_stratum = s.stratum,
                             .reference_id = s.reference_id,
                             .root_dispersion = s.error,
                             .last_synchronised = timestamp{s.at + s.offset}});
    const auto left = *keeper->valid_until() - parts.clock->raw() + std::chrono::milliseconds{1};
    self->delayed_send(self, std::max(left, std::chrono::milliseconds{1}), wake{reserve_over});
  }

  void failed(const error& why) {
    hang_up();
    ++failures;
    last_error = why.what;
    parts.announce("time", "not synchronised: " + why.what);
    record(ledger::make(ledger::event::time_sync_failed, ledger::outcome::failure, parts.clock->now(), why.what),
           nullptr);
    arm(poll, shortest_poll);
  }

  void hang_up() {
    if (channel) self->send(channel, channel_close{});
    channel = nullptr;
    asked = false;
    ++round;
  }

  void arm(std::uint64_t what, std::chrono::milliseconds after) {
    self->delayed_send(self, after, wake{what + (round << 2)});
  }

  void timer(const wake& w) {
    if (w.round == reserve_over) return check_reserve();
    if (w.round >> 2 != round) return;
    if ((w.round & 3) == poll) return ask_server();
    failed({errc::expired, "the time server does not answer"});
  }

  void check_reserve() {
    if (!parts.clock->valid() || keeper->valid(parts.clock->raw())) return;
    parts.clock->set_valid(false);
    parts.conditions->raise(state::condition::time_invalid, parts.clock->now());
    parts.announce("time", "the reserve is over: the time is not valid");
    record(ledger::make(ledger::event::time_validity, ledger::outcome::failure, parts.clock->now(),
                        "the reserve is over: the time is not valid"),
           nullptr);
  }

  // --- the record

  void note(timekeeping::verdict what, const ntp::measurement& m) {
    auto with = std::make_shared<store::batch>();
    with->put_state(std::string(time_state), timekeeping::encode(*keeper->known(), parts.clock->start()));
    const auto text = "by " + std::to_string(m.offset.count()) + " ms, error at most " +
                      std::to_string(m.maximum_error.count()) + " ms";
    const auto kind = what == timekeeping::verdict::corrected ? ledger::event::time_synchronised
                      : what == timekeeping::verdict::set     ? ledger::event::clock_set
                                                              : ledger::event::time_validity;
    parts.announce("time", (what == timekeeping::verdict::first_setting ? "set: " : "corrected ") + text);
    auto r =
        ledger::make(kind, ledger::outcome::success, parts.clock->now(),
                     (what == timekeeping::verdict::first_setting ? "time valid, set " : "clock corrected ") + text);
    r.subject = parts.server.server.text();
    record(std::move(r), std::move(with));
  }

  void record(ledger::record r, std::shared_ptr<store::batch> with) {
    ask(
        self, parts.ledger, record_budget, record_event{std::move(r), {}, std::move(with)},
        [](const event_recorded&) {}, [this](const error& e) { last_error = "not recorded: " + e.what; });
  }

  [[nodiscard]] status_report report() const {
    const auto bound = keeper ? keeper->error(parts.clock->raw()) : std::nullopt;
    return {"time",
            {{"server", parts.server.server.text()},
             {"state", std::string(parts.clock->valid() ? "valid" : "not valid")},
             {"error at most, ms", bound ? bound->count() : std::int64_t{-1}},
             {"last correction, ms", last_offset},
             {"answers", answers},
             {"failures", failures},
             {"last error", last_error}}};
  }
};

time_sync_actor::behavior_type time_sync(time_sync_actor::stateful_pointer<time_sync_state> self,
                                         time_sync_parts parts) {
  guard(self);
  self->state.core = std::make_shared<time_sync_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const channel_opened& m) { core->opened(m); },
      [core](const channel_received& m) { core->received(m); },
      [core](const channel_closed& m) { core->closed(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
