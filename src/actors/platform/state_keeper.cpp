// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/state_keeper.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"
#include "base/octets.hpp"
#include "domain/state/self_test.hpp"

#include <format>

namespace smgw {
namespace {

constexpr std::chrono::seconds record_budget{60};
constexpr auto probe_name = "self-test/probe";

}  // namespace

struct state_core {
  using pointer = state_actor::stateful_pointer<state_keeper_state>;

  state_core(pointer actor, state_parts given) : self(actor), parts(std::move(given)) {}

  /// One self-test under way.
  struct test {
    std::string on_behalf;
    std::optional<reply_slot<self_test_result>> owed;
    self_test_result result;
    bool integrity = true;  ///< false: something is not what was written
  };
  using run = std::shared_ptr<test>;

  pointer self;
  state_parts parts;
  state::self_test_schedule schedule;
  std::optional<timestamp> warned;  ///< of certificates
  std::int64_t tests = 0, failed_tests = 0, changes = 0;

  void start() {
    parts.conditions->listen([to = caf::actor_cast<state_actor>(self)](const state::transition& t) {
      caf::anon_send(to, state_changed{t});
    });
    self->attach_functor([shared = parts.conditions] { shared->leave(); });
    timer();
  }

  void timer() {
    self->delayed_send(self, state_interval, wake{});
    const auto now = parts.now();
    parts.conditions->tick(now);
    look_at_storage();
    look_at_certificates(now);
    if (schedule.due(now)) begin("the gateway", std::nullopt);
  }

  // --- changes of state

  void changed(const state::transition& t) {
    ++changes;
    const bool worse = t.to > t.from;
    std::string text = std::string(to_string(t.from)) + " -> " + std::string(to_string(t.to));
    if (t.cause)
      text += worse ? ": " + std::string(to_string(*t.cause)) : ", no more: " + std::string(to_string(*t.cause));
    parts.announce("state", text);
    const auto before = state::allowed_in(t.from), after = state::allowed_in(t.to);
    if (parts.reopen_home && (before.home != after.home || before.proxy != after.proxy)) parts.reopen_home();
    record(ledger::make(ledger::event::secure_state, worse ? ledger::outcome::failure : ledger::outcome::success, t.at,
                        std::move(text)),
           {});
  }

  void record(ledger::record what, std::vector<std::string> consumers) {
    what.subject = "gateway";
    ask(
        self, parts.ledger, record_budget, record_event{std::move(what), std::move(consumers), nullptr},
        [](const event_recorded&) {}, [this](const error& e) { parts.announce("state", "not recorded: " + e.what); });
  }

  /// Once a day; what says so is for the administrator, too.
  void look_at_certificates(timestamp now) {
    if (warned && now < *warned + lifecycle::expiry_interval) return;
    warned = now;
    for (auto& line : lifecycle::expiry_warnings(parts.certificates, now)) {
      parts.announce("state", line);
      record(ledger::make(ledger::event::certificate_changed, ledger::outcome::failure, now, std::move(line)), {});
    }
  }

  void look_at_storage() {
    if (parts.value_storage_percent == 0) return;
    ask(
        self, parts.store, store_budget, query_status{}, [this](const status_report& r) { judge_storage(r); },
        [this](const error& e) { parts.announce("state", "the store does not say how full it is: " + e.what); });
  }

  void judge_storage(const status_report& r) {
    const auto number = [&](std::string_view name) {
      for (const auto& [field, value] : r.fields)
        if (field == name && std::holds_alternative<std::int64_t>(value)) return std::get<std::int64_t>(value);
      return std::int64_t{0};
    };
    const auto limit = number("octets at most");
    const bool over = limit > 0 && number("octets") * 100 >= limit * parts.value_storage_percent;
    if (over)
      parts.conditions->raise(state::condition::value_storage, parts.now());
    else
      parts.conditions->clear(state::condition::value_storage, parts.now());
  }

  // --- self-test: logs, keys, store, cryptography, time; one after the other

  caf::result<self_test_result> requested(const run_self_test& m) {
    if (const auto allowed = schedule.request(parts.now()); !allowed) return to_caf(allowed.error());
    reply_slot<self_test_result> owed(self);
    const auto promised = owed.later();
    begin(m.on_behalf, std::move(owed));
    return promised;
  }

