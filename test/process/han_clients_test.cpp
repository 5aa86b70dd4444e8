// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Programs of the field, at the real program.
#include "household.hpp"
#include "neighbours.hpp"

using namespace smgw;
using namespace smgw::test;

TEST_CASE("a Node-RED node of the field reads the meter", "[process][han]") {
  neighbours n{{.dialects = {"ppc"}, .md5 = true, .lenient = true}};
  const auto got = run_program({"node", SMGW_SOURCE_DIR "/test/process/node_red.mjs",
                                "https://127.0.0.1:" + std::to_string(n.home.port()), "consumer1", "one"});
  INFO(got.output);
  REQUIRE(got.code == 0);
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const sim::household truth(1);
  const auto kwh = std::stod(got.output.substr(got.output.rfind('\n', got.output.size() - 2) + 1));
  CHECK(kwh * 10'000 <= static_cast<double>(truth.energy(now)) + 1);
  CHECK(kwh * 10'000 >= static_cast<double>(truth.energy(now - 60s)) - 1);
  stop(n.gateway);
}
