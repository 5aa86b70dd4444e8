// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "audit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr int kills = 50;

/// SMGW_SEED replays a run, as far as a real clock allows.
std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("SMGW_SEED");  // NOLINT(concurrency-mt-unsafe)
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

std::chrono::milliseconds between(std::mt19937_64& random, int from, int to) {
  return std::chrono::milliseconds{std::uniform_int_distribution{from, to}(random)};
}

}  // namespace

TEST_CASE("nothing acknowledged is lost and nothing counts twice, however often the gateway is killed", "[process]") {
  const auto seed = seed_of_this_run();
  std::cout << "seed " << seed << std::endl;
  std::mt19937_64 random(seed);
  house h({.meters = 2, .interval = 60ms, .window = 100ms, .delivery = 2s, .billing = 6s, .retry = 100ms});
  h.open_market();
  announcements told;
  for (int i = 0; i < kills; ++i) {
    auto gateway = process::run(h.configuration());
    const bool while_starting = i % 5 == 4;
    if (!while_starting) {
      const bool up = gateway.await_line("gateway: running").has_value();
      INFO("seed " << seed << ", life " << i << "\n" << gateway.text());
      REQUIRE(up);
    }
    const auto early = gateway.wait(while_starting ? between(random, 5, 700) : between(random, 200, 1800));
    INFO("seed " << seed << ", life " << i << "\n" << gateway.text());
    REQUIRE_FALSE(early);
    gateway.signal(SIGKILL);
    REQUIRE(gateway.wait(patience) == 128 + SIGKILL);
    told.add(gateway.lines());
  }
  {
    auto gateway = process::run(h.configuration());
    const auto once = gateway.await_line("acknowledged: TAF 7");
    REQUIRE(once);
    REQUIRE(gateway.await_line("acknowledged: TAF 7", *once));
    stop(gateway);
    told.add(gateway.lines());
  }
  std::cout << told.stored_count() << " values stored, " << told.acknowledged() << " deliveries acknowledged, "
            << h.arrivals().size() << " arrived" << std::endl;
  CHECK(told.stored_count() > 10);
  audit_lists(h, told);
  audit_deliveries(h, 1);
  audit_chains(h);
}
