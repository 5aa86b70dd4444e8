// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/home.hpp"

#include "actors/han/gather.hpp"
#include "actors/han/routes.hpp"
#include "actors/han/streams.hpp"
#include "actors/han/views.hpp"
#include "actors/reply_slot.hpp"
#include "base/octets.hpp"
#include "protocols/han/api.hpp"
#include "protocols/han/seal.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;

constexpr seconds self_test_budget{120};
constexpr seconds record_budget{30};
constexpr seconds live_interval{1};
/// Profiles do not change while the gateway runs; billing periods do.
constexpr seconds party_life{30};

std::set<profile::dialect> dialects_of(const profile::profile_set& p) {
  return p.self.home ? p.self.home->dialects : std::set<profile::dialect>{};
}

}  // namespace

struct home_core {
  using pointer = home_actor::stateful_pointer<home_state>;

  home_core(pointer actor, home_parts given)
      : self(actor),
        parts(std::move(given)),
        doorkeeper(parts.access),
        ways(dialects_of(parts.access.profiles), parts.gateway.version) {}

  pointer self;
  home_parts parts;
  access doorkeeper;
  routes ways;
  followers live;
  std::map<std::string, std::pair<timestamp, std::shared_ptr<const party>>> parties;
  std::optional<self_test_view> self_test;
  std::optional<timestamp> self_test_started;
  bool ticking = false;
  std::int64_t requests = 0, refused_logins = 0, failed = 0;

  // --- one request

  caf::result<home_answer> take(const home_request& r) {
    ++requests;
    const auto began = self->clock().now();
    auto who = doorkeeper.decide(r, began);
    if (who.record) record_login(who, *who.record);
    if (who.who == nullptr) {
      ++refused_logins;
      return home_answer{std::move(who.refusal), false};
    }
    const auto asker = party_for(*who.who);
    auto decided = ways.plan_for(r.asked, *asker, parts.now());
    if (!decided) return home_answer{std::move(decided.error()), false};
    if (!permits(*asker, decided->need)) {
      ++failed;
      parts.announce("home", "a plan for " + asker->user + " went beyond its rights: " + r.asked.target);
      return home_answer{http::refuse_with(403, "not for this party"), false};
    }
    if (!decided->stream.empty() && live.size() >= max_streams)
      return home_answer{http::refuse_with(503, "too many streams"), false};
    return fetch(std::move(*decided), asker, began);
  }

  caf::result<home_answer> fetch(plan p, std::shared_ptr<const party> asker, time_point began) {
    // Before the promise: that takes the sender along.
    const auto session = caf::actor_cast<caf::strong_actor_ptr>(self->current_sender());
    const reply_slot<home_answer> owed(self);
    const auto wish = std::make_shared<const plan>(std::move(p));
    auto tested = wish->need.self_test ? begin_self_test() : http::outcome<bool>{false};
    const auto work = std::make_shared<job>(self, parts, *asker, wish->need, [=, this](expected<findings> found) {
      if (!found) {
        ++failed;
        return owed.deliver({http::refuse_with(http::status_of(found.error().code), found.error().what), false});
      }
      found->self_test = tested;
      complete(*found, began);
      finish(*wish, *asker, wish->render(*found), owed, session);
    });
    work->start();
    return owed.later();
  }

  void complete(findings& f, time_point began) {
    f.now = parts.now();
    f.elapsed = duration_cast<milliseconds>(self->clock().now() - began);
    if (parts.gateway.firmware_hash.empty() && parts.program_hash) parts.gateway.firmware_hash = parts.program_hash();
    f.gateway = parts.gateway;
    f.gateway.self_test = self_test;
    f.gateway.fault = self_test && !self_test->passed;
  }

  void finish(const plan& p, const party& asker, http::response out, const reply_slot<home_answer>& owed,
              const caf::strong_actor_ptr& session) {
    const bool good = out.status == 200;
    if (good && !p.stream.empty()) follow(asker, p.stream, session);
    if (!good || p.sign == sealing::none) return owed.deliver({std::move(out), good && !p.stream.empty()});
    auto order = sign_content{out.body, p.sign == sealing::detached};
    ask(
        self, parts.key_token, part_budget, std::move(order),
        [owed, p, out](const signed_content& s) { owed.deliver({sealed(out, p, s.message), false}); },
        [owed](const error& e) { owed.deliver({http::refuse_with(503, e.what), false}); });
  }

  std::shared_ptr<const party> party_for(const profile::han& who) {
    const auto now = parts.now();
    auto& known = parties[who.id];
    if (!known.second || now - known.first > party_life) {
      auto fresh = party_of(parts.access.profiles, who, now);
      fresh.token = known.second ? known.second->token : token();
      known = {now, std::make_shared<const party>(std::move(fresh))};
    }
    return known.second;
  }

