// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The consumer's page in a real browser at the real program.
#include "neighbours.hpp"

using namespace smgw;
using namespace smgw::test;

TEST_CASE("the page shows a real gateway in a real browser", "[process][han][web]") {
  neighbours n;
  REQUIRE(eventually([&] {
    const auto periods = n.home.get("consumer1", "/smgw/con/v1/exp/Registers/taf1-1").json()["periods"];
    return periods.is_array() && periods.size() >= 2;
  }));
  const auto seen = run_program({"node", SMGW_SOURCE_DIR "/test/web/gateway.mjs",
                                 "https://127.0.0.1:" + std::to_string(n.home.port()), "consumer1", "one"});
  INFO(seen.output);
  constexpr int not_installed = 77;  // npm's packages: ./dev web fetches them where it may
  if (seen.code == not_installed) SKIP("the packages of the page's tests are not installed");
  CHECK(seen.code == 0);
  stop(n.gateway);
}
