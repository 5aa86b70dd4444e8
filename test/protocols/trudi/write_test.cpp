// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/time_text.hpp"
#include "protocols/trudi/checks.hpp"
#include "protocols/trudi/document.hpp"
#include "protocols/trudi/xml_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <pugixml.hpp>

using namespace smgw;
using namespace std::chrono_literals;
using trudi::document;

namespace {

timestamp at(std::string_view t) { return parse_iso8601(t).value(); }
const auto january = at("2026-01-01T00:00:00+01:00");
const auto february = at("2026-02-01T00:00:00+01:00");
const auto march = at("2026-03-01T00:00:00+01:00");
constexpr status_word good{.smgw = 5, .meter = 0x001C0104};

document around(std::vector<trudi::list> lists) {
  document d;
  d.usage_point = "DE0001234567890000000000000000001";
  d.customer = "consumer1";
  d.invoicing_party = "9903100000006";
  d.smgw = "ESMG0012345678";
  d.firmware = "0.1.0";
  d.certificate.content = {0x30, 0x03, 0x02, 0x01, 0x01};
  d.tariff = "Tag & Nacht <2026>";
  d.log.push_back({.number = 17, .at = january, .event = 6002, .vendor = "SMGW", .text = "96 values sent"});
  d.lists = std::move(lists);
  return d;
}

trudi::value value(timestamp target, std::int64_t v, status_word status = good, unsigned grade = 0) {
  return {.level = {.value = v, .scaler = -1},
          .captured = target + 4s,
          .target = target,
          .status = status,
          .grade = grade,
          .signature = {}};
}

/// Quarter hours from `from` to `to`, both ends included.
trudi::list original(timestamp from, timestamp to) {
  trudi::block b{.from = from, .to = to, .values = {}};
  std::int64_t level = 639'118;
  for (auto t = from; t <= to; t += 15min) b.values.push_back(value(t, level += 17));
  return {.meter = "1EMH0010482201",
          .register_name = obis::parse("1-0:1.8.0").value(),
          .source = "1EMH0010482201",
          .measured = unit::watt_hour,
          .period = 900s,
          .original = true,
          .blocks = {b}};
}

trudi::list derived(std::string_view name, std::int64_t v) {
  return {.meter = "1EMH0010482201",
          .register_name = obis::parse(name).value(),
          .source = "taf2-1",
          .measured = unit::watt_hour,
          .period = {},
          .original = false,
          .blocks = {{.from = january, .to = february, .values = {value(february, v)}},
                     {.from = february, .to = march, .values = {value(march, 2 * v)}}}};
}

std::string written(const document& d) {
  auto text = trudi::write(d);
  INFO((text ? "" : text.error().what));
  REQUIRE(text);
  return *text;
}

void check_all(const document& d, unsigned taf) {
  const auto xml = written(d);
  CHECK(test::xsd_complaints(xml) == "");
  CHECK(test::trudi_complaints(xml, taf) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("TAF 7: a month of quarter hours is valid by the schema and passes each check") {
  check_all(around({original(january, february)}), 7);
}

TEST_CASE("TAF 1: original list and derived register") {
  auto total = derived("1-0:1.8.0", 4711);
  total.source = "taf1-1";
  check_all(around({original(january, march), total}), 1);
}

TEST_CASE("TAF 2: original list, total, stages and error register") {
  check_all(around({original(january, march), derived("1-0:1.8.0", 118), derived("1-0:1.8.1", 50),
                    derived("1-0:1.8.2", 65), derived("1-0:1.8.63", 3)}),
            2);
}

TEST_CASE("TAF 6: the one value of a day, without extent in time") {
  auto l = original(january, january);
  check_all(around({l}), 6);
}

TEST_CASE("the checks can fail: each of them finds its own fault") {
  const auto good_xml = written(around({original(january, february)}));
  const auto broken = [&](const std::string& what, const std::string& by) {
    auto xml = good_xml;
    const auto where = xml.find(what);
    REQUIRE(where != xml.npos);
    return test::trudi_complaints(xml.replace(where, what.size(), by), 7);
  };
  CHECK_FALSE(broken("<tariffName>Tag &amp; Nacht &lt;2026&gt;</tariffName>", "").empty());
  CHECK_FALSE(broken("<certId>1</certId>", "<certId>1</certId><certId>2</certId>").empty());
  CHECK_FALSE(broken("<statusFNN>00000005", "<statusFNN>00000004").empty());
  CHECK_FALSE(broken("<obisCode>0100010800ff", "<obisCode>0100010800fg").empty());
  CHECK_FALSE(broken("1EMH0010482201.sm", "taf7-1.sm").empty());
  CHECK_FALSE(broken("<start>2025-12-31T23:00:04Z", "<start>2025-12-31T22:00:04Z").empty());
  CHECK_FALSE(test::trudi_complaints(good_xml, 1).empty());
  CHECK_FALSE(
      test::xsd_complaints("<UsagePoints xmlns=\"http://vde.de/AR_2418-6.xsd\"><Point/></UsagePoints>").empty());
}

TEST_CASE("a status word that readers would refuse is written as PTB's grade") {
  CHECK(trudi::fits_fnn(good));
  CHECK(trudi::fits_fnn({.smgw = 0x7307, .meter = 0x001FFF04}));
  CHECK_FALSE(trudi::fits_fnn({.smgw = 0x00020005, .meter = 0x10000000}));  // wireless
  CHECK_FALSE(trudi::fits_fnn({.smgw = 0x00010005, .meter = 4}));           // sent because of a threshold
  CHECK_FALSE(trudi::fits_fnn({.smgw = 5, .meter = 8}));                    // gas
  CHECK_FALSE(trudi::fits_fnn({.smgw = 5, .meter = 0}));                    // a sum of several meters
  auto l = original(january, january);
  l.blocks[0].values[0] = value(january, 5, {.smgw = 0x00020105, .meter = 0}, 4);
  const auto xml = written(around({l}));
  CHECK(xml.find("<statusPTB>4</statusPTB>") != xml.npos);
  CHECK(xml.find("statusFNN") == xml.npos);
  check_all(around({l}), 6);
}

TEST_CASE("values of different scalers get the finest one, to the last digit") {
  auto l = original(january, january + 15min);
  l.blocks[0].values[0].level = {.value = 7, .scaler = 2};
  l.blocks[0].values[1].level = {.value = 70'001, .scaler = -2};
  const auto xml = written(around({l}));
  CHECK(xml.find("<scaler>-2</scaler>") != xml.npos);
  CHECK(xml.find("<espi:value>70000</espi:value>") != xml.npos);
  CHECK(xml.find("<espi:value>70001</espi:value>") != xml.npos);
}

TEST_CASE("a value beyond 48 bits is refused, the largest one is valid") {
  auto l = original(january, january);
  l.blocks[0].values[0].level.value = trudi::max_value;
  check_all(around({l}), 6);
  l.blocks[0].values[0].level.value = trudi::max_value + 1;
  CHECK(trudi::write(around({l})).error().code == errc::exhausted);
  l.blocks[0].values.push_back(value(january, 1));
  l.blocks[0].values[0].level = {.value = trudi::max_value / 10 + 1, .scaler = 0};
  CHECK(trudi::write(around({l})).error().code == errc::exhausted);
}

TEST_CASE("sums and differences of two meters are named as such") {
  auto a = original(january, january);
  auto b = a;
  b.meter = "1ISK0070000002";
  b.source = "1ISK0070000002";
  auto d = around({a, b});
  d.math = trudi::combination{.first = 0, .second = 1, .subtract = true};
  check_all(d, 7);
  CHECK(written(d).find("<operator>2</operator>") != std::string::npos);
  d.math->second = 2;
  CHECK(trudi::write(d).error().code == errc::malformed);
}

TEST_CASE("each mandatory field is missed by name") {
  const auto refuses = [](auto change) {
    auto d = around({original(january, january)});
    change(d);
    const auto text = trudi::write(d);
    return !text && text.error().code == errc::malformed && !text.error().what.empty();
  };
  CHECK(refuses([](document& d) { d.usage_point.clear(); }));
  CHECK(refuses([](document& d) { d.customer = std::string(65, 'x'); }));
  CHECK(refuses([](document& d) { d.invoicing_party.clear(); }));
  CHECK(refuses([](document& d) { d.smgw.clear(); }));
  CHECK(refuses([](document& d) { d.tariff.clear(); }));
  CHECK(refuses([](document& d) { d.certificate.content.clear(); }));
  CHECK(refuses([](document& d) { d.lists.clear(); }));
  CHECK(refuses([](document& d) { d.lists[0].blocks.clear(); }));
  CHECK(refuses([](document& d) { d.lists[0].blocks[0].values.clear(); }));
  CHECK(refuses([](document& d) { d.lists[0].measured = unit::none; }));
  CHECK(refuses([](document& d) { d.lists[0].source.clear(); }));
}

TEST_CASE("blocks with a gap, and a derived value outside its block, are refused") {
  auto l = derived("1-0:1.8.0", 1);
  l.blocks[1].from += 1s;
  CHECK(trudi::write(around({l})).error().code == errc::malformed);
  l = derived("1-0:1.8.0", 1);
  l.blocks[0].values[0].target += 15min;
  CHECK(trudi::write(around({l})).error().code == errc::malformed);
}

TEST_CASE("text from outside cannot break the document") {
  auto d = around({original(january, january)});
  d.log[0].text = std::string("<LogEntry>&\x01\xFF\xC0\xAF\xED\xA0\x80 ä \xF0\x9F\x94\x8C\r\n") + "]]>";
  d.tariff = "\"'>]]>&amp;";
  check_all(d, 6);
  pugi::xml_document doc;
  REQUIRE(doc.load_string(written(d).c_str()));
  const auto u = doc.child("UsagePoints").child("UsagePoint");
  CHECK(std::string(u.child("tariffName").text().as_string()) == d.tariff);
  CHECK(std::distance(u.children("LogEntry").begin(), u.children("LogEntry").end()) == 1);
  d.log[0].text = std::string(8191, 'x') + "ä";
  check_all(d, 6);
}

TEST_CASE("what is no UTF-8 and no character of XML becomes the replacement character") {
  CHECK(trudi::xml_text("a<b>&c") == "a&lt;b&gt;&amp;c");
  CHECK(trudi::xml_text("\x80") == "\xEF\xBF\xBD");
  CHECK(trudi::xml_text("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");  // cut
  CHECK(trudi::xml_text("\xEF\xBF\xBF") == "\xEF\xBF\xBD");          // U+FFFF
  CHECK(trudi::xml_text("\xC3\xA4\xE2\x82\xAC") == "\xC3\xA4\xE2\x82\xAC");
}
