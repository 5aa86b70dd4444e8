// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Who hangs on a wired M-Bus: the line's search, and the readouts it gives way to.

#include "actors/lmn/line.hpp"
#include "mbus_slaves.hpp"
#include "radio.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <format>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

const timestamp midnight{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

device_id numbered(unsigned n) { return device_id::parse(std::format("8APA05{:08}", n)).value(); }

std::vector<sim::mbus_slave> slaves(const std::vector<unsigned>& numbers) {
  std::vector<sim::mbus_slave> all;
  for (const auto n : numbers) all.push_back({.id = sim::radio_identity(numbered(n)).value(), .seed = all.size() + 1});
  return all;
}

profile::meter profile_of(unsigned n) {
  profile::meter m;
  m.id = numbered(n);
  m.port = "bus";
  return m;
}

/// The line, the wires, and the clock; an answer comes 20 ms after the question.
struct bus {
  sim::mbus_slaves wires;
  lmn::instant now{midnight, time_point{} + 1h};
  std::unique_ptr<lmn::line> line;
  std::size_t readings = 0;
  std::vector<std::string> news;
  bytes answer;

  bus(const std::vector<unsigned>& there, const std::vector<unsigned>& known, unsigned baud = 2400)
      : wires(slaves(there)) {
    std::vector<profile::meter> meters;
    for (const auto n : known) meters.push_back(profile_of(n));
    line = lmn::make_line(
               {.id = "bus", .protocol = profile::lmn_protocol::mbus, .serial = "/dev/none", .baud = baud, .poll = 30s},
               meters)
               .value();
    step([&](auto& out) { line->opened(now, out); });
  }

  void step(const std::function<void(lmn::output&)>& what) {
    lmn::output out;
    what(out);
    readings += out.telegrams.size();
    std::ranges::copy(out.news, std::back_inserter(news));
    if (!out.transmit.empty()) answer = wires.hear(out.transmit, now.utc);
  }
  void look() {
    step([&](auto& out) { line->look_around(now, out); });
  }
  void pass(std::chrono::milliseconds span) {
    for (const auto end = now.steady + span; now.steady < end;) {
      now.utc += 20ms;
      now.steady += 20ms;
      if (const auto heard = std::exchange(answer, {}); !heard.empty())
        step([&](auto& out) { line->feed(heard, now, out); });
      if (const auto due = line->wake_at(); due && now.steady >= *due) step([&](auto& out) { line->tick(now, out); });
    }
  }
  [[nodiscard]] std::vector<std::string> strangers() const {
    std::vector<std::string> names;
    for (const auto& m : line->heard().list())
      if (!m.profile) names.push_back(m.meter);
    return names;
  }
  [[nodiscard]] bool told(std::string_view part) const {
    return std::ranges::any_of(news, [&](const auto& n) { return n.contains(part); });
  }
};

}  // namespace

// EN 13757-3, 11.5: a search with wildcards in the identification number.
TEST_CASE("a search finds slaves that no profile knows, by their secondary addresses", "[lmn][mbus]") {
  bus b({12345678, 12345679, 92345678}, {});
  b.pass(1min);
  CHECK(b.strangers().empty());  // nobody has asked
  CHECK_FALSE(b.line->looking());
  b.look();
  CHECK(b.line->looking());
  b.pass(1min);
  CHECK_FALSE(b.line->looking());
  CHECK(b.strangers() == std::vector<std::string>{"8APA0512345678", "8APA0512345679", "8APA0592345678"});
  CHECK(b.told("search: 3 found"));
}

TEST_CASE("an empty bus is searched by one selection", "[lmn][mbus]") {
  bus b({}, {});
  b.look();
  b.pass(1s);
  CHECK_FALSE(b.line->looking());
  CHECK(b.told("search: 0 found by 1 selections"));
}

TEST_CASE("readouts come first while a search runs; a meter with a profile is no stranger", "[lmn][mbus]") {
  std::vector<unsigned> all;
  for (unsigned n = 0; n < 25; ++n) all.push_back(10'000'000 + n * 31'337);
  bus b(all, {all[3], all[17]}, 300);
  b.pass(10s);
  CHECK(b.readings == 2);
  b.look();
  const auto before = b.readings;
  auto begun = b.now.steady;
  while (b.line->looking()) b.pass(1s);
  const auto rounds = static_cast<std::size_t>((b.now.steady - begun) / 30s);
  REQUIRE(rounds >= 3);
  CHECK(b.readings >= before + 2 * (rounds - 1));  // each round in its time
  CHECK(b.strangers().size() == 23);
  CHECK_FALSE(std::ranges::contains(b.strangers(), std::string(numbered(all[3]).text())));
}

TEST_CASE("a search waits for the readout that is under way", "[lmn][mbus]") {
  bus b({12345678, 22345678}, {12345678});
  while (b.answer.empty()) b.pass(20ms);  // the readout's selection is said
  b.look();
  CHECK(b.line->looking());
  b.pass(10s);
  CHECK(b.readings == 1);
  CHECK(b.strangers() == std::vector<std::string>{"8APA0522345678"});
}

TEST_CASE("slaves with one number are told as such; a port that is opened anew has forgotten its search",
          "[lmn][mbus]") {
  bus b({11111111, 11111111}, {});
  b.look();
  b.pass(30s);
  CHECK(b.strangers().empty());
  CHECK(b.told("several have one number"));
  b.look();
  CHECK(b.line->looking());
  b.step([&](auto& out) { b.line->opened(b.now, out); });
  CHECK_FALSE(b.line->looking());
}
