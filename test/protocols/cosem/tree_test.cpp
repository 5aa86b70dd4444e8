// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace smgw;
using namespace smgw::cosem;

namespace {

expected<data> value(const std::string& inside) {
  const auto a = read_attribute("<attribute id=\"2\" xmlns=\"urn:k461-dke-de:cor-1\">" + inside + "</attribute>");
  if (!a) return std::unexpected{a.error()};
  return a->value;
}
errc refused(const std::string& inside) {
  const auto v = value(inside);
  return v ? errc{} : v.error().code;
}
data number(data_type t, std::int64_t n) { return {t, n}; }
data natural(data_type t, std::uint64_t n) { return {t, n}; }
const object_id register_object = object_id::parse("3-0100020800ff").value();

}  // namespace

TEST_CASE("Attributes are written as the scheme prints them", "[REQ.Webservice.HttpClient.125]") {
  const std::array list{
      attribute_value{1, {data_type::octet_string, bytes{1, 0, 2, 8, 0, 255}}},
      attribute_value{2, natural(data_type::long64_unsigned, 734512)},
      attribute_value{
          3, {data_type::structure, std::vector{number(data_type::integer, -1), natural(data_type::enum_, 30)}}}};
  CHECK(write_attributes(list) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<attributes count=\"3\" xmlns=\"urn:k461-dke-de:cor-1\">"
        "<attribute id=\"1\"><octet-string>0100020800ff</octet-string></attribute>"
        "<attribute id=\"2\"><long64-unsigned>734512</long64-unsigned></attribute>"
        "<attribute id=\"3\"><structure><integer>-1</integer><enum>30</enum></structure></attribute></attributes>");
}

TEST_CASE("Every type is written and read as the same", "[REQ.Webservice.HttpClient.125]") {
  using enum data_type;
  const std::vector<data> all{{null_data, {}},
                              {dont_care, {}},
                              {boolean, true},
                              {boolean, false},
                              {bit_string, std::string{"0110"}},
                              number(integer, -128),
                              number(integer, 127),
                              number(long_, -32768),
                              number(double_long, INT32_MIN),
                              number(long64, INT64_MIN),
                              number(long64, INT64_MAX),
                              natural(unsigned_, 255),
                              natural(long_unsigned, 65535),
                              natural(double_long_unsigned, UINT32_MAX),
                              natural(long64_unsigned, UINT64_MAX),
                              natural(enum_, 0),
                              number(bcd, -1),
                              {floating_point, bytes(4, 1)},
                              {float32, bytes(4, 2)},
                              {float64, bytes(8, 3)},
                              {octet_string, bytes{}},
                              {octet_string, bytes{0xab}},
                              {date_time, bytes(12, 4)},
                              {date, bytes(5, 5)},
                              {time, bytes(4, 6)},
                              {visible_string, std::string{"a<b>&\"c'"}},
                              {visible_string, std::string{" "}},
                              {utf8_string, std::string{"Z\xC3\xA4hler\n\xF0\x9F\x94\x8C"}},
                              {utf8_string, std::string{}},
                              {array, std::vector<data>{}},
                              {structure, std::vector<data>{{array, std::vector{natural(unsigned_, 1)}}}}};
  for (const auto& d : all) {
    const object_value o{register_object, 0, {{2, d}}};
    const auto text = write_object(o);
    REQUIRE(text);
    const auto back = read_object_value(*text);
    REQUIRE(back);
    CHECK(*back == o);
  }
}

TEST_CASE("What a type cannot hold is not written") {
  using enum data_type;
  const std::vector<data> bad{{null_data, true},
                              {boolean, {}},
                              number(integer, 128),
                              number(integer, -129),
                              natural(unsigned_, 256),
                              number(unsigned_, 1),
                              natural(integer, 1),
                              {date, bytes(4)},
                              {octet_string, std::string{"00"}},
                              {bit_string, std::string{"2"}},
                              {visible_string, std::string{"\xC3\xA4"}},
                              {utf8_string, std::string{"\x01"}},
                              {utf8_string, std::string{"\xff"}},
                              {utf8_string, std::string{"\xC0\x80"}},
                              {utf8_string, std::string{"\xED\xA0\x80"}},
                              {utf8_string, std::string{"\xE2\x82"}},
                              {array, {}}};
  for (const auto& d : bad) CHECK(write_object({register_object, 0, {{2, d}}}).error().code == errc::malformed);
  data deep{array, std::vector<data>{}};
  for (int i = 0; i < 20; ++i) deep = {array, std::vector{deep}};
  CHECK(write_object({register_object, 0, {{2, deep}}}).error().code == errc::exhausted);
}

