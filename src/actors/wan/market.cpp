// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/market.hpp"

#include "actors/ask.hpp"
#include "protocols/http/client_exchange.hpp"

#include <deque>
#include <limits>

namespace smgw {
namespace {

constexpr std::chrono::seconds outbox_budget{30};
/// While the disk is full, what happened is kept in memory and offered again after this pause.
constexpr std::chrono::milliseconds full_pause{2'000};
constexpr std::size_t max_unrecorded = 64;
constexpr std::uint64_t report_again = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t record_again = report_again - 1;
/// Table 6.1 of the detail specification; the XML container under its older name, as field devices send it.
constexpr std::string_view xml_type = "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109";
constexpr std::string_view json_type =
    "application/cms+json; encapsulatingContent=\"signedData, authEnvelopedData, compressedData\"";
constexpr std::string_view plain_json_type =
    "application/cms+json; encapsulatingContent=\"signedData, authEnvelopedData\"";

/// Codes that speak of the content, not of the moment: trying the same again is of little use.
bool refuses_content(int status) { return status == 400 || status == 413 || status == 415 || status == 422; }

}  // namespace

/// One delivery at a time: wait for one, protect it, connect, post it, report its outcome.
struct market_core : std::enable_shared_from_this<market_core> {
  using pointer = market_actor::stateful_pointer<market_state>;

  market_core(pointer actor, market_parts given)
      : self(actor), parts(std::move(given)), retry(parts.peer.retry, parts.seed) {}

  pointer self;
  market_parts parts;
  schedule::backoff retry;
  std::optional<due_delivery::item> item;
  bytes message;
  channel_actor channel;
  bool open = false;
  std::string session;
  std::optional<http::client_exchange> exchange;
  std::uint64_t round = 0;  ///< of the one timer that counts
  struct outcome {
    delivery_outcome what;
    std::chrono::milliseconds pause;  ///< before the next delivery is asked for
  };
  std::optional<outcome> unreported;    ///< an outcome that the outbox could not store yet
  std::deque<record_event> unrecorded;  ///< records that the ledger could not store yet, oldest first
  std::int64_t delivered = 0, failed_attempts = 0, connections = 0;
  std::string last_error;

  void look() {
    ask(
        self, parts.outbox, delivery_wait + outbox_budget, await_delivery{parts.peer.id},
        [this](const due_delivery& due) {
          if (!due.next) return look();
          item = due.next;
          ++round;  // the idle timer counts no more
          protect();
        },
        [this](const error& e) { self->quit(to_caf(e)); });
  }

  void protect() {
    ask(
        self, parts.key_token, protect_budget, protect_content{parts.peer.id, item->what.content, item->what.values},
        [this](const protected_content& done) {
          message = done.message;
          if (open) return post();
          connect();
        },
        [this](const error& e) { give_back({e.code, "cannot protect the delivery: " + e.what}, false); });
  }

  void connect() {
    ++connections;
    channel = parts.dial(self->system(), self);
    arm(dial_budget);
  }

  void post() {
    const auto& what = item->what;
    http::request request{.verb = http::method::post,
                          .target = what.target.empty() ? parts.peer.uri_prefix : what.target,
                          .headers = {{"Host", parts.peer.peer.text()}, {"Content-Type", std::string(type_of(what))}},
                          .body = std::move(message)};
    if (!what.correlation.empty()) request.headers.add("x-CID", what.correlation);
    exchange.emplace();
    auto started = exchange->start(request, self->clock().now(), parts.peer.http_timeout);
    if (!started) return give_back(started.error(), true);
    self->send(channel, channel_write{std::move(started->transmit)});
    arm(parts.peer.http_timeout);
  }

  [[nodiscard]] std::string_view type_of(const submit::delivery& what) const {
    if (!what.json) return xml_type;
    return parts.peer.compress ? json_type : plain_json_type;
  }

  void take(const expected<http::client_exchange::output>& output) {
    if (!output) return give_back(output.error(), false);
    if (!output->done) return;
    exchange.reset();
    const auto& response = *output->done;
    if (!response.keep_alive) hang_up();
    if (response.status / 100 == 2) return acknowledged();
    give_back({refuses_content(response.status) ? errc::denied : errc::unavailable,
               "the market participant answered " + std::to_string(response.status)},
              refuses_content(response.status));
  }

  void acknowledged() {
    ++delivered;
    retry.succeeded();
    last_error.clear();
    parts.announce(parts.peer.id,
                   "acknowledged: " + item->what.description + " (no. " + std::to_string(item->number) + ")");
    report({item->number, {}, false, parts.peer.peer.text() + parts.peer.uri_prefix}, std::chrono::milliseconds{0});
  }

