// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"

#include <smgw/types.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("a device id is the server id of the meter, and back", "[REQ.TLSHDLC.SMGW.10]") {
  const auto id = device_id::parse("1 EMH00 10482201");
  REQUIRE(id);
  CHECK(id->text() == "1EMH0010482201");
  CHECK(id->lower() == "1emh0010482201");
  CHECK(to_hex(id->server_id()) == "0a01454d4800009ff219");
  CHECK(device_id::from_server_id(id->server_id()) == *id);
  CHECK(to_hex(device_id::parse("1MTR0E00000123")->server_id()) == "0a014d54520e0000007b");
}

TEST_CASE("a device id of another shape is refused") {
  for (const auto* text : {"", "1EMH001048220", "1EMH00104822011", "0EMH0010482201", "1E1H0010482201", "1EMHG010482201",
                           "1EMH001048220X", "GEMH0010482201"})
    CHECK(device_id::parse(text).error().code == errc::malformed);
  CHECK_FALSE(device_id::from_server_id(*from_hex("0901454d4800009ff219")));
}

TEST_CASE("OBIS codes are read in both notations") {
  CHECK(obis::parse("1-0:1.8.0")->hex() == "0100010800ff");
  CHECK(obis::parse("0100010800ff")->text() == "1-0:1.8.0*255");
  CHECK(obis::parse("7-0:6.8.0*101")->hex() == "070006080065");
  for (const auto* text :
       {"", "1-0:1.8", "1-0:1.8.0*", "1-0:1.8.0*256", "1:0-1.8.0", "1-0:1.8.0*255x", "0100010800f", "1-0:-1.8.0"})
    CHECK(obis::parse(text).error().code == errc::malformed);
}

TEST_CASE("decimals print exactly") {
  CHECK(decimal{6391081, -1}.text() == "639108.1");
  CHECK(decimal{-5, -3}.text() == "-0.005");
  CHECK(decimal{12, 2}.text() == "1200");
  CHECK(decimal{0, 3}.text() == "0");
  CHECK(decimal{9'999'999'999'999'999, -6}.text() == "9999999999.999999");
}

TEST_CASE("the status word prints the gateway part first", "[status]") {
  CHECK(status_word{.smgw = 0x5, .meter = 0x1C0104}.hex() == "00000005001c0104");
}
