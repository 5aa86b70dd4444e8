// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "https_server.hpp"

#include "base/check.hpp"
#include "protocols/http/server_exchange.hpp"

#include <unordered_map>
#include <utility>

namespace smgw::sim {
namespace {

using clock = std::chrono::steady_clock;

/// One gateway.
struct visitor {
  crypto::certificate who;
  http::server_exchange exchange{clock::now(), {}, {}};
  struct answer {
    clock::time_point at;
    served what;
  };
  std::optional<answer> waiting{};  ///< its delay is not over
};

}  // namespace

struct https_server::impl final : hub_user {
  https_options options;
  std::unordered_map<line_id, visitor> visitors;
  std::unique_ptr<tls_hub> hub;  // goes first: its thread uses the rest

  void say(const std::string& text) const {
    if (options.say) options.say(text);
  }

  void accepted() override {
    if (options.connected) options.connected();
  }

  void opened(line_id line, const crypto::tls_summary& how) override {
    say("gateway connected: " + describe(how));
    visitors.emplace(line, visitor{*how.peer});
  }

  void heard(line_id line, bytes plaintext) override {
    auto& v = visitors.at(line);
    step(line, v, v.exchange.feed(plaintext, clock::now()));
  }

  void tick(line_id line) override {
    auto& v = visitors.at(line);
    if (v.waiting && clock::now() >= v.waiting->at) return answer(line, v, std::exchange(v.waiting, {})->what);
    step(line, v, v.exchange.tick(clock::now()));
  }

  void closed(line_id line, const std::string& why) override {
    if (visitors.erase(line) == 0) say("connection refused: " + why);
  }

  void step(line_id line, visitor& v, http::server_exchange::output out) {
    hub->send(line, out.transmit);
    if (out.close) return hub->close(line);
    hub->wake(line, v.waiting ? v.waiting->at : out.wake_at);
    if (!out.received) return;
    auto s = options.handle(*out.received, v.who);
    if (s.delay.count() == 0) return answer(line, v, std::move(s));
    v.waiting = visitor::answer{clock::now() + s.delay, std::move(s)};
    hub->wake(line, v.waiting->at);
  }

  void answer(line_id line, visitor& v, served s) {
    auto written = v.exchange.respond(std::move(s.response), clock::now());
    if (!written) return hub->close(line);
    if (s.cut) {
      hub->send(line, bytes_view{written->transmit}.first(written->transmit.size() / 2));
      return hub->close(line);
    }
    step(line, v, std::move(*written));
  }
};

https_server::https_server(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
https_server::~https_server() = default;

expected<std::unique_ptr<https_server>> https_server::start(https_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->hub, tls_hub::open({.host = options.host,
                                      .port = options.port,
                                      .tls = {.role = crypto::tls_role::server,
                                              .interface = crypto::tls_interface::wan,
                                              .identity = options.identity,
                                              .peer = options.peers,
                                              .cache = std::make_shared<crypto::tls_session_cache>(2048)},
                                      .fault = options.fault}));
  state->options = std::move(options);
  state->hub->run(*state);
  return std::unique_ptr<https_server>(new https_server(std::move(state)));
}

std::uint16_t https_server::port() const noexcept { return impl_->hub->port(); }
std::size_t https_server::connections() const noexcept { return impl_->hub->lines(); }

}  // namespace smgw::sim
