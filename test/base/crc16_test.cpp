// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/crc16.hpp"

#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

TEST_CASE("both CRC give the check value of their catalogue", "[crc]") {
  const auto check = as_bytes("123456789");
  CHECK(crc16_x25(check) == 0x906E);
  CHECK(crc16_kermit(check) == 0x2189);
  CHECK(crc16_x25({}) == 0);
  CHECK(crc16_kermit({}) == 0);
}

TEST_CASE("the CRC by eight octets is the CRC by bits, at every length", "[crc]") {
  bytes data;
  for (unsigned n = 0; n < 70; ++n) {
    unsigned crc = 0xFFFF;
    for (const unsigned octet : data) {
      crc ^= octet;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1) ^ 0x8408U : crc >> 1;
    }
    CHECK(crc16_x25(data) == (crc ^ 0xFFFFU));
    data.push_back(static_cast<std::uint8_t>(n * 37 + 11));
  }
}
