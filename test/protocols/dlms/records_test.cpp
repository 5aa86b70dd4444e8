// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/records.hpp"

#include "protocols/dlms/layout.hpp"
#include "protocols/dlms/long_form.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using axdr::type;
using samples::hex;

namespace {

std::vector<record> all(bytes_view body) {
  std::vector<record> out;
  record_cursor c{samples::kept(body)};
  record r;
  while (c.next(r)) out.push_back(r);
  CHECK(c.status());
  return out;
}

bytes in_long_form(bytes_view body) {
  std::vector<axdr::element> elements;
  axdr::cursor c{body};
  for (axdr::element e; c.next(e);) elements.push_back(e);
  CHECK(c.status());
  return smgw::dlms::in_long_form(elements);
}

/// What the captured telegrams that have a key, or need none, hold.
std::vector<bytes> captured_bodies() {
  std::vector<bytes> out;
  for (const auto& row : samples::rows()) {
    const auto field = [&row](const char* name) {
      return row.contains(name) ? hex(row.at(name).get<std::string>()) : bytes{};
    };
    const auto frame = field("frame_hex");
    cipher keys{secret{bytes_view{field("key_hex")}}, secret{bytes_view{field("auth_key_hex")}}};
    reader line{guess_transport(frame)};
    push_decoder decoder;
    bytes_view in = frame;
    while (auto t = line.feed(in, {})) {
      if (!*t) continue;
      const auto p = decoder.decode((*t)->apdu, &keys, nullptr);
      if (p && *p && !(**p).body().empty()) out.emplace_back((**p).body().begin(), (**p).body().end());
    }
  }
  return out;
}

const obis power = *obis::parse("1-0:1.7.0");
const obis energy = *obis::parse("1-0:1.8.0");

}  // namespace

