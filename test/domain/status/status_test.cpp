// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/status/status.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace smgw;
using namespace smgw::status;

TEST_CASE("the examples of the notation are built from what they mean", "[REQ.TLSHDLC.SMGW.100][status]") {
  const auto electricity = [](std::uint32_t meter, gateway_state s = {}) {
    return build(meter_kind::electricity, meter, s).hex();
  };
  CHECK(electricity(0x4) == "0000000500000004");
  CHECK(electricity(0x1C0104) == "00000005001c0104");
  CHECK(electricity(0x4, {.warning = true}) == "0000100500000004");
  CHECK(build_gap(meter_kind::electricity, {.error = true}).hex() == "0000210500000004");
  CHECK(electricity(0x1C0304) == "00004005001c0304");
  CHECK(electricity(0x4, {.not_validated = true, .time_not_valid = true}) == "0000020700000004");
}

TEST_CASE("magnetic and mechanical tampering set MTR_Tamper by the column of the meter",
          "[REQ.TLSHDLC.SMGW.100][REQ.WMBUS.apl.80][status]") {
  struct sample {
    meter_kind kind;
    unsigned bit;
    bool tamper;
  };
  for (const auto& [kind, bit, tamper] : {sample{meter_kind::electricity, 9, true},
                                          {meter_kind::electricity, 10, true},
                                          {meter_kind::electricity, 11, false},
                                          {meter_kind::gas, 9, true},
                                          {meter_kind::gas, 10, true},
                                          {meter_kind::gas, 11, false},
                                          {meter_kind::wireless, 1, true},
                                          {meter_kind::wireless, 7, true},
                                          {meter_kind::wireless, 9, false},
                                          {meter_kind::wireless, 10, false}}) {
    const auto word = build(kind, 1U << bit);
    CHECK(((word.smgw & meter_tamper) != 0) == tamper);
    CHECK(judge(kind, 1U << bit).tamper == tamper);
  }
}

TEST_CASE("only wireless meters set MTR_Error and the type bit", "[REQ.WMBUS.apl.80][status]") {
  // STS by EN 13757-3: 08 permanent error, 04 power low, 10 temporary error, 02 error (application status)
  CHECK(build(meter_kind::wireless, wireless_word(0x08)).smgw == (fixed | oms | meter_error));
  CHECK(build(meter_kind::wireless, wireless_word(0x02)).smgw == (fixed | oms | meter_error));
  CHECK(build(meter_kind::wireless, wireless_word(0x10)).smgw == (fixed | oms));
  CHECK(build(meter_kind::wireless, wireless_word(0x04)).smgw == (fixed | oms));
  CHECK(build(meter_kind::wireless, wireless_word(0)).smgw == (fixed | oms));
  for (unsigned bit = 0; bit < 32; ++bit) {
    CHECK((build(meter_kind::electricity, 1U << bit).smgw & (meter_error | oms)) == 0);
    CHECK((build(meter_kind::gas, 1U << bit).smgw & (meter_error | oms)) == 0);
  }
}

TEST_CASE("the octets EF1, EF2, EF3 and STS take their places, most significant bit first",
          "[REQ.WMBUS.apl.80][status]") {
  CHECK(wireless_word(0, 0x80) == 1U << 0);
  CHECK(wireless_word(0, 0x01) == 1U << 7);
  CHECK(wireless_word(0, 0, 0x80) == 1U << 8);
  CHECK(wireless_word(0, 0, 0, 0x80) == 1U << 16);
  CHECK(wireless_word(0x80) == 1U << 24);
  CHECK(wireless_word(0x08) == 1U << 28);
  CHECK(wireless_word(0x01) == 1U << 31);
  // written with bit 0 first, the meter's half is the four octets one after another
  const status_word word{.smgw = fixed, .meter = wireless_word(0x44, 0x11, 0x22, 0x33)};
  CHECK(text(word, bit_order::bit0_first).substr(8) == "11223344");
}

