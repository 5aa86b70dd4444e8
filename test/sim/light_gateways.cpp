// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "light_gateways.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "party_cms.hpp"
#include "protocols/http/server_exchange.hpp"
#include "tls_hub.hpp"

#include <condition_variable>
#include <format>
#include <mutex>
#include <unordered_map>

namespace smgw::sim {
namespace {

using clock = std::chrono::steady_clock;

/// A connection of one of the gateways.
struct visit {
  std::size_t gateway = 0;
  bool opened = false;
  http::server_exchange exchange{clock::now(), {}, {}};
};

}  // namespace

struct light_gateways::impl final : hub_user {
  light_options options;
  std::unordered_map<line_id, visit> visits;
  mutable std::mutex guard;
  mutable std::condition_variable changed;
  std::size_t connected = 0;     // guarded
  std::uint64_t answers = 0;     // guarded
  std::unique_ptr<tls_hub> hub;  // goes first: its thread uses the rest

  void call(std::size_t gateway, io::descriptor fd) {
    const auto line = hub->add(std::move(fd), {.role = crypto::tls_role::client,
                                               .interface = crypto::tls_interface::wan,
                                               .identity = options.gateways[gateway].own.identity(),
                                               .peer = {.pinned = {options.administrator_tls}, .anchors = {}}});
    visits.emplace(line, visit{.gateway = gateway});
  }

  void count(int more_connected, int more_answers) {
    const std::scoped_lock lock(guard);
    connected += static_cast<std::size_t>(more_connected);
    answers += static_cast<std::uint64_t>(more_answers);
    changed.notify_all();
  }

  void opened(line_id line, const crypto::tls_summary&) override {
    visits.at(line).opened = true;
    count(1, 0);
  }

  void heard(line_id line, bytes plaintext) override {
    auto& v = visits.at(line);
    step(line, v, v.exchange.feed(plaintext, clock::now()));
  }

  void tick(line_id line) override {
    auto& v = visits.at(line);
    step(line, v, v.exchange.tick(clock::now()));
  }

  void closed(line_id line, const std::string& why) override {
    const auto found = visits.find(line);
    if (found != visits.end() && found->second.opened) count(-1, 0);
    if (found != visits.end()) visits.erase(found);
    if (!why.empty() && options.say) options.say(why);
  }

  void step(line_id line, visit& v, http::server_exchange::output out) {
    hub->send(line, out.transmit);
    if (out.close) return hub->close(line);
    if (!out.received) return hub->wake(line, out.wake_at);
    if (options.silent.contains(options.gateways[v.gateway].id)) return;
    auto written = v.exchange.respond(answer(v.gateway), clock::now());
    if (!written) return hub->close(line);
    count(0, 1);
    step(line, v, std::move(*written));
  }

  /// Says who it is, sealed for the administrator.
  [[nodiscard]] http::response answer(std::size_t gateway) const {
    const auto& g = options.gateways[gateway];
    const auto document = std::format(R"(<ldevs count="1"><ldev id="{}.sm"/></ldevs>)", g.id.lower());
    auto body = seal_for(options.administrator_encryption, g.own, as_bytes(document));
    if (!body) return {.status = 500};
    return {.status = 200,
            .headers = {{"Content-Type", "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109"}},
            .body = std::move(*body)};
  }
};

light_gateways::light_gateways(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
light_gateways::~light_gateways() = default;

expected<std::unique_ptr<light_gateways>> light_gateways::call(light_options options) {
  auto state = std::make_unique<impl>();
  SMGW_TRY(state->hub, tls_hub::open({.listens = false}));
  state->options = std::move(options);
  state->hub->run(*state);
  for (std::size_t i = 0; i < state->options.gateways.size(); ++i) {
    SMGW_TRY(auto fd, io::dial_tcp(state->options.host, state->options.port, std::chrono::seconds{10}));
    const auto held = std::make_shared<io::descriptor>(std::move(fd));
    state->hub->post([self = state.get(), i, held] { self->call(i, std::move(*held)); });
  }
  return std::unique_ptr<light_gateways>(new light_gateways(std::move(state)));
}

std::size_t light_gateways::connected() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->connected;
}

std::uint64_t light_gateways::answers() const {
  const std::scoped_lock lock(impl_->guard);
  return impl_->answers;
}

bool light_gateways::await_connected(std::chrono::milliseconds patience) const {
  std::unique_lock lock(impl_->guard);
  return impl_->changed.wait_for(lock, patience,
                                 [self = impl_.get()] { return self->connected == self->options.gateways.size(); });
}

expected<std::vector<light_gateway>> make_light_gateways(const std::filesystem::path& pki,
                                                         const std::filesystem::path& folder, const device_id& first,
                                                         std::size_t count, timestamp now) {
  std::vector<party_description> wanted;
  std::vector<light_gateway> made;
  for (std::size_t n = 0; n < count; ++n) {
    SMGW_TRY(const auto id, counted(first, n));
    const std::string name(id.text());
    wanted.push_back(
        {.folder = name, .common_name = name + ".SMGW", .gateway = true, .keys = crypto::soft_key_store::in_memory()});
    made.push_back({id, {.keys = wanted.back().keys}});
  }
  SMGW_CHECK(add_parties(pki, folder, wanted, now));
  for (auto& g : made) {
    SMGW_TRY(g.own.tls_chain, load_certificates(folder / std::string(g.id.text()) / "tls.pem"));
    SMGW_TRY(const auto known, load_gateway(folder / std::string(g.id.text())));
    g.own.signature = known.signature;
    g.own.encryption = known.encryption;
  }
  return made;
}

}  // namespace smgw::sim
