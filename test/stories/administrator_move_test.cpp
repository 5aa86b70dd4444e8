// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The administrator's address changes: the new one is tried out before the old one is given up.
#include "actors/wan/former_administrator.hpp"
#include "protocols/cosem/tree.hpp"
#include "stories/managed_story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

struct moving_story : managed_story {
  /// Tells the new address, and ends the connection over which it was told.
  void move() {
    auto profile = told.profiles.at("gwa.json");
    profile.replace(profile.find("gwa.test:443"), 12, "gwa2.test:443");
    const auto body = cosem::write_attribute({2, cosem::data{cosem::data_type::utf8_string, profile}});
    REQUIRE(body);
    const auto a = ask(http::method::put, "/cosem/ldevs/gwa.sm/objects/1-01005e318003/attributes/2", *body);
    INFO(a.document);
    REQUIRE(a.status == 204);
    hang_up();
  }
  void hang_up() {
    admin.hang_up = true;
    self->send(admin.wire, wire_more{});
    run();
  }
  bool way_back() {
    const auto kept = state(std::string(former::state_name));
    return kept && !kept->empty();
  }
};

}  // namespace

TEST_CASE_METHOD(moving_story, "a new address that works is taken at once, and the former one is given up",
                 "[administrator-move]") {
  start();
  move();
  advance(1s);
  CHECK(moved_admin.established);
  CHECK_FALSE(way_back());
  CHECK(records("system", "the former one is given up").size() == 1);
  // From now on there is one address, whatever becomes of it.
  const auto before = admin.connections;
  self->send(moved_admin.wire, wire_close{});
  moved_admin.hang_up = true;
  self->send(moved_admin.wire, wire_more{});
  run();
  moved_admin.down = true;
  pass(11min);
  call();
  pass(5min);
  CHECK(admin.connections == before);
}

TEST_CASE_METHOD(moving_story, "a new address that nobody answers leaves the way back open, also after a crash",
                 "[administrator-move]") {
  start();
  moved_admin.down = true;
  move();
  CHECK(way_back());
  pass(10min);
  REQUIRE(admin.established);
  CHECK(announced("by the former profile") == 1);
  CHECK(ask(http::method::get, "/cosem/ldevs/gwa.sm").document.contains("gwa2.test:443"));  // it stays told
  CHECK(way_back());

  crash();
  admin.established = false;
  start();
  call();
  pass(10min);
  REQUIRE(admin.established);
  CHECK(ask(http::method::get, "/cosem/ldevs/").status == 200);

  // Once it is there, it counts.
  hang_up();
  moved_admin.down = false;
  advance(1s);
  call();
  advance(1s);
  CHECK(moved_admin.established);
  CHECK_FALSE(way_back());
}

TEST_CASE("the former profile on disk: whole, or not at all", "[administrator-move]") {
  const former::documents d{{{"gwa.json", {1, 2, 3}}}, {{"a.pem", {4}}, {"b.pem", {}}}};
  const auto octets = former::encode(d);
  CHECK(former::decode(octets) == d);
  for (std::size_t n = 0; n < octets.size(); ++n) CHECK_FALSE(former::decode(bytes_view{octets}.first(n)));
  auto longer = octets;
  longer.push_back(0);
  CHECK_FALSE(former::decode(longer));
  CHECK_FALSE(former::decode(bytes{5}));
}
