// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "one_record.hpp"
#include "protocols/mbus/record_writer.hpp"

using namespace smgw;
using namespace smgw::mbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }

errc refusal(std::string_view text) {
  const auto octets = hex(text);
  record_reader reader{octets};
  record r;
  for (;;) {
    const auto more = reader.next(r);
    if (!more) return more.error().code;
    if (!*more) return errc::internal;
  }
}
}  // namespace

TEST_CASE("storage, tariff, sub-unit and function come from DIF and DIFEs", "[mbus][REQ.WMBUS.apl.20]") {
  const one volume{"0c1367051200"};
  CHECK(volume.r.vif.what == quantity::volume);
  CHECK(volume.r.vif.measured == unit::cubic_metre);
  CHECK(volume.r.value == decimal{120567, -3});
  CHECK(volume.r.storage == 0);

  const one flow{"da023b1301"};
  CHECK(flow.r.function == record_function::maximum);
  CHECK(flow.r.storage == 5);

  const one energy{"8b6004371802"};
  CHECK(energy.r.tariff == 2);
  CHECK(energy.r.subunit == 1);
  CHECK(energy.r.value == decimal{21837, 1});
  CHECK(energy.r.vif.measured == unit::watt_hour);

  const one deep{"b2eff2ff8f8f8f8f8f8f016c0000"};
  CHECK(deep.r.function == record_function::at_error);
  CHECK(deep.r.subunit == 0b111);
  CHECK(deep.r.kind == value_kind::not_available);
}

TEST_CASE("units without a code become the nearest one exactly", "[mbus]") {
  CHECK(one{"02430100"}.r.value == decimal{60, -4});      // m³/min
  CHECK(one{"014b01"}.r.value == decimal{3600, -6});      // m³/s
  CHECK(one{"015301"}.r.vif.measured == unit_other);      // kg/h
  CHECK(one{"04fb0001000000"}.r.value == decimal{1, 5});  // 0.1 MWh
}

TEST_CASE("flags and identifiers have no sign", "[mbus]") {
  CHECK(one{"02fd17ffff"}.r.value == decimal{65535, 0});
  CHECK(one{"01fd08f0"}.r.value == decimal{240, 0});
  CHECK(one{"04786bf99f00"}.r.value == decimal{10484075, 0});
}

TEST_CASE("variable length: text, BCD, binary, containers", "[mbus]") {
  const one text{"0dfd1106363534333231"};
  CHECK(text.r.kind == value_kind::text);
  CHECK(text_of(text.r) == "123456");
  CHECK(one{"0d13c23412"}.r.value == decimal{1234, -3});
  CHECK(one{"0d13d23412"}.r.value == decimal{-1234, -3});
  CHECK(one{"0d13e2ffff"}.r.value == decimal{-1, -3});
  CHECK(one{"0dfd3b020102"}.r.kind == value_kind::octets);
  CHECK(one{"0d13f000112233445566778899aabbccddeeff"}.r.kind == value_kind::octets);
  CHECK(refusal("0d13ca00") == errc::unsupported);
  CHECK(refusal("0d13cf00") == errc::unsupported);
  CHECK(refusal("0d13da00") == errc::unsupported);
  CHECK(refusal("0d13f700") == errc::unsupported);
  CHECK(refusal("0d13ff00") == errc::unsupported);
}

// EN 13757-3:2018, table 5: every range at its ends.
TEST_CASE("variable length: how many octets follow", "[mbus]") {
  const auto size_of = [](unsigned lvar, std::size_t size) {
    bytes octets{0x0D, 0x13, static_cast<std::uint8_t>(lvar)};
    octets.resize(3 + size, 0x01);
    record_reader reader{octets};
    record r;
    REQUIRE(reader.next(r).value());
    CHECK(reader.rest().empty());
    CHECK(r.raw.size() == size);
    return r.kind;
  };
  CHECK(size_of(0x00, 0) == value_kind::text);
  CHECK(size_of(0xBF, 191) == value_kind::text);
  CHECK(size_of(0xC0, 0) == value_kind::not_available);
  CHECK(size_of(0xC9, 9) == value_kind::number);
  CHECK(size_of(0xD0, 0) == value_kind::not_available);
  CHECK(size_of(0xD9, 9) == value_kind::number);
  CHECK(size_of(0xE0, 0) == value_kind::not_available);
  CHECK(size_of(0xE8, 8) == value_kind::number);
  CHECK(size_of(0xEF, 15) == value_kind::octets);  // more than 63 bits
  CHECK(size_of(0xF0, 16) == value_kind::octets);
  CHECK(size_of(0xF4, 32) == value_kind::octets);
  CHECK(size_of(0xF5, 48) == value_kind::octets);
  CHECK(size_of(0xF6, 64) == value_kind::octets);
}

