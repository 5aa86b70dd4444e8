// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Multicast DNS by IPv6 with python3-zeroconf, on a link that nobody else sees.
#include "actors/han/link_loop.hpp"

#include "actors/ports/run_program.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <future>
#include <iostream>
#include <thread>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

std::string told(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  REQUIRE(value != nullptr);
  return value;
}

/// The thread of a gateway at the near end.
struct near_end {
  std::map<std::uint64_t, std::promise<name_found>> waiting;
  han::link_loop loop{{.host = {.id = "esmg0000000001", .port = 8443, .about = {"path=/"}},
                       .listen = told("SMGW_NEAR"),
                       .announce = [](auto, auto what) { std::cerr << what << "\n"; }},
                      [this](name_found f) { waiting.at(f.number).set_value(std::move(f)); }};
  std::jthread thread{[this](const std::stop_token& stop) { loop.run(stop); }};

  name_found look_up(std::uint64_t number, const resolve_name& wanted) {
    loop.look_up(number, wanted);
    auto found = waiting.at(number).get_future();
    REQUIRE(found.wait_for(20s) == std::future_status::ready);
    return found.get();
  }
};

}  // namespace

TEST_CASE("the near end of a link of its own", "[.own-link]") {
  near_end gateway;
  for (std::uint64_t n = 1; n <= 3; ++n) gateway.waiting[n];
  const auto host = gateway.look_up(1, {.name = "box.local"});
  REQUIRE(host.where);
  CHECK(host.where->hosts == std::vector{told("SMGW_FAR") + "%near0"});
  const auto service = gateway.look_up(2, {.name = "box._ship._tcp.local", .service = true});
  REQUIRE(service.where);
  CHECK(service.where->hosts == host.where->hosts);
  CHECK(service.where->port == 4712);
  CHECK(gateway.look_up(3, {.name = "nobody.local"}).where.error().code == errc::expired);
  std::string line;
  std::getline(std::cin, line);
  CHECK(line == "found");
}

TEST_CASE("names are told and found by IPv6 alone, with addresses of the link",
          "[mdns][native][REQ.TA.mDNS.ProcessResponse.20][REQ.TA.mDNS.ProcessQuery.20][REQ.TA.mDNS.BuildQuery.20]"
          "[REQ.TA.mDNS.Querying.40][REQ.TA.mDNS.Responder.40]") {
  const auto end =
      run_program("/usr/bin/unshare",
                  {"--user", "--map-root-user", "--net", "python3", SMGW_SOURCE_DIR "/test/actors/han/own_link.py",
                   "esmg0000000001.local", std::filesystem::canonical("/proc/self/exe"), "[.own-link]"});
  REQUIRE(end);
  if (end->code == 77) SKIP("this kernel has no pairs of Ethernet interfaces");
  INFO(end->output);
  CHECK(end->code == 0);
}
