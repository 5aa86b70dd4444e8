// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/expiry.hpp"

#include "domain/lists.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::lists;
using lifecycle::expiry_warnings;

TEST_CASE("certificates are spoken of from thirty days before their end, the most urgent first") {
  const auto now = at("2026-06-01T12:00:00+02:00");
  const std::vector<lifecycle::certificate_end> all{{"own TLS", now + 30 * 24h},
                                                    {"own signature", now + 30 * 24h + 1ms},
                                                    {"stadtwerk", now - 1s},
                                                    {"gwa", now + 36h}};
  CHECK(expiry_warnings(all, now) ==
        std::vector<std::string>{"certificate expired: stadtwerk, on 2026-06-01",
                                 "certificate expires: gwa, on 2026-06-02 (in 1 days)",
                                 "certificate expires: own TLS, on 2026-07-01 (in 30 days)"});
  CHECK(lifecycle::first_end(all) == now - 1s);
  CHECK(expiry_warnings({}, now).empty());
  CHECK_FALSE(lifecycle::first_end({}));
}
