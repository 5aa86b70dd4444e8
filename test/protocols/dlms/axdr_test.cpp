// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/axdr.hpp"

#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace smgw;
using namespace smgw::dlms;
using axdr::type;
using samples::hex;

namespace {

std::vector<axdr::element> all(bytes_view in) {
  std::vector<axdr::element> out;
  axdr::cursor c{samples::kept(in)};
  axdr::element e;
  while (c.next(e)) out.push_back(e);
  REQUIRE_FALSE(c.failed());
  CHECK(c.rest().empty());
  return out;
}
errc refusal(std::string_view text) { return axdr::check(hex(text)).error().code; }

}  // namespace

TEST_CASE("every integer type round-trips at its limits") {
  struct limits {
    type what;
    std::int64_t low, high;
  };
  for (const auto& l :
       {limits{type::boolean, 0, 1}, limits{type::bcd, 0, 0x99}, limits{type::integer, -128, 127},
        limits{type::unsigned_integer, 0, 255}, limits{type::enumerated, 0, 255},
        limits{type::long_integer, -32768, 32767}, limits{type::long_unsigned, 0, 65535},
        limits{type::double_long, std::numeric_limits<std::int32_t>::min(), 2147483647},
        limits{type::double_long_unsigned, 0, 4294967295},
        limits{type::long64, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()},
        limits{type::long64_unsigned, 0, std::numeric_limits<std::int64_t>::max()},
        limits{type::delta_integer, -128, 127}, limits{type::delta_long, -32768, 32767},
        limits{type::delta_double_long, -5, 5}, limits{type::delta_unsigned, 0, 255},
        limits{type::delta_long_unsigned, 0, 65535}, limits{type::delta_double_long_unsigned, 0, 4294967295}})
    for (const auto value : {l.low, l.high}) {
      bytes out;
      axdr::put_integer(out, l.what, value);
      const auto read = all(out);
      REQUIRE(read.size() == 1);
      CHECK(read[0].what == l.what);
      CHECK(axdr::integer_of(read[0]) == value);
      CHECK_FALSE(axdr::name_of(l.what).empty());
    }
}

TEST_CASE("an unsigned 64-bit value beyond the signed range is no number, and its octets stay") {
  const auto read = all(hex("15ffffffffffffffff"));
  CHECK_FALSE(axdr::number_of(read[0]));
  CHECK(read[0].data.size() == 8);
}

TEST_CASE("floats are read as the shortest decimal") {
  const auto number = [](auto put, auto value) {
    bytes out;
    put(out, value);
    return axdr::number_of(all(out)[0]);
  };
  CHECK(number(axdr::put_float32, 230.1F)->text() == "230.1");
  CHECK(number(axdr::put_float32, -0.005F)->text() == "-0.005");
  CHECK(number(axdr::put_float64, 123456789.123)->text() == "123456789.123");
  CHECK(number(axdr::put_float64, 0.0)->text() == "0");
  CHECK(number(axdr::put_float64, 1e21) == decimal{1, 21});
  CHECK_FALSE(number(axdr::put_float64, 1e300));
  CHECK_FALSE(number(axdr::put_float32, std::numeric_limits<float>::infinity()));
  CHECK_FALSE(number(axdr::put_float32, std::numeric_limits<float>::quiet_NaN()));
}

TEST_CASE("strings, bit strings and times keep their octets") {
  bytes out;
  axdr::put_structure(out, 8);
  axdr::put_octets(out, type::octet_string, bytes(200, 0xAA));
  axdr::put_octets(out, type::visible_string, hex("4b616d"));
  axdr::put_octets(out, type::utf8_string, hex("c3a4"));
  axdr::put_bits(out, hex("a8"), 5);
  axdr::put_fixed(out, type::date_time, bytes(12, 1));
  axdr::put_fixed(out, type::date, bytes(5, 2));
  axdr::put_fixed(out, type::time, bytes(4, 3));
  axdr::put_null(out);
  const auto read = all(out);
  REQUIRE(read.size() == 9);
  CHECK(read[0].count == 8);
  CHECK(read[1].data.size() == 200);
  CHECK(read[2].text());
  CHECK(read[4].count == 5);
  CHECK(read[4].data.size() == 1);
  CHECK(read[5].data.size() == 12);
  CHECK(read[8].what == type::null_data);
  CHECK(read[8].depth == 1);
}