  [[nodiscard]] std::string token() const {
    constexpr std::size_t size = 16;
    std::string text;
    for (const auto octet : parts.access.random(size)) {
      text += "0123456789abcdef"[octet >> 4U];
      text += "0123456789abcdef"[octet & 15U];
    }
    return text;
  }

  // --- the logs

  void record(ledger::record what, std::vector<std::string> consumers) {
    ask(
        self, parts.ledger, record_budget, record_event{std::move(what), std::move(consumers), nullptr},
        [](const event_recorded&) {}, [this](const error& e) { parts.announce("home", "not recorded: " + e.what); });
  }

  void record_login(const login& l, const std::string& text) {
    auto r = ledger::make(ledger::event::consumer_login,
                          l.failure ? ledger::outcome::failure : ledger::outcome::success, parts.now(), text);
    std::vector<std::string> consumers;
    if (l.who != nullptr && !l.who->consumer.empty()) {
      r.user = l.who->consumer;
      consumers.push_back(l.who->consumer);
    }
    record(std::move(r), std::move(consumers));
  }

  // --- self-test

  http::outcome<bool> begin_self_test() {
    const auto now = parts.now();
    if (self_test_started && now - *self_test_started < self_test_pause)
      return std::unexpected{http::refusal{403, {errc::denied, "a self-test is possible every 10 minutes"}}};
    self_test_started = now;
    const auto result = std::make_shared<self_test_view>();
    result->at = now;
    ask(
        self, parts.ledger, self_test_budget, verify_logs{},
        [this, result](const log_verdict& v) {
          if (!v.whole) result->findings.insert(result->findings.end(), v.lines.begin(), v.lines.end());
          check_key_token(result);
        },
        [this, result](const error& e) {
          result->findings.push_back("logs: " + e.what);
          check_key_token(result);
        });
    return true;
  }

  void check_key_token(const std::shared_ptr<self_test_view>& result) {
    ask(
        self, parts.key_token, part_budget, sign_content{bytes{'t', 'e', 's', 't'}, true},
        [this, result](const signed_content&) { check_store(result); },
        [this, result](const error& e) {
          result->findings.push_back("key store: " + e.what);
          check_store(result);
        });
  }

  void check_store(const std::shared_ptr<self_test_view>& result) {
    ask(
        self, parts.store, part_budget, query_status{}, [this, result](const status_report&) { end_self_test(result); },
        [this, result](const error& e) {
          result->findings.push_back("store: " + e.what);
          end_self_test(result);
        });
  }

  void end_self_test(const std::shared_ptr<self_test_view>& result) {
    result->passed = result->findings.empty();
    self_test = *result;
    std::string text = result->passed ? "self-test passed" : "self-test failed:";
    for (const auto& f : result->findings) text += " " + f;
    record(ledger::make(ledger::event::self_test, result->passed ? ledger::outcome::success : ledger::outcome::failure,
                        parts.now(), text),
           consumers_of(parts.access.profiles));
    const auto news = gateway_event();
    for (auto& f : live.all()) push(f, news);
  }

  // --- streams

  void follow(const party& asker, const std::vector<device_id>& meters, const caf::strong_actor_ptr& session) {
    if (!session) return;
    const auto handle = caf::actor_cast<session_actor>(session);
    self->monitor(handle);
    live.add({handle, asker, meters, self->clock().now()});
    if (!std::exchange(ticking, true)) self->delayed_send(self, live_interval, wake{});
  }

  void push(follower& f, const std::string& text) {
    f.last = self->clock().now();
    const auto octets = as_bytes(text);
    self->send(f.session, home_event{bytes(octets.begin(), octets.end())});
  }

  void tick() {
    ticking = live.size() != 0;
    if (!ticking) return;
    self->delayed_send(self, live_interval, wake{});
    for (auto& f : live.all())
      if (self->clock().now() - f.last >= stream_beat) push(f, ": still here\n\n");
    for (const auto& id : live.meters()) {
      const auto meter = parts.meters.find(id);
      if (meter == parts.meters.end()) continue;
      ask(
          self, meter->second, part_budget, read_live{},
          [this, id](const live_reading& r) {
            if (r.last && live.is_new(id, r.last->captured)) tell(id, r);
          },
          [](const error&) {});
    }
  }

  void tell(const device_id& id, const live_reading& r) {
    for (auto& f : live.all())
      if (std::ranges::find(f.meters, id) != f.meters.end())
        push(f, live_event(live_view_of(f.who, id, r, parts.now())));
  }

  [[nodiscard]] status_report report() const {
    return {"home",
            {{"requests", requests},
             {"refused logins", refused_logins},
             {"failed", failed},
             {"streams", static_cast<std::int64_t>(live.size())}}};
  }
};

home_actor::behavior_type home(home_actor::stateful_pointer<home_state> self, home_parts parts) {
  guard(self);
  self->state.core = std::make_shared<home_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](const caf::down_msg& d) { core->live.remove(d.source); });
  return {
      [core](const home_request& m) { return core->take(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->tick(); },
  };
}

}  // namespace smgw::han