  /// The delivery stays in the outbox; the next try comes after a while that grows.
  void give_back(const error& why, bool for_good) {
    ++failed_attempts;
    last_error = why.what;
    parts.announce(parts.peer.id, "not delivered: " + why.what);
    hang_up();
    if (!item) return;
    report({item->number, why, for_good, parts.peer.peer.text()}, retry.failed());
  }

  void report(delivery_outcome what, std::chrono::milliseconds pause) {
    item.reset();
    unreported = {std::move(what), pause};
    report();
  }

  /// Until the outbox has it: a delivery that was acknowledged must not go out a second time.
  void report() {
    ask(
        self, parts.outbox, outbox_budget, unreported->what,
        [this](const outcome_recorded&) {
          const auto pause = std::exchange(unreported, std::nullopt)->pause;
          if (pause.count() != 0) return self->delayed_send(self, pause, wake{});
          if (open) arm(market_idle);
          look();
        },
        [this](const error& e) {
          if (!waits_for_space(e)) return self->quit(to_caf(e));
          self->delayed_send(self, full_pause, wake{report_again});
        });
  }

  [[nodiscard]] bool waits_for_space(const error& e) {
    if (e.code != errc::exhausted) return false;
    last_error = "not recorded, trying again: " + e.what;
    return true;
  }

  void hang_up() {
    exchange.reset();
    open = false;
    ++round;
    if (channel) self->send(channel, channel_close{});
    channel = nullptr;
  }

  void arm(std::chrono::milliseconds after) { self->delayed_send(self, after, wake{++round}); }

  void timer(const wake& w) {
    if (w.round == 0) return look();
    if (w.round == report_again) return report();
    if (w.round == record_again) return record();
    if (w.round != round) return;
    if (exchange) return give_back({errc::expired, "no answer within the time limit"}, false);
    if (item) return give_back({errc::expired, "no connection within the time limit"}, false);
    hang_up();
  }

  [[nodiscard]] bool current() const {
    return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
  }

  void opened(const channel_opened& m) {
    if (!current()) return;
    open = true;
    session = m.description;
    parts.announce(parts.peer.id, "connected: " + m.description);
    auto record =
        ledger::make(ledger::event::tls_session, ledger::outcome::success, parts.now(), "TLS opened: " + m.description);
    record.destination = parts.peer.peer.text();
    note(std::move(record));
    if (item) post();
  }

  void received(const channel_received& m) {
    if (!current()) return;
    if (!exchange) return hang_up();  // nobody asked
    take(exchange->feed(m.data, self->clock().now()));
  }

  void closed(const channel_closed& m) {
    if (!current()) return;
    const bool was_open = open;
    channel = nullptr;
    open = false;
    if (exchange) {
      auto rest = exchange->eof();
      return take(rest ? std::move(rest) : fail(m.reason.code, "connection lost before the answer: " + m.reason.what));
    }
    if (!item) return;
    if (!was_open) {
      auto record = ledger::make(ledger::event::tls_failure, ledger::outcome::failure, parts.now(), m.reason.what);
      record.destination = parts.peer.peer.text();
      note(std::move(record));
    }
    give_back(m.reason, false);
  }

  void note(ledger::record record) {
    if (unrecorded.size() == max_unrecorded)
      return self->quit(to_caf({errc::exhausted, "too many records wait for the log"}));
    unrecorded.push_back({std::move(record), {}, nullptr});
    if (unrecorded.size() == 1) this->record();
  }

  void record() {
    ask(
        self, parts.ledger, outbox_budget, unrecorded.front(),
        [this](const event_recorded&) {
          unrecorded.pop_front();
          if (!unrecorded.empty()) record();
        },
        [this](const error& e) {
          if (!waits_for_space(e)) return self->quit(to_caf(e));
          self->delayed_send(self, full_pause, wake{record_again});
        });
  }

  [[nodiscard]] status_report report_status() const {
    return {"market " + parts.peer.id,
            {{"peer", parts.peer.peer.text()},
             {"state", open   ? "connected: " + session
                       : item ? "connecting"
                              : "idle"},
             {"acknowledged", delivered},
             {"failed attempts", failed_attempts},
             {"connections", connections},
             {"last error", last_error}}};
  }
};

std::string service_path(const profile::wan& administrator, std::string_view place) {
  return administrator.uri_prefix + (administrator.uri_prefix.ends_with('/') ? "" : "/") + std::string(place);
}

market_actor::behavior_type market(market_actor::stateful_pointer<market_state> self, market_parts parts) {
  guard(self);
  self->state.core = std::make_shared<market_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->look();
  return {
      [core](const channel_opened& m) { core->opened(m); },
      [core](const channel_received& m) { core->received(m); },
      [core](const channel_closed& m) { core->closed(m); },
      [core](const query_status&) { return core->report_status(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
