// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/delivery_json.hpp"

#include "base/time_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <cmath>

using namespace smgw;
using namespace smgw::cosem;
using namespace std::chrono_literals;

namespace {

constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

delivery sample() {
  delivery d{{{1, 0, 94, 49, 128, 0x27}}, "taf7-1.sm", {}};
  channel c{{{1, 0, 1, 8, 0, 255}}, "1emh0010482201.sm", {}};
  for (int i = 0; i < 3; ++i) {
    list_entry e;
    e.value = {*device_id::parse("1EMH0010482201"),
               c.register_name,
               {63'910'8 + i, -1},
               unit::watt_hour,
               noon + i * 15min,
               {0x00000005, 0x00000004}};
    e.target = e.value.captured;
    if (i == 1) e.signature = {0xAB, 0xCD};
    c.entries.push_back(e);
  }
  d.channels = {c};
  return d;
}

/// The values as somebody else reads them: through other libraries, from the document alone.
struct row {
  std::string column, time, status;
  double value;
  int unit;
  friend bool operator==(const row&, const row&) = default;
};

std::vector<row> rows_of_json(const std::string& text) {
  std::vector<row> out;
  const auto root = nlohmann::json::parse(text);
  for (const auto& c : root.at("columns"))
    for (const auto& e : c.at("entries"))
      out.push_back({c.at("logical_name"), e.at("capture_time"), e.at("status"),
                     std::stod(e.at("value").get<std::string>()), e.at("unit")});
  return out;
}

std::vector<row> rows_of_xml(const std::string& text) {
  std::vector<row> out;
  pugi::xml_document parsed;
  REQUIRE(parsed.load_string(text.c_str()));
  const auto attributes = parsed.document_element().first_child();
  std::vector<std::string> names;
  for (const auto o : attributes.child("ns1:capture_objects").children())
    names.emplace_back(o.child("ns2:logical_name").text().as_string());
  std::size_t column = 0;
  for (const auto c : attributes.child("ns1:buffer").child("ns1:simple_data").children("ns1:column")) {
    for (const auto e : c.children()) {
      const auto value = std::stod(e.child("ns2:value").first_child().text().as_string());
      const auto scaler = e.child("ns2:scaler").text().as_int();
      out.push_back({names.at(column), e.child("ns2:capture_time").text().as_string(),
                     e.child("ns2:status").first_child().text().as_string(), value * std::pow(10.0, scaler),
                     e.child("ns2:unit").text().as_int()});
    }
    ++column;
  }
  return out;
}

}  // namespace

TEST_CASE("a delivery as JSON and as XML says the same, to a reader that is not ours") {
  const auto d = sample();
  const auto as_json = write_json(d);
  const auto as_xml = write(d);
  REQUIRE(as_json);
  REQUIRE(as_xml);
  const auto rows = rows_of_json(*as_json);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].column == "0100010800ff.1emh0010482201.sm");
  CHECK(rows[0].time == "2026-03-01T12:00:00Z");
  CHECK(rows[0].value == 63910.8);
  CHECK(rows[0].unit == 30);
  CHECK(rows[0].status == "0000000500000004");
  const auto xml_rows = rows_of_xml(*as_xml);
  REQUIRE(xml_rows.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].column == xml_rows[i].column);
    CHECK(rows[i].time == xml_rows[i].time);
    CHECK(rows[i].status == xml_rows[i].status);
    CHECK(std::abs(rows[i].value - xml_rows[i].value) < 1e-6);
  }
}

TEST_CASE("a JSON delivery is read back as it was written", "[REQ.Webservice.HttpClient.120]") {
  const auto text = write_json(sample());
  REQUIRE(text);
  CHECK(read_json(*text) == sample());
}

TEST_CASE("what is no JSON delivery is refused") {
  const auto good = *write_json(sample());
  const auto spoilt = [&](std::string_view from, std::string_view to) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    const auto got = read_json(text);
    return got ? errc::internal : got.error().code;
  };
  CHECK(spoilt("\"value\":\"63910.8\"", "\"value\":63910.8") == errc::malformed);
  CHECK(spoilt("63910.8", "63910.") == errc::malformed);
  CHECK(spoilt("63910.8", "x") == errc::malformed);
  CHECK(spoilt("\"unit\":30", "\"unit\":300") == errc::malformed);
  CHECK(spoilt("\"unit\":30", "\"unit\":-1") == errc::malformed);
  CHECK(spoilt("0000000500000004", "05") == errc::malformed);
  CHECK(spoilt("12:00:00Z", "25:00:00Z") == errc::malformed);
  CHECK(spoilt("\"status\"", "\"colour\"") == errc::malformed);
  CHECK(spoilt("0100010800ff.", "0100010800ff") == errc::malformed);
  CHECK(read_json("[]").error().code == errc::malformed);
  CHECK(read_json("").error().code == errc::malformed);
  CHECK(read_json(std::string(100, '[')).error().code == errc::exhausted);
  auto d = sample();
  d.source = "a b";
  CHECK(write_json(d).error().code == errc::malformed);
}
