// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/status.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::sml;

TEST_CASE("the attribute status is the meter part of the status word", "[sml][status][REQ.TLSHDLC.SMGW.100]") {
  CHECK(to_status_word({0x1C0104, 4}, meter_kind::electricity)->hex() == "00000005001c0104");
  // the same value in 3, 5 or 8 octets
  for (const auto width : {std::uint8_t{3}, std::uint8_t{5}, std::uint8_t{8}})
    CHECK(meter_word({0x1C0104, width}, meter_kind::electricity) == 0x1C0104U);
  CHECK(meter_word({0x04, 1}, meter_kind::electricity) == 0x04U);
  CHECK(meter_word({0x0104, 2}, meter_kind::electricity) == 0x0104U);
}

TEST_CASE("tampering of the meter shows in the gateway's part", "[sml][status][REQ.TLSHDLC.SMGW.100]") {
  CHECK(to_status_word({0x1C0304, 4}, meter_kind::electricity)->hex() == "00004005001c0304");
  CHECK(to_status_word({0x0404, 2}, meter_kind::electricity)->hex() == "0000400500000404");
  CHECK(to_status_word({0x10000208, 4}, meter_kind::gas)->hex() == "0000400510000208");
}

TEST_CASE("no attribute means no fault", "[sml][status][REQ.TLSHDLC.SMGW.100]") {
  CHECK(to_status_word({}, meter_kind::electricity)->hex() == "0000000500000004");
  CHECK(to_status_word({}, meter_kind::gas)->hex() == "0000000510000008");
}

TEST_CASE("a status with more than 32 bits is not that of the table", "[sml][status][REQ.TLSHDLC.SMGW.100]") {
  CHECK(meter_word({4398046511128, 8}, meter_kind::electricity).error().code == errc::unsupported);
  CHECK(to_status_word({0x1'0000'0000, 5}, meter_kind::gas).error().code == errc::unsupported);
}
