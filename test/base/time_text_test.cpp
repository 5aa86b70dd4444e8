// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/time_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

TEST_CASE("times are read with their zone and printed in UTC") {
  CHECK(to_iso8601(*parse_iso8601("2026-05-15T00:00:01+02:00")) == "2026-05-14T22:00:01Z");
  CHECK(parse_iso8601("1970-01-01T00:00:00.25Z")->time_since_epoch() == 250ms);
  CHECK(parse_iso8601("2024-02-29T12:00:00Z"));
}

TEST_CASE("times that do not exist are refused") {
  for (const auto* text : {"", "2026-05-14", "2026-05-14T22:00:01", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-05-14T24:00:00Z", "2026-05-14T22:00:61Z", "2026-05-14T22:00:01Zx",
                           "2026-05-14T22:00:01.Z", "2026-05-14T22:00:01+2:00", "-026-05-14T22:00:01Z"})
    CHECK(parse_iso8601(text).error().code == errc::malformed);
}
