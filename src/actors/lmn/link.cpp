// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/link.hpp"

#include "actors/ask.hpp"
#include "actors/lmn/scan.hpp"
#include "actors/reply_slot.hpp"
#include "store/database.hpp"

namespace smgw {
namespace {

constexpr std::chrono::milliseconds first_reopen{250};
constexpr std::chrono::milliseconds last_reopen{60'000};
constexpr std::chrono::seconds store_budget{30};
constexpr std::chrono::seconds restore_pause{1};
/// How far the counter on disk may lag behind (TR-03116-3 7.3, note 5): while the store is full or gone, telegrams go
/// on for so long; then they are refused.
constexpr std::chrono::hours counter_lag{12};
/// Timers: the port is opened again; the counters are read again; who asked has waited long enough; from `line_time`
/// on: the line wants to be called.
constexpr std::uint64_t reopen = 1;
constexpr std::uint64_t restore = 2;
constexpr std::uint64_t looked = 3;
constexpr std::uint64_t line_time = 4;

}  // namespace

struct link_core {
  using pointer = link_actor::stateful_pointer<link_state>;

  link_core(pointer actor, link_parts given) : self(actor), parts(std::move(given)), kept_at(parts.now()) {}

  pointer self;
  link_parts parts;
  std::unique_ptr<lmn::line> line;
  wire_actor wire;
  std::chrono::milliseconds pause = first_reopen;
  std::optional<time_point> armed;
  std::uint64_t timers = line_time;  ///< only the newest counts
  std::size_t unread = 0;            ///< counters that the store has not told yet
  timestamp kept_at;                 ///< when a counter was last written, or none was to be
  std::int64_t octets = 0, openings = 0, not_kept = 0;
  std::string last_error;
  std::vector<reply_slot<heard_list>> askers;  ///< wait for the end of a search

  [[nodiscard]] lmn::instant now() const { return {parts.now(), self->clock().now()}; }

  // --- start: what must be known before anything is believed

  void start() {
    auto made = parts.line();
    if (!made) return self->quit(to_caf(made.error()));
    line = std::move(*made);
    recall();
  }

  void recall() {
    const auto names = line->remembered();
    unread = names.size();
    if (names.empty()) return open();
    for (const auto& name : names)
      ask(
          self, parts.store, store_budget, read_state{name}, [this, name](const state_value& v) { recalled(name, v); },
          [this](const error& e) { not_recalled(e); });
  }

  void recalled(const std::string& name, const state_value& v) {
    if (v.value) line->remember(name, *v.value);
    if (unread != 0 && --unread == 0) open();
  }

  /// Without the counters nothing could be told from a replay: the port stays closed.
  void not_recalled(const error& e) {
    if (unread == 0) return;
    unread = 0;
    last_error = "the message counters cannot be read: " + e.what;
    parts.announce(parts.port, last_error);
    self->delayed_send(self, restore_pause, wake{restore});
  }

  // --- the port

  void open() {
    auto opened = parts.open(self->system(), self);
    if (!opened) return lost(opened.error());
    ++openings;
    wire = std::move(*opened);
    self->monitor(wire);
    last_error.clear();
    parts.announce(parts.port, "port open");
    work([&](lmn::output& out) { line->opened(now(), out); });
  }

  void lost(const error& why) {
    if (wire) self->demonitor(wire.address());
    wire = nullptr;
    if (last_error != why.what) parts.announce(parts.port, "port lost: " + why.what);
    last_error = why.what;
    self->delayed_send(self, pause, wake{reopen});
    pause = std::min(pause * 2, last_reopen);
    tell();
  }

  void feed(const wire_bytes& m) {
    if (!wire) return;
    octets += static_cast<std::int64_t>(m.data.size());
    work([&](lmn::output& out) { line->feed(m.data, {m.arrived, self->clock().now()}, out); });
    if (wire) self->send(wire, wire_more{});
  }

  template <class Step>
  void work(Step step) {
    lmn::output out;
    step(out);
    if (!out.telegrams.empty()) pause = first_reopen;  // a port that brings telegrams is a good port
    for (const auto& line_of_text : out.news) parts.announce(parts.port, line_of_text);
    if (out.baud && wire) self->send(wire, wire_write{{}, *out.baud});
    transmit(std::move(out.keep_first), std::move(out.transmit));
    keep(std::move(out.telegrams));
    arm();
    if (!line->looking()) tell();
  }

