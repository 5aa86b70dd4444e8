// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/readings.hpp"

#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/mbus/obis_map.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::wmbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
timestamp at(std::string_view t) { return parse_iso8601(t).value(); }

// A telegram in clear of a meter of this type.
struct sample {
  bytes octets;
  telegram t;
  std::vector<wireless_reading> readings;
  sample(std::string_view records, std::uint8_t type, std::string_view received, std::uint8_t sts = 0)
      : octets(hex(records)) {
    t.result = verdict::accepted;
    t.what = content::records;
    t.meter.type = type;
    t.application = octets;
    t.head.tpl = tpl_header{};
    t.head.tpl->status = sts;
    REQUIRE(read_values(t, at(received), readings));
  }
};
std::string code(std::string_view record, std::uint8_t type) {
  const auto octets = hex(record);
  mbus::record_reader reader{octets};
  mbus::record r;
  REQUIRE(reader.next(r).value());
  const auto o = mbus::obis_of(r, type);
  return o ? o->text() : "none";
}
}  // namespace

TEST_CASE("data points of the media", "[wmbus][REQ.WMBUS.apl.50][REQ.WMBUS.apl.60]") {
  CHECK(code("040301000000", 2) == "1-0:1.8.0*255");
  CHECK(code("84100301000000", 2) == "1-0:1.8.1*255");
  CHECK(code("04833c01000000", 2) == "1-0:2.8.0*255");
  CHECK(code("04fb820001000000", 2) == "1-0:3.8.0*255");
  CHECK(code("042b01000000", 2) == "1-0:16.7.0*255");
  CHECK(code("02fdc8fc020100", 2) == "1-0:52.7.0*255");
  CHECK(code("02fdd9fc030100", 2) == "1-0:71.7.0*255");
  CHECK(code("041301000000", 7) == "8-0:1.0.0*255");
  CHECK(code("441301000000", 7) == "8-0:1.2.0*255");
  CHECK(code("041301000000", 6) == "9-0:1.0.0*255");
  CHECK(code("041301000000", 3) == "7-0:3.0.0*255");
  CHECK(code("04933e01000000", 3) == "7-0:3.2.0*255");
  CHECK(code("040601000000", 4) == "6-0:1.0.0*255");
  CHECK(code("04863c01000000", 0x0D) == "5-0:1.0.0*255");
  CHECK(code("040601000000", 0x0A) == "5-0:1.0.0*255");
  CHECK(code("02abfc010100", 2) == "1-0:36.7.0*255");
  CHECK(code("02abfc030100", 2) == "1-0:76.7.0*255");
  CHECK(code("025a0101", 4) == "6-0:10.0.0*255");
  CHECK(code("026e0101", 8) == "4-0:1.0.0*255");
}

TEST_CASE("what has no code", "[wmbus][REQ.WMBUS.apl.30]") {
  CHECK(code("0f010203", 7) == "none");
  CHECK(code("04ff1301000000", 7) == "none");
  CHECK(code("141301000000", 7) == "none");    // a maximum
  CHECK(code("84401301000000", 7) == "none");  // another sub-unit
  CHECK(code("84041301000000", 7) == "none");  // a month
  CHECK(code("04937e01000000", 7) == "none");  // a future value
  CHECK(code("041300000080", 7) == "none");    // not available
  CHECK(code("041301000000", 0x1B) == "none");
  CHECK(code("441301000000", 3) == "none");        // 7-0:3.1.0 is the temperature-converted volume
  CHECK(code("04fb2001000000", 7) == "none");      // cubic feet
  CHECK(code("04930100000000", 7) == "none");      // a record error
  CHECK(code("02fdc8fc81fc100100", 2) == "none");  // of one phase, and something else
}