TEST_CASE("levels of the meter's half", "[status]") {
  CHECK(judge(meter_kind::electricity, 1U << 17).fatal);
  CHECK(judge(meter_kind::gas, 1U << 17).fatal);
  CHECK(judge(meter_kind::wireless, 1U << 5).fatal);
  CHECK(judge(meter_kind::wireless, 1U << 28).fatal);
  CHECK_FALSE(judge(meter_kind::wireless, 1U << 17).fatal);
  CHECK(judge(meter_kind::wireless, 1U << 9) == meter_verdict{.time_not_valid = true});
  CHECK(judge(meter_kind::wireless, 1U << 3) == meter_verdict{.error = true});
  CHECK(judge(meter_kind::electricity, 0x1CF904) == meter_verdict{});
  for (unsigned bit : {8U, 11U, 12U, 13U, 14U, 15U, 16U, 18U, 19U, 20U, 21U, 22U, 23U, 24U, 25U, 26U, 27U})
    CHECK(judge(meter_kind::gas, 1U << bit) == meter_verdict{.warning = true});
  CHECK(judge(meter_kind::gas, 1U << 28) == meter_verdict{});
  for (unsigned bit : {0U, 8U, 14U, 15U, 16U, 17U, 22U, 23U, 24U, 25U, 26U, 31U})
    CHECK(judge(meter_kind::wireless, 1U << bit) == meter_verdict{});
  CHECK(judge(meter_kind::unknown, 0xFFFF'FFFF) == meter_verdict{});
}

TEST_CASE("a value counts unless it is absent or a fault is fatal", "[status]") {
  CHECK(counts(build(meter_kind::electricity, 0x4)));
  CHECK(counts(build(meter_kind::electricity, 0x304, {.time_not_valid = true, .warning = true})));
  CHECK_FALSE(counts(build(meter_kind::electricity, 0x4, {.error = true})));
  CHECK_FALSE(counts(build(meter_kind::electricity, 0x4 | 1U << 17)));
  CHECK_FALSE(counts(build_gap(meter_kind::gas)));
  CHECK_FALSE(has_value(build_gap(meter_kind::wireless)));
}

TEST_CASE("the kind is told from the word", "[status]") {
  CHECK(kind_of(build(meter_kind::electricity, 0x4)) == meter_kind::electricity);
  CHECK(kind_of(build(meter_kind::gas, 0x8)) == meter_kind::gas);
  CHECK(kind_of(build(meter_kind::wireless, 0x4)) == meter_kind::wireless);
  CHECK(kind_of(status_word{}) == meter_kind::unknown);
  for (const auto k : {meter_kind::electricity, meter_kind::gas, meter_kind::wireless})
    CHECK(kind_of(build_gap(k)) == k);
}

TEST_CASE("no word ever leaves the bits that table 15.1 allows", "[status]") {
  std::mt19937 random{15};
  for (int i = 0; i < 2000; ++i) {
    const auto n = random();
    const gateway_state s{(n & 1) != 0, (n & 2) != 0, (n & 4) != 0, (n & 8) != 0};
    const auto kind = static_cast<meter_kind>((n >> 4U) % 3);
    const auto word = build(kind, static_cast<std::uint32_t>(random()), s);
    REQUIRE((word.smgw & ~allowed) == 0);
    REQUIRE((word.smgw & fixed) == fixed);
    const auto both = combine(word, build_gap(kind, s));
    REQUIRE((both.smgw & ~allowed) == 0);
    REQUIRE((both.smgw & word.smgw) == word.smgw);
  }
}

TEST_CASE("PTB's grades", "[status]") {
  CHECK(ptb_grade(build(meter_kind::electricity, 0x4)) == 0);
  CHECK(ptb_grade(build(meter_kind::electricity, 0x4, {.warning = true})) == 1);
  CHECK(ptb_grade(build_gap(meter_kind::electricity)) == 2);
  CHECK(ptb_grade(build(meter_kind::electricity, 0x4, {.time_not_valid = true})) == 3);
  CHECK(ptb_grade(build(meter_kind::electricity, 0x204)) == 3);
  CHECK(ptb_grade(build(meter_kind::electricity, 0x4, {.error = true})) == 4);
  CHECK(ptb_grade(build(meter_kind::electricity, 0x4 | 1U << 17)) == 4);
}

TEST_CASE("both bit orders, there and back", "[status]") {
  // As one vendor prints it at the consumer interface: bit 0 first.
  CHECK(text({.smgw = 0x5, .meter = 0x4}, bit_order::bit0_first) == "a000000020000000");
  CHECK(text({.smgw = 0x4007, .meter = 0}, bit_order::bit0_first).substr(0, 8) == "e0020000");
  CHECK(text({.smgw = 0x5, .meter = 0x1C0104}, bit_order::bit0_last) == "00000005001c0104");
  CHECK(parse("0000010500100504", bit_order::bit0_last)->smgw == (fixed | gateway_error));
  std::mt19937 random{7};
  for (int i = 0; i < 200; ++i) {
    const status_word word{.smgw = static_cast<std::uint32_t>(random()), .meter = static_cast<std::uint32_t>(random())};
    for (const auto order : {bit_order::bit0_last, bit_order::bit0_first})
      REQUIRE(parse(text(word, order), order) == word);
  }
  for (const auto* wrong : {"", "0000000500000", "00000005000000040", "0000000500000g04"})
    CHECK(parse(wrong, bit_order::bit0_last).error().code == errc::malformed);
}
