// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A gateway whose clock an administrator's time server keeps.
#include "audit.hpp"
#include "base/octets.hpp"
#include "domain/status/status.hpp"
#include "home.hpp"
#include "protocols/ntp/client.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::test;

namespace {

house_options with_time() {
  house_options o;
  o.administrator = true;
  o.time = true;
  o.period = 4s;  // 3 % of it are the limit of the error: a busy machine answers within that
  o.delivery = 4s;
  o.billing = 8s;
  return o;
}

/// Asks the gateway as a device of the home network does: openssl carries the question of our client.
struct home_client {
  const house& h;
  const home_network& home;
  ntp::client asking;

  /// Questions in one connection, and what came back.
  [[nodiscard]] bytes ask(std::size_t times) {
    const auto question = asking.request(sim::wall_clock(), std::chrono::steady_clock::now(), 0x9B41'7E02'D530'C811U);
    bytes all;
    for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), question.begin(), question.end());
    REQUIRE(sim::write_file(h.world().folder / "question", as_text(all)));
    const auto command =
        "(cat '" + (h.world().folder / "question").string() +
        "'; sleep 3) | openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:" + std::to_string(home.time_port()) +
        " 2>/dev/null";
    const auto got = run_program({"sh", "-c", command}).output;
    const auto octets = as_bytes(got);
    return {octets.begin(), octets.end()};
  }
};

}  // namespace

TEST_CASE("the first authentic answer sets the gateway's clock; before it values are marked, and no wake-up counts",
          "[process][REQ.TA.TLS.Handshake.160]") {
  house h(with_time());
  auto& gwa = h.open_administrator();
  auto gateway = process::run(h.configuration());
  const auto waits = gateway.await_line("time: not synchronised");
  INFO(gateway.text());
  REQUIRE(waits);
  REQUIRE(gateway.await_line(": stored "));
  const auto packet = gwa.wake_up_packet(sim::wall_clock());
  REQUIRE(packet);
  REQUIRE(sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()));
  REQUIRE(eventually([&] { return h.number("wake-up", "refused") == 1; }));
  stop(gateway);
  CHECK_FALSE(records(h, "system", "wake-up refused: the own time is not valid").empty());
  for (const auto& e : original_list(h, 0, 4s))
    if (!is_gap(e)) CHECK((e.value.status.smgw & status::time_not_valid) != 0);

  // Twenty minutes ahead: only an unknown time is set that far.
  const auto& server = h.open_time(20min);
  auto again = process::run(h.configuration());
  REQUIRE(again.await_line("time: set: by "));
  REQUIRE(eventually([&] { return server.answers() == 1; }));
  REQUIRE(again.await_line(": stored "));
  stop(again);
  const auto entries = original_list(h, 0, 4s);
  REQUIRE_FALSE(entries.empty());
  CHECK((entries.back().value.status.smgw & status::time_not_valid) == 0);
  CHECK(entries.back().value.captured > sim::wall_clock() + 15min);
  CHECK_FALSE(records(h, "calibration", "time valid, set by ").empty());

  // The reserve goes on where it was: a new process knows the time at once.
  auto third = process::run(h.configuration());
  REQUIRE(third.await_line("gateway: running"));
  REQUIRE(eventually([&] { return h.status().dump().contains("\"state\":\"valid\""); }));
  CHECK(server.answers() == 1);
  stop(third);
  audit_chains(h);
}

TEST_CASE("a time server that half closes the connection sets nothing, and is asked again",
          "[process][wan-faults][REQ.TA.NTP.ProcessResponse.10]") {
  house h(with_time());
  h.time_faults = {{.finish_after = 900}};
  const auto& server = h.open_time(0ms);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("time: not synchronised: "));
  // The console comes up about now.
  CHECK(eventually([&] { return h.status().dump().contains("\"state\":\"not valid\""); }));
  CHECK(server.answers() == 0);
  stop(gateway);
  auto again = process::run(h.configuration());
  REQUIRE(again.await_line("time: set: by "));
  stop(again);
  audit_chains(h);
}

TEST_CASE("a time server that is not synchronised sets nothing", "[process][REQ.TA.NTP.ProcessResponse.50]") {
  house h(with_time());
  h.open_time(0ms, false);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("time: not synchronised: NTP: the server is not synchronised"));
  // The console comes up about now.
  CHECK(eventually([&] { return h.status().dump().contains("\"state\":\"not valid\""); }));
  stop(gateway);
}

TEST_CASE("the gateway tells its time in the home network: from its server one stratum on, or that it has none",
          "[process][time-server][REQ.TA.NTP.BuildResponse.10][REQ.TA.NTP.BuildResponse.20]"
          "[REQ.TA.NTP.BuildResponse.41][REQ.TA.NTP.ProcessRequest.10]") {
  house h(with_time());
  const home_network home(h, {.time = true});
  home_client client{h, home, ntp::client{}};
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("time door 127.0.0.1:" + std::to_string(home.time_port())));
  const auto early = client.ask(1);
  REQUIRE(early.size() == ntp::packet_octets);
  const auto marked = ntp::decode(early);
  REQUIRE(marked);
  CHECK(marked->leap == ntp::not_synchronised);
  CHECK(marked->mode == 4);
  CHECK_FALSE(client.asking.feed(early, sim::wall_clock(), std::chrono::steady_clock::now(), false));
  stop(gateway);

  h.open_time(0ms);
  auto again = process::run(h.configuration());
  REQUIRE(again.await_line("time: set: by "));
  const auto answer = client.ask(1);
  INFO(again.text());
  REQUIRE(answer.size() == ntp::packet_octets);
  const auto told = ntp::decode(answer);
  REQUIRE(told);
  CHECK(told->leap == 0);
  CHECK(told->stratum == 3);  // the administrator's server says 2: its own source is of stratum 1
  const auto time = client.asking.feed(answer, sim::wall_clock(), std::chrono::steady_clock::now(), false);
  REQUIRE(time);
  REQUIRE(*time);
  CHECK(std::chrono::abs((*time)->server - sim::wall_clock()) < 30s);

  // Whoever asks much at once gets the share of one client; a flood is cut, maybe before its answers are read.
  CHECK(client.ask(20).size() == ntp::server_line::burst * ntp::packet_octets);
  CHECK(client.ask(500).size() <= ntp::server_line::burst * ntp::packet_octets);
  // What is no question is not answered.
  CHECK(client.ask(0).empty());
  CHECK(client.ask(1).size() == ntp::packet_octets);
  stop(again);
}
