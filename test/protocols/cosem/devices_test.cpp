// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cosem;

namespace {

object_value object(std::uint8_t f, std::string text) {
  return {{1, {{1, 0, 94, 49, 128, f}}}, 0, {{2, data{data_type::utf8_string, std::move(text)}}}};
}
const std::vector<device_value> two{{"gwa.sm", {object(3, "{\"a\": \"<&>\"}"), object(4, "x")}},
                                    {"1emh0010482201.sm", {object(2, "y")}}};
constexpr object_id container{65535, {{0, 0, 98, 10, 1, 255}}};

}  // namespace

TEST_CASE("a container over several devices is read as it was written") {
  const auto text = write_container(container, two);
  REQUIRE(text);
  CHECK(read_devices(*text) == two);
  const auto device = write_device(two[0]);
  REQUIRE(device);
  CHECK(read_device(*device) == two[0]);
}

TEST_CASE("lists end at their depth, and tell how many they hold") {
  CHECK(write_devices(two, 0).value().contains("<ldevs count=\"2\" xmlns=\"urn:k461-dke-de:cor-1\"/>"));
  const auto one = write_devices(two, 1).value();
  CHECK(one.contains("<ldev id=\"gwa.sm\"/><ldev id=\"1emh0010482201.sm\"/>"));
  CHECK_FALSE(one.contains("<objects"));
  CHECK(write_devices(two, 2).value().contains("<ldev id=\"gwa.sm\"><objects count=\"2\"/></ldev>"));
  const auto objects = write_objects(two[0].objects, 1).value();
  CHECK(objects.contains("<object class-id=\"1\" version=\"0\" id=\"01005e318003\"/>"));
  CHECK(write_cosem(two, 0).value().contains("<cosem xmlns"));
  CHECK(write_cosem(two).value().contains("<UTF8-string>y</UTF8-string>"));
}

TEST_CASE("devices twice, objects twice and ids out of their form are refused") {
  auto text = write_container(container, std::vector{two[0], two[0]}).value();
  CHECK(read_devices(text).error().code == errc::malformed);
  auto twice = two[0];
  twice.objects.push_back(twice.objects[0]);
  CHECK(read_device(write_device(twice).value()).error().code == errc::malformed);
  auto odd = two[1];
  odd.id = "a b";
  CHECK(read_device(write_device(odd).value()).error().code == errc::malformed);
  odd.id = std::string(64, 'a');
  CHECK(read_device(write_device(odd).value()).error().code == errc::malformed);
  CHECK(read_devices("<container id=\"0000620a01ff\"><object/></container>").error().code == errc::unsupported);
  CHECK(read_device("<ldev id=\"a.sm\"><methods/></ldev>").error().code == errc::malformed);
}

TEST_CASE("the parameter of a method is read as it was written") {
  const data input{data_type::octet_string, bytes{1, 2, 3}};
  CHECK(read_method_request(write_method_request(input).value()).value() == input);
  CHECK_FALSE(read_method_request(write_method_request({}).value()).value().has_value());
}