  void write(bytes said) {
    if (!said.empty() && wire) self->send(wire, wire_write{std::move(said)});
  }

  /// A pairing's counters and certificates are known after a crash, whatever the meter has heard of them.
  void transmit(std::vector<lmn::kept_value> first, bytes said) {
    if (first.empty()) return write(std::move(said));
    auto changes = std::make_shared<store::batch>();
    for (auto& k : first) changes->put_state(std::move(k.name), std::move(k.value));
    auto held = std::make_shared<bytes>(std::move(said));
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, held](const committed&) { write(std::move(*held)); },
        [this](const error& e) { parts.announce(parts.port, "what has to be remembered is not on disk: " + e.what); });
  }

  // --- telegrams: first their counters on disk, then on to the meters

  void keep(std::vector<lmn::output::heard> telegrams) {
    auto changes = std::make_shared<store::batch>();
    for (auto& t : telegrams)
      if (t.keep) changes->put_state(std::move(t.keep->name), std::move(t.keep->value));
    if (changes->empty()) {
      if (!telegrams.empty()) deliver(std::move(telegrams));
      return;
    }
    auto held = std::make_shared<std::vector<lmn::output::heard>>(std::move(telegrams));
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, held](const committed&) {
          kept_at = parts.now();
          deliver(std::move(*held));
        },
        [this, held](const error& e) { unkept(std::move(*held), e); });
  }

  void unkept(std::vector<lmn::output::heard> telegrams, const error& e) {
    ++not_kept;
    if (last_error != e.what) parts.announce(parts.port, "a message counter is not on disk: " + e.what);
    last_error = e.what;
    if (parts.now() - kept_at < counter_lag) deliver(std::move(telegrams));
  }

  void deliver(std::vector<lmn::output::heard> telegrams) {
    for (auto& t : telegrams)
      if (!t.read.values.empty()) self->send(parts.meters[t.meter], std::move(t.read));
  }

  // --- whom the port hears

  caf::result<heard_list> heard() {
    if (wire) work([&](lmn::output& out) { line->look_around(now(), out); });
    if (!wire || !line->looking()) return heard_list{line->heard().list()};
    self->delayed_send(self, look_budget, wake{looked});
    askers.emplace_back(self);
    return askers.back().later();
  }

  void tell() {
    for (const auto& asker : std::exchange(askers, {})) asker.deliver(heard_list{line->heard().list()});
  }

  // --- time

  void arm() {
    const auto next = line->wake_at();
    if (!next || (armed && *armed <= *next)) return;
    armed = next;
    self->delayed_send(self,
                       std::max(std::chrono::ceil<std::chrono::milliseconds>(*next - self->clock().now()),
                                std::chrono::milliseconds{1}),
                       wake{++timers});
  }

  void timer(const wake& w) {
    if (w.round == reopen) return open();
    if (w.round == restore) return recall();
    if (w.round == looked) return tell();
    if (w.round != timers) return;
    armed.reset();
    if (wire) work([&](lmn::output& out) { line->tick(now(), out); });
  }

  [[nodiscard]] status_report report() const {
    const auto& heard = line->heard();
    status_report r{"link " + parts.port,
                    {{"state", wire ? "open" : "closed: " + last_error},
                     {"octets", octets},
                     {"telegrams", heard.telegrams()},
                     {"without profile", heard.foreign()},
                     {"openings", openings}}};
    line->report(r);
    if (not_kept != 0) r.fields.emplace_back("counters not on disk", not_kept);
    return r;
  }
};

link_actor::behavior_type lmn_link(link_actor::stateful_pointer<link_state> self, link_parts parts) {
  guard(self);
  self->state.core = std::make_shared<link_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](caf::down_msg&) { core->lost({errc::internal, "the wire broke"}); });
  core->start();
  return {
      [core](const wire_bytes& m) { core->feed(m); },
      [core](const wire_closed& m) { core->lost(m.reason); },
      [core](const query_status&) { return core->report(); },
      [core](const query_heard&) { return core->heard(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
