// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A gateway whose clock an administrator's time server keeps.
#include "audit.hpp"
#include "domain/status/status.hpp"

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

TEST_CASE("a time server that is not synchronised sets nothing", "[process][REQ.TA.NTP.ProcessResponse.50]") {
  house h(with_time());
  h.open_time(0ms, false);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("time: not synchronised: NTP: the server is not synchronised"));
  CHECK(h.status().dump().contains("\"state\":\"not valid\""));
  stop(gateway);
}
