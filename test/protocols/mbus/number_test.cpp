// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/number.hpp"

#include "base/hex.hpp"

#include <catch2/catch_test_macros.hpp>

#include <bit>
#include <limits>

using namespace smgw;
using namespace smgw::mbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
number real(float f) {
  const auto raw = std::bit_cast<std::uint32_t>(f);
  const bytes octets{static_cast<std::uint8_t>(raw), static_cast<std::uint8_t>(raw >> 8),
                     static_cast<std::uint8_t>(raw >> 16), static_cast<std::uint8_t>(raw >> 24)};
  return read_real(octets);
}
constexpr auto exact = number_state::exact;
constexpr auto nothing = number_state::not_available;
}  // namespace

TEST_CASE("binary numbers keep their sign", "[mbus][REQ.WMBUS.apl.70]") {
  CHECK(read_signed(hex("01")) == number{1, 0, exact});
  CHECK(read_signed(hex("ff")) == number{-1, 0, exact});
  CHECK(read_signed(hex("daff")) == number{-38, 0, exact});
  CHECK(read_signed(hex("137dae")) == number{-5341933, 0, exact});
  CHECK(read_signed(hex("ffffffffffffff7f")) == number{std::numeric_limits<std::int64_t>::max(), 0, exact});
  CHECK(read_signed(hex("010000000000000000")) == number{1, 0, exact});
  CHECK(read_signed(hex("feffffffffffffffff")) == number{-2, 0, exact});
  CHECK(read_signed(hex("000000000000000001")).state == number_state::too_large);
  CHECK(read_signed({}) == number{});
}

TEST_CASE("the sign bit alone means no value", "[mbus]") {
  CHECK(read_signed(hex("80")).state == nothing);
  CHECK(read_signed(hex("000080")).state == nothing);
  CHECK(read_signed(hex("0000000000000080")).state == nothing);
}

TEST_CASE("unsigned numbers", "[mbus]") {
  CHECK(read_unsigned(hex("f0")) == number{240, 0, exact});
  CHECK(read_unsigned(hex("ffff")).state == nothing);
  CHECK(read_unsigned(hex("ffffffffffffff7f")) == number{std::numeric_limits<std::int64_t>::max(), 0, exact});
  CHECK(read_unsigned(hex("0000000000000080")).state == number_state::too_large);
}

TEST_CASE("BCD: F in front is a sign, other letters are no value", "[mbus]") {
  CHECK(read_bcd(hex("67051200")) == number{120567, 0, exact});
  CHECK(read_bcd(hex("23f1")) == number{-123, 0, exact});
  CHECK(read_bcd(hex("999999999999999999")) == number{999'999'999'999'999'999, 0, exact});
  CHECK(read_bcd(hex("ffffffff")).state == nothing);
  CHECK(read_bcd(hex("3a")).state == nothing);
  CHECK(read_bcd(hex("a3")).state == nothing);
  CHECK(read_bcd(hex("00000000000000000000")).state == number_state::too_large);
  CHECK(read_bcd({}) == number{});
}

TEST_CASE("REAL32 becomes an exact decimal where one exists", "[mbus]") {
  CHECK(real(0.0F) == number{0, 0, exact});
  CHECK(real(155600.0F) == number{155600, 0, exact});
  CHECK(real(231.75F) == number{23175, -2, exact});
  CHECK(real(-0.5F) == number{-5, -1, exact});
  CHECK(real(16777216.0F) == number{16777216, 0, exact});
  CHECK(real(std::numeric_limits<float>::infinity()).state == nothing);
  CHECK(real(std::numeric_limits<float>::quiet_NaN()).state == nothing);
  CHECK(read_real(hex("000000")).state == nothing);
}

TEST_CASE("REAL32 without a short decimal is rounded and says so", "[mbus]") {
  for (const float f : {0.1F, 3.4e38F, 1e-38F, 1e-45F, 0.996F}) {
    const auto n = real(f);
    long double value = static_cast<long double>(n.value);
    for (int i = 0; i < n.scaler; ++i) value *= 10;
    for (int i = 0; i > n.scaler; --i) value /= 10;
    const auto error = (value - static_cast<long double>(f)) / static_cast<long double>(f);
    CHECK(error < 1e-15L);
    CHECK(error > -1e-15L);
  }
  CHECK(real(1e-38F).state == number_state::rounded);
  CHECK(real(0.1F).state == number_state::rounded);
}

TEST_CASE("factors and powers of ten stay exact or are refused", "[mbus]") {
  CHECK(scaled({5, 0, exact}, 60, -7) == number{300, -7, exact});
  CHECK(scaled({std::numeric_limits<std::int64_t>::max(), 0, exact}, 60, 0).state == number_state::too_large);
  CHECK(scaled({1, -100, exact}, 1, -100).state == number_state::too_large);
  CHECK(scaled({0, 0, nothing}, 60, 0).state == nothing);
}
