// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The gateway and another device on the loopback link, which speaks multicast DNS by python3-zeroconf.
#include "base/octets.hpp"
#include "steered.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace smgw;
using namespace smgw::test;

namespace {

std::vector<std::string> peer(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), SMGW_SOURCE_DIR "/test/process/mdns_peer.py");
  return arguments;
}

/// A host of its own name: other tests may run on the same link.
struct announced {
  explicit announced(std::uint16_t port)
      : host("box" + std::to_string(port)), device("/usr/bin/python3", peer({"announce", host, std::to_string(port)})) {
    INFO(device.text());
    REQUIRE(device.await_line("announced"));
  }
  std::string host;
  process device;
};

/// What the market participant of a channel heard first.
struct first_words {
  void listen(steered& s) {
    s.open_market([this](const sim::market_server::connection& c) {
      c.send(as_bytes("LIMIT 4200\n"));
      said.set_value(std::string{as_text(c.receive(30s))});
      static_cast<void>(c.receive(60s));
    });
  }
  [[nodiscard]] std::string await() {
    auto all = said.get_future();
    REQUIRE(all.wait_for(patience) == std::future_status::ready);
    return all.get();
  }
  std::promise<std::string> said;
};

auto waiting_box(const steered& s, const reserved_port& at) {
  return must(sim::control_box::start(
      {.port = at.number(), .waits = true, .name = {}, .self = s.box, .gateway = s.own, .say = {}}));
}

std::string output_of(const std::vector<std::string>& arguments) {
  process asking("/usr/bin/python3", peer(arguments));
  REQUIRE(asking.wait(patience) == 0);
  return asking.text();
}

}  // namespace

TEST_CASE("the gateway finds a controllable system by its name in the home network, and keeps it connected",
          "[process][cls][mdns][REQ.TA.mDNS.Querying.10][REQ.TA.mDNS.ProcessResponse.10]") {
  reserved_port at;
  const announced device(at.number());
  steered s{{{"initiated_by", "gateway"}, {"cls_address", device.host + ".local:" + std::to_string(at.number())}},
            true};
  first_words words;
  words.listen(s);
  const auto box = waiting_box(s, at);
  CHECK(words.await() == "OK 4200\n");
  CHECK(box->power() == 4200);
  CHECK(s.gateway->has_line("proxy channel wallbox opened by gateway to wallbox.local"));
  stop(*s.gateway);
}

TEST_CASE("the administrator opens a channel to a service of the home network, which says where it listens",
          "[process][cls][mdns][REQ.TA.mDNS.Querying.50]") {
  reserved_port at;
  const announced device(at.number());
  house_options options;
  options.administrator = true;
  steered s{
      {{"initiated_by", "market_participant"}, {"cls_service", device.host + "._ship._tcp.local"}}, true, options};
  first_words words;
  words.listen(s);
  const auto box = waiting_box(s, at);
  auto& gwa = s.houses.open_administrator();
  REQUIRE(eventually([&] {
    const auto packet = gwa.wake_up_packet(sim::wall_clock());
    return packet && sim::gwa::send_packet(*packet, "127.0.0.1", s.houses.wake_up_port()) && gwa.await_gateway(5s);
  }));
  const auto answer = gwa.ask(http::method::post, "/cosem/ldevs/wallbox.sm/objects/1-01005e318004/methods/1");
  REQUIRE(answer);
  CHECK(answer->status == 204);
  CHECK(words.await() == "OK 4200\n");
  CHECK(box->power() == 4200);
  stop(*s.gateway);
}

TEST_CASE("a name that nobody has is told as such, and asked for again later", "[process][cls][mdns]") {
  steered s{{{"initiated_by", "gateway"}, {"cls_address", "nobody-at-all.local:1"}}, true};
  const auto first = s.gateway->await_line("nobody in the home network answers for nobody-at-all.local");
  REQUIRE(first);
  CHECK(s.gateway->await_line("nobody in the home network answers for nobody-at-all.local", *first));
  CHECK(s.gateway->has_line("proxy channel wallbox of gateway to wallbox.local refused"));
  stop(*s.gateway);
}

TEST_CASE("another device finds the gateway by both names, and its service",
          "[process][mdns][REQ.TA.mDNS.Querying.20][REQ.TA.mDNS.Querying.30][REQ.TA.mDNS.Querying.40]"
          "[REQ.TA.mDNS.Responder.40][REQ.TA.mDNS.Responder.50]") {
  house h;
  const home_network home{h, {.mdns = true}};
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  CHECK(output_of({"resolve", "esmg0000000001.local"}) == "127.0.0.1\n");
  CHECK(output_of({"resolve", "smgw.local"}) == "127.0.0.1\n");
  CHECK(output_of({"service", "_https._tcp.local", "esmg0000000001"}) ==
        "esmg0000000001.local. " + std::to_string(home.port()) + " 127.0.0.1\n");
  CHECK(output_of({"resolve", "another.local"}) == "nothing\n");
  stop(gateway);
}