TEST_CASE("the age of the value counts from reception", "[wmbus][REQ.WMBUS.apl.12][REQ.WMBUS.apl.13]") {
  const sample s{"0c136705120001741e046d0813cf29", 7, "2026-05-14T22:01:00Z"};
  REQUIRE(s.readings.size() == 1);
  CHECK(s.readings[0].captured == at("2026-05-14T22:00:30Z"));
  CHECK(s.readings[0].value == decimal{120567, -3});
  CHECK(s.readings[0].measured == unit::cubic_metre);
  CHECK(s.readings[0].billing);
  CHECK(s.readings[0].meter_time->hour == 19);
  const sample start{
      "0c1367051200"
      "01f43905"
      "04ed390813cf29",
      7, "2026-05-14T22:01:00Z"};  // of something else
  CHECK(start.readings[0].captured == at("2026-05-14T22:01:00Z"));
  CHECK_FALSE(start.readings[0].meter_time);
  const sample minutes{"0c1367051200017502", 7, "2026-05-14T22:01:00Z"};
  CHECK(minutes.readings[0].captured == at("2026-05-14T21:59:00Z"));
}

TEST_CASE("an inverse profile gives billing values at nominal times", "[wmbus][REQ.WMBUS.apl.10][REQ.WMBUS.apl.11]") {
  // 10.000 m³ measured 3 s before the end of reception at 22:15:05; quarter-hours of 5 l and 3 l before.
  const sample s{"0413102700000174030d931304510f0503", 7, "2026-05-14T22:15:05Z"};
  REQUIRE(s.readings.size() == 3);
  CHECK_FALSE(s.readings[0].billing);
  CHECK(s.readings[0].captured == at("2026-05-14T22:15:02Z"));
  CHECK(s.readings[1].billing);
  CHECK(s.readings[1].captured == at("2026-05-14T22:00:00Z"));
  CHECK(s.readings[1].value == decimal{9995, -3});
  CHECK(s.readings[2].captured == at("2026-05-14T21:45:00Z"));
  CHECK(s.readings[2].value == decimal{9992, -3});
  // Not within one hundredth of the period: only the current value.
  const sample late{"0413102700000174030d931304510f0503", 7, "2026-05-14T22:16:05Z"};
  CHECK(late.readings.size() == 1);
}

TEST_CASE("meter status: EF1 to EF3 and STS", "[wmbus][REQ.WMBUS.apl.80]") {
  CHECK(meter_status({}, 0) == 0);
  CHECK(meter_status({0x80, 0, 0}, 0) == 0x0000'0001);
  CHECK(meter_status({0x40, 0, 0}, 0) == 0x0000'0002);
  CHECK(meter_status({0x01, 0, 0}, 0) == 0x0000'0080);
  CHECK(meter_status({0, 0x80, 0x01}, 0) == 0x0080'0100);
  CHECK(meter_status({}, 0x10) == 0x0800'0000);  // temporary error: bit 27
  CHECK(meter_status({}, 0x08) == 0x1000'0000);  // permanent error: bit 28
  CHECK(meter_status({}, 0x04) == 0x2000'0000);  // power low: bit 29
  CHECK(status_of({0x40, 0, 0}, 0).smgw == 0x0002'4005);
  CHECK(status_of({}, 0x08).smgw == 0x0002'8005);
  CHECK(status_of({}, 0).smgw == 0x0002'0005);
  const sample s{
      "041301000000"
      "02fd174080",
      7, "2026-05-14T22:15:05Z", 0x08};
  CHECK(s.readings.at(0).status.meter == 0x1000'0102);
  CHECK(s.readings.at(0).status.smgw == 0x0002'C005);
}

TEST_CASE("refused", "[wmbus]") {
  telegram t;
  std::vector<wireless_reading> out;
  CHECK(read_values(t, {}, out).error().code == errc::conflict);
  t.result = verdict::accepted;
  t.what = content::records;
  const auto broken = hex("0413");
  t.application = broken;
  CHECK(read_values(t, {}, out).error().code == errc::truncated);
}
