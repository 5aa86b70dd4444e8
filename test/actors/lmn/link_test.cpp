// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The link of one port: a port that goes away and comes back, as the receivers on USB do.

#include "actors/lmn/link.hpp"

#include "actors/virtual_time.hpp"
#include "sml_files.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::sml_files;
using namespace std::chrono_literals;

namespace {

const auto known = *device_id::parse("1SMG0000000001");

struct on_a_port : test::virtual_time {
  std::vector<meter_read> reads;
  std::vector<std::string> said;
  int opens = 0;
  bool port_is_there = true;
  wire_user owner;
  link_actor link;

  on_a_port() {
    const auto meter = system.spawn([this](meter_actor::pointer) -> meter_actor::behavior_type {
      return {[this](const meter_read& r) { reads.push_back(r); }, [](const read_live&) { return live_reading{}; },
              [](const query_status&) { return status_report{}; }, [](const wake&) {}};
    });
    link_parts parts;
    parts.port = "lmn0";
    parts.line = [] {
      profile::meter m;
      m.id = known;
      return lmn::make_line({.id = "lmn0", .protocol = profile::lmn_protocol::sml}, {m});
    };
    parts.meters = {meter};
    parts.open = [this](caf::actor_system& s, wire_user u) { return open(s, std::move(u)); };
    parts.now = [this] { return now(); };
    parts.announce = [this](std::string_view, std::string_view what) { said.emplace_back(what); };
    link = system.spawn(lmn_link, std::move(parts));
    run();
    advance(1ms);
  }
  ~on_a_port() {
    owner = nullptr;
    stop(link);
  }
  expected<wire_actor> open(caf::actor_system& s, wire_user u) {
    ++opens;
    if (!port_is_there) return fail(errc::unavailable, "no such device");
    owner = std::move(u);
    return s.spawn([](wire_actor::pointer me) -> wire_actor::behavior_type {
      return {[](const wire_write&) {}, [](const wire_more&) {}, [me](const wire_close&) { me->quit(); }};
    });
  }
  void pull_out() {
    port_is_there = false;
    self->send(owner, wire_closed{{errc::unavailable, "the device is gone"}});
    run();
  }
  void bring(bytes octets) {
    self->send(owner, wire_bytes{std::move(octets), now()});
    run();
  }
  [[nodiscard]] auto told(std::string_view text) const { return std::ranges::count(said, text); }
};

bytes telegram() {
  const std::vector entries{watt_hours(123)};
  return push(known.server_id(), entries);
}

}  // namespace

TEST_CASE_METHOD(on_a_port,
                 "a port that is gone is opened again ever more patiently, told once, and read when it is back",
                 "[lmn]") {
  bring(telegram());
  REQUIRE(reads.size() == 1);
  pull_out();
  for (int i = 0; i < 100; ++i) advance(100ms);
  CHECK(opens >= 5);  // 0.25, 0.75, 1.75, 3.75, 7.75 s
  CHECK(opens <= 7);
  for (int i = 0; i < 60; ++i) advance(1min);
  CHECK(opens <= 70);  // once a minute
  CHECK(told("port lost: the device is gone") == 1);
  CHECK(told("port lost: no such device") == 1);
  port_is_there = true;
  advance(61s);
  CHECK(told("port open") == 2);
  bring(telegram());
  CHECK(reads.size() == 2);
  // and is as patient as at first after the next loss
  const auto before = opens;
  pull_out();
  port_is_there = true;
  advance(300ms);
  CHECK(opens == before + 1);
}

TEST_CASE_METHOD(on_a_port, "what was torn when a port went away does not spoil what comes after it", "[lmn]") {
  const auto whole = telegram();
  bring({whole.begin(), whole.begin() + 60});
  pull_out();
  port_is_there = true;
  advance(1s);
  bring(whole);
  CHECK(reads.size() == 1);
}