TEST_CASE("manufacturer data are kept and apart", "[mbus][REQ.WMBUS.apl.30]") {
  const one last{"0f43010100"};
  CHECK(last.r.kind == value_kind::manufacturer);
  CHECK(to_hex(last.r.raw) == "43010100");
  CHECK_FALSE(last.r.more_follows);
  CHECK(one{"1f"}.r.more_follows);
  CHECK(one{"7f"}.r.kind == value_kind::none);
  CHECK(refusal("3f00") == errc::unsupported);
  CHECK(refusal("6f") == errc::unsupported);
}

TEST_CASE("fillers are skipped, records without data count", "[mbus]") {
  const auto octets = hex("2f2f0013082f04131234567800002f");
  record_reader reader{bytes_view{octets}.first(4)};
  record r;
  REQUIRE(reader.next(r).value());
  CHECK(r.kind == value_kind::none);
  CHECK(r.vif.what == quantity::volume);
}

TEST_CASE("corrections and qualifiers change the value or the label", "[mbus]") {
  CHECK(one{"01fdc87401"}.r.value == decimal{1, -3});  // 0.1 V · 10^-2
  const auto corrected = one{"02fc03485225743412"};
  CHECK(corrected.r.vif.what == quantity::plain_text);
  CHECK(to_hex(corrected.r.vif.text) == "485225");
  CHECK(corrected.r.value == decimal{0x1234, -2});
  CHECK((one{"04833c01000000"}.r.vif.qualifiers & q_backward_only) != 0);
  CHECK(one{"04a9ff0101000000"}.r.value == decimal{1, -2});  // manufacturer VIFE: the quantity stays
  const one phase{"02fdc8fc010100"};
  CHECK(phase.r.vif.extension == 1);
  CHECK(phase.r.value == decimal{1, -1});
  const one excess{"04da6f32147a18"};
  CHECK(excess.r.kind == value_kind::calendar);
  CHECK(excess.r.when.day == 26);
  const one duration{"01da5105"};
  CHECK(duration.r.vif.measured == unit_minute);
  CHECK(duration.r.value == decimal{5, 0});
  CHECK(one{"01da4105"}.r.value == decimal{5, 0});
  CHECK(one{"01931500"}.r.vif.record_error == 0x15);
}

TEST_CASE("lengths and chains are bounded", "[mbus]") {
  CHECK(refusal("04") == errc::truncated);
  CHECK(refusal("0413010203") == errc::truncated);
  CHECK(refusal("84") == errc::truncated);
  CHECK(refusal("0493") == errc::truncated);
  CHECK(refusal("04fd") == errc::truncated);
  CHECK(refusal("04fdfd") == errc::truncated);
  CHECK(refusal("0493fc") == errc::truncated);
  CHECK(refusal("0d13") == errc::truncated);
  CHECK(refusal("0d130501") == errc::truncated);
  CHECK(refusal("017c") == errc::truncated);
  CHECK(refusal("017c0248") == errc::truncated);
  CHECK(refusal("017cff" + std::string(508, '0')) == errc::truncated);
  CHECK(refusal("84" + std::string(22, '8') + "0013") == errc::malformed);
  CHECK(refusal("0193" + std::string(22, 'a') + "00") == errc::malformed);
}

TEST_CASE("what the writer writes, the reader reads", "[mbus]") {
  const record_place where{record_function::minimum, 0x1234'5678'9, 0x1234, 0x155};
  const std::uint8_t vif[] = {0x13};
  for (const auto c : {coding::int16, coding::int24, coding::int32, coding::int48, coding::int64, coding::bcd4,
                       coding::bcd6, coding::bcd8, coding::bcd12})
    for (const std::int64_t v : {0, 1, -1, 999, -999}) {
      bytes out;
      REQUIRE(put_number(out, c, where, vif, v));
      record_reader reader{out};
      record r;
      REQUIRE(reader.next(r).value());
      CHECK(r.value == decimal{v, -3});
      CHECK(r.storage == where.storage);
      CHECK(r.tariff == where.tariff);
      CHECK(r.subunit == where.subunit);
      CHECK(r.function == where.function);
      CHECK(reader.rest().empty());
    }
  bytes out;
  CHECK(put_number(out, coding::int8, {}, vif, 128).error().code == errc::exhausted);
  CHECK(put_number(out, coding::bcd2, {}, vif, 100).error().code == errc::exhausted);
  CHECK(put_number(out, coding::bcd2, {}, vif, -10).error().code == errc::exhausted);
  CHECK(put_number(out, coding::variable, {}, vif, 1).error().code == errc::unsupported);
  CHECK(put_text(out, {}, vif, std::string(192, 'x')).error().code == errc::exhausted);
  CHECK(out.empty());
  REQUIRE(put_text(out, {}, vif, "abc"));
  record r;
  record_reader reader{out};
  REQUIRE(reader.next(r).value());
  CHECK(text_of(r) == "abc");
}