  void begin(std::string on_behalf, std::optional<reply_slot<self_test_result>> owed) {
    const auto t = std::make_shared<test>();
    t->on_behalf = std::move(on_behalf);
    t->owed = std::move(owed);
    ask(
        self, parts.ledger, self_test_budget, verify_logs{}, [this, t](const log_verdict& v) { logs_verified(t, v); },
        [this, t](const error& e) {
          note(t, "logs", e.what);
          test_keys(t);
        });
  }

  static void note(const run& t, const std::string& what, const std::optional<std::string>& trouble) {
    t->result.passed = t->result.passed && !trouble;
    t->result.lines.push_back(what + ": " + trouble.value_or("good"));
  }

  void logs_verified(const run& t, const log_verdict& v) {
    std::optional<std::string> trouble;
    for (const auto& line : v.lines)
      if (!v.whole && line.find(": verified") == line.npos) trouble = trouble.value_or("") + line + "; ";
    if (!v.whole && !trouble) trouble = "not whole";
    t->integrity = t->integrity && v.whole;
    note(t, "logs", trouble);
    test_keys(t);
  }

  void test_keys(const run& t) {
    // Any digest: what counts is that the module answers with a signature.
    ask(
        self, parts.key_token, record_budget, sign_digest{bytes(32, 0x5A)},
        [this, t](const digest_signature& s) {
          note(t, "key store", s.signature.empty() ? std::optional<std::string>{"no signature"} : std::nullopt);
          test_store(t);
        },
        [this, t](const error& e) {
          note(t, "key store", e.what);
          test_store(t);
        });
  }

  void test_store(const run& t) {
    bytes probe;
    put_be(probe, static_cast<std::uint64_t>(parts.now().time_since_epoch().count()));
    auto written = std::make_shared<store::batch>();
    written->put_state(probe_name, probe);
    const auto failed = [this, t](const error& e) {
      note(t, "store", e.what);
      finish(t);
    };
    ask(
        self, parts.store, store_budget, commit{std::move(written)},
        [this, t, probe, failed](const committed&) {
          ask(
              self, parts.store, store_budget, read_state{probe_name},
              [this, t, probe](const state_value& v) {
                const bool same = v.value && *v.value == probe;
                t->integrity = t->integrity && same;
                note(t, "store", same ? std::nullopt : std::optional<std::string>{"reads another value than written"});
                finish(t);
              },
              failed);
        },
        failed);
  }

  void finish(const run& t) {
    if (parts.check_crypto) {
      const auto good = parts.check_crypto();
      t->integrity = t->integrity && good.has_value();
      note(t, "cryptography", good ? std::nullopt : std::optional<std::string>{good.error().what});
    }
    const bool timed = !parts.conditions->marks().time_not_valid;
    // Not the gateway's fault, and a state of its own: told, but no failure.
    t->result.lines.push_back(timed ? "time: good" : "time: not valid, values are marked");
    schedule.ended();
    ++tests;
    failed_tests += t->result.passed ? 0 : 1;
    std::string text =
        std::string(t->result.passed ? "self-test passed" : "self-test failed") + " (for " + t->on_behalf + ")";
    for (const auto& line : t->result.lines) text += "; " + line;
    if (!t->result.passed) parts.announce("state", text);
    record(
        ledger::make(ledger::event::self_test, t->result.passed ? ledger::outcome::success : ledger::outcome::failure,
                     parts.now(), std::move(text)),
        parts.consumers);
    if (!t->integrity) parts.conditions->raise(state::condition::integrity_lost, parts.now());
    if (t->owed) t->owed->deliver(t->result);
  }

  [[nodiscard]] std::string until() const {
    const auto first = lifecycle::first_end(parts.certificates);
    return first ? std::format("{:%F}", std::chrono::floor<std::chrono::days>(*first)) : std::string();
  }

  [[nodiscard]] status_report report() const {
    std::string why;
    for (const auto c : parts.conditions->holding()) why += (why.empty() ? "" : "; ") + std::string(to_string(c));
    return {"state",
            {{"operating state", std::string(to_string(parts.conditions->now_in()))},
             {"because", why.empty() ? "nothing is wrong" : why},
             {"certificates until", until()},
             {"changes", changes},
             {"self-tests", tests},
             {"failed self-tests", failed_tests}}};
  }
};

state_actor::behavior_type state_keeper(state_actor::stateful_pointer<state_keeper_state> self, state_parts parts) {
  guard(self);
  self->state.core = std::make_shared<state_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const state_changed& m) { core->changed(m.what); },
      [core](const run_self_test& m) { return core->requested(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->timer(); },
  };
}

}  // namespace smgw
