// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A wired M-Bus on a whole gateway.

#include "mbus_slaves.hpp"
#include "radio.hpp"
#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <format>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

device_id numbered(unsigned n) { return device_id::parse(std::format("8APA05{:08}", n)).value(); }

/// Slaves on one port; the first has a profile.
struct wired_water {
  story& s;
  sim::mbus_slaves wires;

  wired_water(story& in, const std::vector<unsigned>& numbers) : s(in), wires({}) {
    for (const auto n : numbers) wires.slaves().push_back({.id = sim::radio_identity(numbered(n)).value(), .seed = n});
    s.profiles.self.lmn_ports.push_back(
        {.id = "water", .protocol = profile::lmn_protocol::mbus, .serial = "/dev/none", .baud = 2400, .poll = 60s});
    profile::meter m;
    m.id = numbered(numbers.front());
    m.name = m.id.text();
    m.port = "water";
    m.medium = status::meter_kind::wireless;
    m.registers = {{obis{{8, 0, 1, 0, 0, 255}}, unit::cubic_metre}};
    m.period = 15min;
    m.window_minimum = 2min;
    s.profiles.meters.push_back(m);
    s.far_ends["water"] = [this](bytes_view said) { return wires.hear(said, s.now()); };
  }
};

}  // namespace

TEST_CASE("a scan finds meters on a wired M-Bus by their secondary addresses", "[story][mbus]") {
  story s;
  const wired_water w(s, {12345678, 12345679, 42345678});
  s.start();
  for (int i = 0; i < 35; ++i) s.advance(1min);
  const auto meter = "meter " + std::string(numbered(12345678).text());
  CHECK(s.counter(meter, "stored") >= 2);
  const auto found = s.heard(90s).meters;
  REQUIRE(found.size() == 3);
  CHECK(found[0].profile);
  CHECK(found[0].accepted >= 30);
  CHECK(found[1].meter == "8APA0512345679");
  CHECK(found[2].meter == "8APA0542345678");
  CHECK(s.counter("link water", "not told apart") == 0);
}

TEST_CASE("a search that takes long is told as far as it came, and goes on", "[story][mbus]") {
  story s;
  std::vector<unsigned> numbers;
  for (unsigned n = 0; n < 40; ++n) numbers.push_back(10'000'000 + n * 2'031'337 % 90'000'000);
  wired_water w(s, numbers);
  s.profiles.self.lmn_ports.back().baud = 300;
  s.start();
  const auto first = s.heard(61s).meters.size();
  CHECK(first < 40);
  for (int i = 0; i < 20 * 60; ++i) s.advance(1s);
  CHECK(s.heard(61s).meters.size() == 40);
}
