// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/inner_signature.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("The inner signature covers name, status, time, value, scaler and unit") {
  reading r;
  r.value = {-2, -1};
  r.measured = unit::watt_hour;
  r.captured = *parse_iso8601("2026-05-14T22:00:01Z");
  r.status.meter = 4;
  const auto input = cms::inner_signature_input("0100010800ff.x.sm", r);
  CHECK(as_text(input).starts_with("0100010800ff.x.sm"));
  CHECK(to_hex(bytes_view{input}.subspan(17)) ==
        "00"
        "0000000500000004" +
            to_hex(as_bytes("2026-05-14T22:00:01Z")) +
            "00"
            "fffffffffffffffe"
            "ff"
            "1e");
}

TEST_CASE("Every covered field changes the input") {
  reading r;
  const auto before = cms::inner_signature_input("a", r);
  const auto changed = [&](auto change) {
    auto other = r;
    change(other);
    return cms::inner_signature_input("a", other) != before;
  };
  CHECK(changed([](reading& x) { x.value.value = 1; }));
  CHECK(changed([](reading& x) { x.value.scaler = 1; }));
  CHECK(changed([](reading& x) { x.measured = unit::watt; }));
  CHECK(changed([](reading& x) { x.status.smgw |= 2; }));
  CHECK(changed([](reading& x) { x.captured += std::chrono::seconds{1}; }));
  CHECK(cms::inner_signature_input("b", r) != before);
}