TEST_CASE("compact arrays are unfolded as if each member had its tag") {
  // structure {long-unsigned, array of 2 unsigned, octet-string}, twice
  bytes out;
  axdr::put_structure(out, 2);
  axdr::put_compact_array(out,
                          hex("020312"
                              "01000211"
                              "09"),
                          hex("00050102"
                              "02abcd"
                              "00060304"
                              "00"));
  axdr::put_integer(out, type::unsigned_integer, 9);
  const auto read = all(out);
  std::vector<std::pair<int, int>> shape;
  for (const auto& e : read) shape.emplace_back(static_cast<int>(e.what), e.depth);
  CHECK(shape == std::vector<std::pair<int, int>>{{2, 0},
                                                  {19, 1},
                                                  {2, 2},
                                                  {18, 3},
                                                  {1, 3},
                                                  {17, 4},
                                                  {17, 4},
                                                  {9, 3},
                                                  {2, 2},
                                                  {18, 3},
                                                  {1, 3},
                                                  {17, 4},
                                                  {17, 4},
                                                  {9, 3},
                                                  {17, 1}});
  CHECK(axdr::integer_of(read[9]) == 6);
  CHECK(axdr::integer_of(read[14]) == 9);
}

TEST_CASE("an empty compact array is one element") { CHECK(all(hex("131200")).size() == 1); }

TEST_CASE("values that break the rules are refused by code") {
  CHECK(refusal("") == errc::truncated);
  CHECK(refusal("0500") == errc::truncated);
  CHECK(refusal("0202") == errc::truncated);            // two members claimed, nothing there
  CHECK(refusal("0184ffffffff00") == errc::truncated);  // four thousand million members
  CHECK(refusal("0985ff") == errc::truncated);          // length of five octets
  CHECK(refusal("0905aa") == errc::truncated);
  CHECK(refusal("04ff") == errc::truncated);
  CHECK(refusal("9f") == errc::unsupported);  // a tag the standard does not define
  CHECK(refusal("020100"
                "00") == errc::malformed);        // octets behind the value
  CHECK(refusal("13000101") == errc::malformed);  // compact array of members without octets
  CHECK(refusal("13021300") == errc::malformed);  // compact array in a compact array
  CHECK(refusal("1312050001") == errc::truncated);
  CHECK(refusal("13120300010203") == errc::truncated);  // half a member
}

TEST_CASE("nesting and number of elements are bounded") {
  std::string deep;
  for (std::size_t i = 0; i <= axdr::max_depth; ++i) deep += "0201";
  CHECK(refusal(deep + "00") == errc::exhausted);
  const auto deepest = deep.substr(4);
  CHECK(axdr::check(hex(deepest + "00")));
  CHECK(refusal(deepest + "0200") == errc::exhausted);  // one level more, though nothing is in it
  bytes wide;
  axdr::put_array(wide, axdr::max_elements);
  wide.resize(wide.size() + axdr::max_elements);
  CHECK(axdr::check(wide).error().code == errc::exhausted);
  // 65535 members without octets each: a few octets that would be a million elements
  CHECK(refusal("13"
                "0201"
                "01ffff00"
                "03"
                "000000") == errc::exhausted);
  CHECK(refusal("13"
                "0202"
                "01ffff00"
                "11"
                "03"
                "000000") == errc::exhausted);
}

TEST_CASE("a value cut at any octet is refused, and nothing is read beyond it") {
  const auto whole = samples::body();
  REQUIRE(axdr::check(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(axdr::check(cut).error().code == errc::truncated);
  }
}
