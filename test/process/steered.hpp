// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/platform/assembly.hpp"
#include "cls.hpp"
#include "home.hpp"

#include <catch2/catch_test_macros.hpp>

namespace smgw::test {

template <class T>
[[nodiscard]] T must(expected<T> value) {
  if (!value) FAIL(value.error().what);
  return *std::move(value);
}

/// A house with a control box at its wallbox.
struct steered {
  explicit steered(const nlohmann::json& changes = nlohmann::json::object(), bool mdns = false,
                   const house_options& options = {})
      : houses{options}, home{houses, {.proxy = true, .mdns = mdns}} {
    box = must(sim::make_cls("controlbox.cls", platform::system_clock_now()));
    REQUIRE(sim::write_file(houses.configuration() / "controlbox.pem", to_pem(box.certificate)));
    std::filesystem::copy_file(houses.world().pki() / "stadtwerk/tls.pem", houses.configuration() / "aemt.pem");
    nlohmann::json p{{"profile", "proxy"},
                     {"version", 1},
                     {"id", "wallbox"},
                     {"local_server_name", "wallbox.local"},
                     {"wan_peer_addresses", {"127.0.0.1:" + std::to_string(market_port.number())}},
                     {"wan_certificate", "aemt.pem"},
                     {"cls_certificate", "controlbox.pem"}};
    p.update(changes);
    REQUIRE(sim::write_file(houses.configuration() / "proxy.json", p.dump()));
    start();
    own = must(sim::load_certificates(houses.data() / "certificates/han.pem")).front();
  }
  void start() {
    gateway.emplace(std::vector<std::string>{"run", "-c", houses.configuration()});
    REQUIRE(gateway->await_line("proxy: open on port"));
  }
  void open_market(sim::market_server::serve_function serve) {
    const auto tls = must(sim::load_certificates(houses.world().pki() / "gateway/tls.pem"));
    market = must(sim::market_server::start(must(sim::load_party(houses.world().pki() / "stadtwerk")).identity(),
                                            {.pinned = {tls.front()}, .anchors = {}}, market_port.number(),
                                            std::move(serve)));
  }
  [[nodiscard]] expected<sim::cls_client> connect(const sim::cls_party& as) const {
    return sim::cls_client::connect("127.0.0.1", home.proxy_port(), as, own);
  }
  house houses;
  home_network home;
  reserved_port market_port;
  sim::cls_party box;
  crypto::certificate own;
  std::optional<process> gateway;
  std::unique_ptr<sim::market_server> market;
};

/// Sends back what comes.
inline void echo(const sim::market_server::connection& c) {
  for (;;) {
    const auto got = c.receive(60s);  // it is not the one who gives up an idle channel
    if (got.empty() || !c.send(got)) return;
  }
}

}  // namespace smgw::test