TEST_CASE("structures of name, value, scaler and unit") {
  const auto body = samples::body();
  const auto r = all(body);
  REQUIRE(r.size() == 2);
  CHECK(r[0].name == power);
  CHECK(r[0].named == naming::stated);
  CHECK(r[0].number == decimal{1234, -1});
  CHECK(r[0].measured == unit::watt);
  CHECK(r[0].scaled);
  CHECK(r[0].position == 0);
  CHECK(r[1].name == energy);
  CHECK(r[1].number == decimal{99'999'999'999, 0});
  CHECK(r[1].position == 1);
}

TEST_CASE("a named structure may begin with its class and have several values") {
  bytes body;
  axdr::put_structure(body, 1);
  axdr::put_structure(body, 5);
  axdr::put_integer(body, type::long_unsigned, 3);
  axdr::put_name(body, energy);
  axdr::put_scaler_unit(body, 3, unit::watt_hour);
  axdr::put_integer(body, type::double_long_unsigned, 12);
  axdr::put_integer(body, type::double_long_unsigned, 13);
  const auto r = all(body);
  REQUIRE(r.size() == 2);
  CHECK(r[0].number == decimal{12, 3});
  CHECK(r[1].number == decimal{13, 3});
  CHECK(r[1].part == 1);
  CHECK(r[1].name == energy);
}

TEST_CASE("names and values on one level, with and without units") {
  bytes body;
  axdr::put_structure(body, 8);
  axdr::put_octets(body, type::visible_string, as_bytes("Kamstrup_V0001"));
  axdr::put_name(body, power);
  axdr::put_integer(body, type::double_long_unsigned, 182);
  axdr::put_name(body, energy);
  axdr::put_integer(body, type::double_long_unsigned, 55);
  axdr::put_scaler_unit(body, -2, unit::watt_hour);
  axdr::put_name(body, *obis::parse("0-0:96.1.0"));
  axdr::put_octets(body, type::octet_string, as_bytes("160456"));
  const auto r = all(body);
  REQUIRE(r.size() == 4);
  CHECK(r[0].named == naming::none);
  CHECK(r[1].name == power);
  CHECK(r[1].number == decimal{182, 0});
  CHECK_FALSE(r[1].scaled);
  CHECK(r[2].number == decimal{55, -2});
  CHECK(r[2].measured == unit::watt_hour);
  CHECK(r[3].name.text() == "0-0:96.1.0*255");
  CHECK_FALSE(r[3].number);
  CHECK(as_text(r[3].value.data) == "160456");
}

TEST_CASE("a list of capture objects names the values by position") {
  bytes body;
  axdr::put_structure(body, 3);
  axdr::put_array(body, 3);
  for (const auto* name : {"0-8:25.9.0", "0-0:96.1.0", "1-0:1.7.0"}) {
    axdr::put_structure(body, 4);
    axdr::put_integer(body, type::long_unsigned, 3);
    axdr::put_name(body, *obis::parse(name));
    axdr::put_integer(body, type::integer, 2);
    axdr::put_integer(body, type::long_unsigned, 0);
  }
  axdr::put_octets(body, type::octet_string, as_bytes("63316890"));
  axdr::put_integer(body, type::double_long_unsigned, 331);
  const auto r = all(body);
  REQUIRE(r.size() == 2);
  CHECK(r[0].named == naming::described);
  CHECK(r[0].name.text() == "0-0:96.1.0*255");
  CHECK(r[1].name == power);
  CHECK(r[1].attribute == 2);
  CHECK(r[1].number == decimal{331, 0});
}

TEST_CASE("values by position come out without a driver, and a layout names them") {
  bytes body;
  axdr::put_structure(body, 13);
  axdr::put_octets(body, type::octet_string, as_bytes("KFM_001"));
  axdr::put_octets(body, type::octet_string, as_bytes("7340157099231234"));
  axdr::put_octets(body, type::octet_string, as_bytes("MA304T4"));
  for (int i = 0; i < 10; ++i) axdr::put_integer(body, type::double_long_unsigned, 1000 + i);
  auto r = all(body);
  REQUIRE(r.size() == 13);
  CHECK(r[3].named == naming::none);
  CHECK(r[3].number == decimal{1000, 0});
  const auto* kaifa = find_layout("KFM_001", positions_of(body));
  REQUIRE(kaifa != nullptr);
  for (auto& one : r) complete(one, *kaifa);
  CHECK(r[1].name.text() == "0-0:96.1.0*255");
  CHECK_FALSE(r[1].scaled);
  CHECK(r[3].name == power);
  CHECK(r[3].named == naming::layout);
  CHECK(r[7].name.text() == "1-0:31.7.0*255");
  CHECK(r[7].number == decimal{1004, -3});
  CHECK(r[7].measured == unit::ampere);
  CHECK(r[10].number == decimal{1007, -1});
  CHECK(r[12].name.text() == "1-0:72.7.0*255");
  CHECK(find_layout("KFM_001", 12) == nullptr);
  CHECK(find_layout("?", 13) == nullptr);
  for (const std::size_t positions : {1U, 9U, 13U, 14U, 18U}) CHECK(find_layout("KFM_001", positions) != nullptr);
  CHECK(known_layouts().size() >= 6);
}

TEST_CASE("a layout scales bare values by name, and does not touch what the meter states") {
  const auto* kamstrup = find_layout("Kamstrup_V0001", 25);
  REQUIRE(kamstrup != nullptr);
  record r{.name = *obis::parse("1-1:31.7.0"), .named = naming::stated, .value = {}, .number = decimal{57, 0}};
  complete(r, *kamstrup);
  CHECK(r.number == decimal{57, -2});
  CHECK(r.measured == unit::ampere);
  record stated{.name = energy,
                .named = naming::stated,
                .value = {},
                .number = decimal{5, 0},
                .measured = unit::watt_hour,
                .scaled = true};
  complete(stated, *kamstrup);
  CHECK(stated.number == decimal{5, 0});
}

TEST_CASE("a lone value, empty containers and deep values come out too") {
  CHECK(all(hex("0600000fd2"))[0].number == decimal{4050, 0});
  CHECK(all(hex("0200")).empty());
  const auto r =
      all(hex("0202"
              "010112"
              "24b8"
              "0101"
              "1224b9"));
  REQUIRE(r.size() == 2);
  CHECK(r[0].position == 0);
  CHECK(r[1].position == 1);
  CHECK(r[1].number == decimal{9401, 0});
  const auto parts =
      all(hex("0201"
              "0103"
              "1101"
              "1102"
              "1103"));
  REQUIRE(parts.size() == 3);
  CHECK(parts[2].part == 2);
}

TEST_CASE("a structure too long for a name is a list of values") {
  bytes body;
  axdr::put_structure(body, 1);
  axdr::put_structure(body, 20);
  axdr::put_octets(body, type::octet_string, hex("010203040506"));
  for (int i = 0; i < 19; ++i) axdr::put_integer(body, type::unsigned_integer, i);
  const auto r = all(body);
  CHECK(r.size() == 20);
  CHECK(r[5].named == naming::none);
}

TEST_CASE("a broken body is told at its end, and a scaler out of range gives no number") {
  auto body = samples::body();
  body.pop_back();
  record_cursor c{body};
  record r;
  while (c.next(r)) {
  }
  CHECK(c.status().error().code == errc::truncated);
  auto more = samples::body();
  more.push_back(0);
  record_cursor longer{more};
  while (longer.next(r)) {
  }
  CHECK(longer.status().error().code == errc::malformed);

  bytes big;
  axdr::put_structure(big, 3);
  axdr::put_name(big, energy);
  axdr::put_float64(big, 1e100);
  axdr::put_scaler_unit(big, 100, unit::watt_hour);
  CHECK_FALSE(all(big)[0].number);
}

TEST_CASE("short forms are read as the same values in other forms are") {
  auto bodies = captured_bodies();
  CHECK(bodies.size() >= 15);
  bodies.push_back(samples::body());
  for (const auto* text : {
           "020309060100010700ff12000702020ffe1621",                      // the outermost is a named structure
           "020509060100010700ff12000702020fff162109060100020700ff1101",  // pairs, with and without a unit
           "0101020309060100010700ff1200071108",                          // a name and two values
           "0102020209060100010700ff0201120007020211011102",        // a structure beside a name, and one without a name
           "0101020412000309060100010700ff02020fff16210600000001",  // the class first
           "02020101020412000309060100010700ff0f02120000120007",    // a list of capture objects
           "02020101020612000309060100010700ff0f0212000002021600000100120007",  // the same with restrictions
           "020409060100010700ff09060100020700ff12000700",                      // a name beside a name
           "020301000200020201001101",                                          // containers without members
       })
    bodies.push_back(hex(text));
  for (const auto& body : bodies) {
    INFO(to_hex(body));
    const auto longer = in_long_form(body);
    const auto a = all(body);
    const auto b = all(longer);
    CHECK(std::ranges::equal(a, b, same));
  }
}
