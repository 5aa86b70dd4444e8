// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "switchboard.hpp"

#include "base/check.hpp"
#include "protocols/http/client_exchange.hpp"
#include "sockets.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace smgw::sim {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds answer_patience{30};

struct question {
  http::request request;
  std::promise<expected<http::response>> answer;
};

/// One connection.
struct talk {
  std::size_t gateway = 0;
  http::client_exchange exchange{};
  std::optional<question> asked{};
};

struct contact {
  std::optional<line_id> line{};  ///< the newest
  std::deque<question> next{};    ///< over it
};

/// What other threads see of a contact.
struct presence {
  bool connected = false;
  std::uint64_t connections = 0;
};

}  // namespace

struct switchboard::impl final : hub_user {
  switchboard_options options;
  std::vector<contact> contacts;  // the hub's thread's
  std::unordered_map<line_id, talk> talks;
  mutable std::mutex guard;
  mutable std::condition_variable changed;
  std::vector<presence> present;  // guarded
  std::size_t present_count = 0;  // guarded
  std::unique_ptr<tls_hub> hub;   // goes first: its thread uses the rest

  ~impl() override {
    hub.reset();
    for (auto& [line, t] : talks)
      if (t.asked) refuse(*t.asked, "the administrator leaves");
    for (auto& c : contacts) refuse_all(c, "the administrator leaves");
  }

  static void refuse(question& q, const std::string& why) { q.answer.set_value(fail(errc::unavailable, why)); }
  static void refuse_all(contact& c, const std::string& why) {
    for (auto& q : c.next) refuse(q, why);
    c.next.clear();
  }

  void tell(std::size_t gateway, bool connected) {
    const std::scoped_lock lock(guard);
    auto& p = present[gateway];
    if (connected) ++p.connections;
    present_count = present_count + (connected ? 1 : 0) - (p.connected ? 1 : 0);
    p.connected = connected;
    changed.notify_all();
  }

  void opened(line_id line, const crypto::tls_summary& how) override {
    const auto gateway = options.gateways->find(*how.peer);
    if (!gateway) return hub->close(line);  // no longer of the fleet
    if (options.say) options.say("gateway connected: " + describe(how));
    talks.emplace(line, talk{.gateway = *gateway});
    const auto before = std::exchange(contacts[*gateway].line, line);
    if (before && !talks.at(*before).asked) hub->close(*before);  // else after its answer
    tell(*gateway, true);
    ask_next(*gateway);
  }

  void heard(line_id line, bytes plaintext) override {
    auto& t = talks.at(line);
    auto out = t.exchange.feed(plaintext, clock::now());
    if (!out) return give_up(line, out.error());
    if (out->done) answer(line, *std::move(out->done));
  }

  void last_words(line_id line, bytes plaintext) override {
    if (talks.contains(line)) heard(line, std::move(plaintext));
  }

  void tick(line_id line) override {
    const auto out = talks.at(line).exchange.tick(clock::now());
    if (!out) return give_up(line, out.error());
    hub->wake(line, out->wake_at);
  }

  void closed(line_id line, const std::string& why) override {
    const auto found = talks.find(line);
    if (found == talks.end()) {
      if (options.say) options.say("a connection was refused: " + why);
      return;
    }
    auto t = std::move(found->second);
    talks.erase(found);
    if (t.asked) refuse(*t.asked, "the gateway has closed the connection");
    auto& c = contacts[t.gateway];
    if (c.line != line) return;
    c.line.reset();
    refuse_all(c, "the gateway has closed the connection");
    tell(t.gateway, false);
  }

  void answer(line_id line, http::response r) {
    auto& t = talks.at(line);
    const bool lives = r.keep_alive && contacts[t.gateway].line == line;
    auto q = *std::exchange(t.asked, std::nullopt);
    hub->wake(line, std::nullopt);
    if (!lives) leave(line);
    q.answer.set_value(std::move(r));
    if (lives) ask_next(t.gateway);
  }

  void give_up(line_id line, error why) {
    auto& t = talks.at(line);
    if (auto q = std::exchange(t.asked, std::nullopt)) q->answer.set_value(std::unexpected(std::move(why)));
    leave(line);
  }

  /// Nothing more is asked over this line.
  void leave(line_id line) {
    const auto gateway = talks.at(line).gateway;
    if (contacts[gateway].line == line) {
      contacts[gateway].line.reset();
      tell(gateway, false);
      refuse_all(contacts[gateway], "the gateway has closed the connection");
    }
    hub->close(line);
  }

  void ask_next(std::size_t gateway) {
    auto& c = contacts[gateway];
    while (!c.next.empty()) {
      if (!c.line) return refuse_all(c, "no gateway is connected; wake it first");
      auto& t = talks.at(*c.line);
      if (t.asked) return;
      t.asked = std::move(c.next.front());
      c.next.pop_front();
      auto started = t.exchange.start(t.asked->request, clock::now(), answer_patience);
      if (started) {
        hub->send(*c.line, started->transmit);
        return hub->wake(*c.line, started->wake_at);
      }
      std::exchange(t.asked, std::nullopt)->answer.set_value(std::unexpected(started.error()));
    }
  }
};

switchboard::switchboard(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
switchboard::~switchboard() = default;

expected<std::unique_ptr<switchboard>> switchboard::start(switchboard_options options) {
  auto state = std::make_unique<impl>();
  const auto& gateways = options.gateways->all();
  SMGW_TRY(
      state->hub,
      tls_hub::open({.host = options.host,
                     .port = options.port,
                     .tls = {.role = crypto::tls_role::server,
                             .interface = crypto::tls_interface::wan,
                             .identity = options.identity,
                             .peer = rule_of(options.gateways),
                             .allow_tls13 = std::ranges::all_of(
                                 gateways, [](const known_gateway& g) { return crypto::tls13_possible(g.tls.on); })},
                     .fault = options.fault}));
  state->contacts = std::vector<contact>(gateways.size());
  state->present.resize(gateways.size());
  state->options = std::move(options);
  state->hub->run(*state);
  return std::unique_ptr<switchboard>(new switchboard(std::move(state)));
}

std::uint16_t switchboard::port() const noexcept { return impl_->hub->port(); }

std::future<expected<http::response>> switchboard::ask(std::size_t gateway, http::request request) {
  auto q = std::make_shared<question>(std::move(request), std::promise<expected<http::response>>{});
  auto answer = q->answer.get_future();
  impl_->hub->post([self = impl_.get(), gateway, q] {
    self->contacts[gateway].next.push_back(std::move(*q));
    self->ask_next(gateway);
  });
  return answer;
}

bool switchboard::await(std::size_t gateway, std::chrono::milliseconds patience) const {
  std::unique_lock lock(impl_->guard);
  return impl_->changed.wait_for(lock, patience,
                                 [self = impl_.get(), gateway] { return self->present[gateway].connected; });
}

bool switchboard::await_count(std::size_t gateways, std::chrono::milliseconds patience) const {
  std::unique_lock lock(impl_->guard);
  return impl_->changed.wait_for(lock, patience,
                                 [self = impl_.get(), gateways] { return self->present_count >= gateways; });
}

bool switchboard::connected(std::size_t gateway) const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->present[gateway].connected;
}

std::size_t switchboard::connected() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->present_count;
}

std::uint64_t switchboard::connections(std::size_t gateway) const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->present[gateway].connections;
}

void switchboard::hang_up(std::size_t gateway) {
  std::promise<void> done;
  impl_->hub->post([self = impl_.get(), gateway, &done] {
    if (const auto line = self->contacts[gateway].line) self->leave(*line);
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace smgw::sim