TEST_CASE("Bodies from outside: each refusal", "[REQ.Webservice.HttpServer.62][REQ.Webservice.HttpClient.125]") {
  CHECK(value("<boolean>1</boolean>") == data{data_type::boolean, true});
  CHECK(value("\n  <enum>3</enum>\n") == natural(data_type::enum_, 3));
  for (const auto* inside : {"",
                             "1",
                             "<enum>3</enum><enum>3</enum>",
                             "x<enum>3</enum>",
                             "<enum>256</enum>",
                             "<enum>-1</enum>",
                             "<enum/>",
                             "<enum>1 </enum>",
                             "<enum>+1</enum>",
                             "<integer>128</integer>",
                             "<boolean>yes</boolean>",
                             "<date>00</date>",
                             "<octet-string>0</octet-string>",
                             "<bit-string>012</bit-string>",
                             "<null-data>1</null-data>",
                             "<array>1</array>",
                             "<enum><enum>1</enum></enum>",
                             "<enum>1",
                             "<visible-string>\xC3\xA4</visible-string>",
                             "<UTF8-string>\xff</UTF8-string>",
                             "<UTF8-string>&#13;</UTF8-string>"})
    CHECK(refused(inside) == errc::malformed);
  for (const auto* inside : {"<Integer8>1</Integer8>", "<compact-array/>", "<x:enum>1</x:enum>", "<other/>"})
    CHECK(refused(inside) == errc::unsupported);
  std::string deep = "<enum>1</enum>";
  for (int i = 0; i < 20; ++i) deep = "<array>" + deep + "</array>";
  CHECK(refused(deep) == errc::exhausted);
  CHECK(read_attribute("<!DOCTYPE a [<!ENTITY e \"1\">]><attribute id=\"2\"><enum>1</enum></attribute>").error().code ==
        errc::malformed);
  CHECK(read_attribute("<attribute id=\"2\" xmlns=\"urn:other\"><enum>1</enum></attribute>").error().code ==
        errc::unsupported);
  CHECK(read_attribute("<object/>").error().code == errc::unsupported);
  CHECK(read_attribute("<attribute><enum>1</enum></attribute>").error().code == errc::malformed);
  CHECK(read_attribute("<attribute id=\"128\"><enum>1</enum></attribute>").error().code == errc::malformed);
  CHECK(read_attribute("<attribute id=\"2\"><enum>1</enum></attribute>")->id == 2);
  const auto prefixed = read_attribute(
      "<r:attribute id=\"-3\" xmlns:r=\"urn:k461-dke-de:cor-1\" "
      "xmlns:d=\"urn:k461-dke-de:cod-1\"><d:enum>1</d:enum></r:attribute>");
  REQUIRE(prefixed);
  CHECK(prefixed->id == -3);
}

TEST_CASE("A container is read as a whole or not at all") {
  const std::vector<object_value> objects{{register_object, 0, {{2, natural(data_type::enum_, 1)}}},
                                          {object_id::parse("8-0000010000ff").value(), 1, {}}};
  const auto text = write_container(object_id::parse("1-0000620a01ff").value(), objects);
  REQUIRE(text);
  CHECK(read_container(*text) == objects);
  const auto with = [&](std::string_view from, std::string_view to) {
    auto changed = *text;
    changed.replace(changed.find(from), from.size(), to);
    return read_container(changed);
  };
  CHECK(with("<enum>1</enum>", "<enum>x</enum>").error().code == errc::malformed);
  CHECK(with("class-id=\"8\" version=\"1\" id=\"0000010000ff\"", "class-id=\"3\" version=\"0\" id=\"0100020800ff\"")
            .error()
            .code == errc::malformed);
  CHECK(with("class-id=\"8\"", "class-id=\"x\"").error().code == errc::malformed);
  CHECK(with("version=\"1\"", "version=\"\"").error().code == errc::malformed);
  CHECK(with("</container>", "<other/></container>").error().code == errc::unsupported);
  CHECK(read_container("<objects/>").error().code == errc::unsupported);
  CHECK(read_object_value("<object class-id=\"3\" version=\"0\" id=\"0100020800ff\"><attributes>"
                          "<attribute id=\"2\"><enum>1</enum></attribute><attribute id=\"2\"><enum>1</enum></attribute>"
                          "</attributes></object>")
            .error()
            .code == errc::malformed);
}

TEST_CASE("Methods: input and output") {
  CHECK(read_method_request("<methodRequestParameter><integer>0</integer></methodRequestParameter>")->value() ==
        number(data_type::integer, 0));
  CHECK_FALSE(read_method_request("<methodRequestParameter/>")->has_value());
  CHECK(read_method_request("<attribute id=\"1\"/>").error().code == errc::unsupported);
  CHECK(read_method_request("<methodRequestParameter><enum>1</enum><enum>1</enum></methodRequestParameter>")
            .error()
            .code == errc::malformed);
  CHECK(write_method_response(0, std::nullopt)
            .value()
            .ends_with(
                "<methodResponse "
                "xmlns=\"urn:k461-dke-de:cor-1\"><methodResponseStatus>0</methodResponseStatus></methodResponse>"));
  CHECK(write_method_response(3, number(data_type::integer, -1))
            .value()
            .contains("<methodResponseStatus>3</methodResponseStatus><methodResponseData><integer>-1</integer></"
                      "methodResponseData>"));
}
