// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/tl.hpp"

#include "base/hex.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::sml;

namespace {

struct source {
  explicit source(std::string_view text) : data(*from_hex(text)), in(data) {}
  bytes data;
  cursor in;
};
errc fault(const cursor& in) { return in.refusal().error().code; }

}  // namespace

TEST_CASE("integers of 1 to 8 octets are read, also of 3 and 5", "[sml]") {
  CHECK(source{"62ff"}.in.number(8) == 0xFF);
  CHECK(source{"64010203"}.in.number(8) == 0x010203);
  CHECK(source{"660102030405"}.in.number(8) == 0x0102030405);
  CHECK(source{"69ffffffffffffffff"}.in.number(8) == UINT64_MAX);
  CHECK(source{"52ff"}.in.signed_number(8) == -1);
  CHECK(source{"54fffffe"}.in.signed_number(8) == -2);
  CHECK(source{"547fffff"}.in.signed_number(8) == 0x7FFFFF);
  CHECK(source{"56fffffffffd"}.in.signed_number(8) == -3);
  CHECK(source{"598000000000000000"}.in.signed_number(8) == INT64_MIN);
}

TEST_CASE("integers of another type or width are refused", "[sml]") {
  for (const auto* text : {"61", "6a000000000000000000", "520a", "420a", "0201", "7101", "630101", "00"}) {
    source s{text};
    INFO(text);
    CHECK(s.in.number(1) == 0);
    CHECK(fault(s.in) == errc::malformed);
  }
  for (const auto* text : {"51", "5a000000000000000000", "620a", "0201", "530101"}) {
    source s{text};
    CHECK(s.in.signed_number(1) == 0);
    CHECK(fault(s.in) == errc::malformed);
  }
  for (const auto* text : {"62", "6501", "69", ""}) {
    source s{text};
    CHECK(s.in.number(8) == 0);
    CHECK(fault(s.in) == errc::truncated);
  }
}

TEST_CASE("length fields of several octets count themselves, lists count elements", "[sml]") {
  source text{"8102" + to_hex(bytes(16, 0xAA)) + "01"};
  CHECK(text.in.octets().size() == 16);
  CHECK(text.in.octets().empty());
  CHECK(text.in.ok());
  source longer{"818104" + to_hex(bytes(0x114 - 3, 0xAA))};
  CHECK(longer.in.octets().size() == 0x111);
  CHECK(longer.in.left() == 0);
  source list{"f101" + to_hex(bytes(17, 0x01))};
  CHECK(list.in.list_up_to(100) == 17);
  source few{"f003620101"};
  few.in.list(3);
  CHECK(few.in.ok());
}

TEST_CASE("length fields that lie are refused", "[sml]") {
  struct row {
    const char* text;
    errc code;
  };
  for (const auto& [text, code] : {row{"00", errc::malformed},
                                   {"05aabb", errc::truncated},
                                   {"8f0f", errc::truncated},
                                   {"8001", errc::malformed},
                                   {"8000", errc::malformed},
                                   {"8171", errc::malformed},
                                   {"81808080808001", errc::malformed},
                                   {"81", errc::truncated},
                                   {"8180", errc::truncated},
                                   {"83ffff", errc::malformed}}) {
    source s{text};
    INFO(text);
    CHECK(s.in.octets().empty());
    CHECK(fault(s.in) == code);
    CHECK(s.in.left() == 0);
  }
  CHECK(source{"7f01"}.in.list_up_to(100) == 0);
  source many{"7301010101"};
  CHECK(many.in.list_up_to(2) == 0);
  CHECK(fault(many.in) == errc::exhausted);
  source other{"7201"};
  other.in.list(3);
  CHECK(fault(other.in) == errc::malformed);
}

TEST_CASE("the first fault stays", "[sml]") {
  source s{"6201"};
  CHECK(s.in.octets().empty());
  CHECK_FALSE(s.in.ok());
  CHECK(s.in.number(8) == 0);
  CHECK_FALSE(s.in.boolean());
  CHECK(s.in.skip().empty());
  CHECK(fault(s.in) == errc::malformed);
}

TEST_CASE("booleans and skipping", "[sml]") {
  CHECK(source{"4201"}.in.boolean());
  CHECK(source{"42ff"}.in.boolean());
  CHECK_FALSE(source{"4200"}.in.boolean());
  CHECK_FALSE(source{"430101"}.in.boolean());
  source s{"7372620101037200000005aabbccdd62"};
  CHECK(s.in.skip().empty());  // a zero length inside
  CHECK(fault(s.in) == errc::malformed);
  source t{"737262010103aabb7062ff"};
  CHECK(t.in.skip().size() == 9);
  CHECK(t.in.number(1) == 0xFF);
  // depth costs nothing
  source deep{to_hex(bytes(50000, 0x71)) + "01"};
  CHECK(deep.in.skip().size() == 50001);
}
