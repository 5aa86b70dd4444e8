// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/master.hpp"
#include "protocols/mbus/response.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>

using namespace smgw;
using namespace smgw::mbus;
using namespace std::chrono_literals;

namespace {

bytes telegram_of(const identity& who) {
  bytes data;
  put_le(data, who.id);
  put_le(data, who.manufacturer);
  put(data, bytes{who.version, who.type, 1, 0, 0, 0});
  put(data, from_hex("041301000000").value());
  return long_frame(0x08, 1, 0x72, data);
}

/// Slaves on one pair of wires: their answers meet octet by octet; a space (0) wins over a mark.
struct wires {
  std::vector<identity> slaves;
  std::vector<bool> selected = std::vector<bool>(slaves.size(), false);

  bytes answer(bytes_view request) {
    bytes_view in = request;
    const auto f = take_wired(in).value();
    bytes line;
    for (std::size_t i = 0; i < slaves.size(); ++i) {
      if (const auto s = read_selection(f)) selected[i] = s->covers(slaves[i]);
      if (!selected[i]) continue;
      const auto said = read_selection(f) ? bytes{acknowledge_octet} : telegram_of(slaves[i]);
      if (line.size() < said.size()) line.resize(said.size(), 0xFF);
      for (std::size_t k = 0; k < said.size(); ++k) line[k] &= said[k];
    }
    return line;
  }
};

struct result {
  std::vector<identity> found;
  search::counters counted;
  std::optional<error> failed;
};

result run(wires& bus, search::options o = {}) {
  search s{o};
  result r;
  time_point now{};
  expected<search::output> out = s.start(now);
  while (out && !out->done) {
    std::ranges::copy(out->found, std::back_inserter(r.found));
    const auto answer = out->transmit.empty() ? bytes{} : bus.answer(out->transmit);
    if (!answer.empty()) {
      out = s.feed(answer, now);
      if (!out || !out->transmit.empty()) continue;
    }
    now += 1150ms;
    out = s.tick(now);
  }
  if (out) std::ranges::copy(out->found, std::back_inserter(r.found));
  if (!out) r.failed = out.error();
  r.counted = s.counted();
  std::ranges::sort(r.found);
  return r;
}

}  // namespace

TEST_CASE("a selection names digits, manufacturer, version and type, or leaves them open", "[mbus]") {
  // SND_UD without the frame count bit, 53: a selection begins anew (EN 13757-7).
  CHECK(to_hex(selection_frame({0x12345678, 0x2324, 0x01, 0x07})) == "680b0b6853fd5278563412242301070516");
  CHECK(to_hex(selection_frame({})) == "680b0b6853fd52ffffffffffffffff9a16");
  const selection any{0xF234FFFF, 0xFFFF, 0xFF, 0xFF};
  CHECK(any.covers({0x92341111, 1, 2, 3}));
  CHECK_FALSE(any.covers({0x92441111, 1, 2, 3}));
  bytes_view in;
  const auto frame = selection_frame(any);
  in = frame;
  CHECK(read_selection(take_wired(in).value()) == any);
  const auto of_device = selection_of(*device_id::parse("8APA0512345678")).value();
  CHECK(of_device == selection{0x12345678, manufacturer_code("APA").value(), 0x05, 0xFF});
}

TEST_CASE("nobody on the bus: one selection", "[mbus]") {
  wires bus{{}};
  const auto r = run(bus);
  CHECK(r.found.empty());
  CHECK(r.counted.selections == 1);
}

TEST_CASE("one slave is found by one selection", "[mbus]") {
  wires bus{{{0x00000007, 0x2324, 1, 7}}};
  const auto r = run(bus);
  CHECK(r.found == bus.slaves);
  CHECK(r.counted.selections == 1);
}

TEST_CASE("slaves that differ in the last digit only are parted", "[mbus]") {
  wires bus{{{0x12345670, 0x2324, 1, 7}, {0x12345671, 0x2324, 1, 7}, {0x12345679, 0x2324, 1, 7}}};
  const auto r = run(bus);
  CHECK(r.found == bus.slaves);
  CHECK(r.counted.collisions == 8);
  CHECK(r.counted.selections == 1 + 8 * 10);
  CHECK(r.counted.unresolved == 0);
}

TEST_CASE("a full bus of 250 slaves is found, each once", "[mbus]") {
  std::mt19937 random{3};
  std::vector<identity> slaves;
  for (int i = 0; i < 250; ++i) {
    std::uint32_t id = 0;
    for (int d = 0; d < 8; ++d) id = id << 4 | static_cast<std::uint32_t>(random() % 10);
    slaves.push_back({id, 0x2324, 1, 7});
  }
  std::ranges::sort(slaves);
  wires bus{slaves};
  const auto r = run(bus);
  CHECK(r.found == slaves);
  CHECK(r.counted.selections < 4096);
}

TEST_CASE("two slaves with one number cannot be parted, and the search ends", "[mbus]") {
  wires bus{{{0x11111111, 0x2324, 1, 7}, {0x11111111, 0x2325, 1, 7}, {0x22222222, 0x2324, 1, 7}}};
  const auto r = run(bus);
  CHECK(r.found == std::vector<identity>{{0x22222222, 0x2324, 1, 7}});
  CHECK(r.counted.unresolved == 1);
  CHECK_FALSE(r.failed);
}

TEST_CASE("a search on a line of endless noise stops after its steps", "[mbus]") {
  search s{{.patience = 100ms, .most_steps = 50}};
  time_point now{};
  expected<search::output> out = s.start(now);
  unsigned rounds = 0;
  // A step says two frames, and waits for quiet after each until it has heard more octets than an answer can have: some
  // 16 rounds with quiet at its 250 ms.
  while (out && !out->done && rounds++ < 50 * 2 * 20) {
    (void)s.feed(bytes(40, 0x55), now);
    now += 100ms;
    out = s.tick(now);
  }
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::exhausted);
  CHECK(s.counted().selections == 50);
}

TEST_CASE("an answer may take longer than the time until it begins", "[mbus]") {
  const identity who{0x12345678, 0x2324, 1, 7};
  search s{{.patience = 200ms, .quiet = 100ms}};
  time_point now{};
  (void)s.start(now);
  auto out = s.feed(bytes{acknowledge_octet}, now).value();
  const auto answer = telegram_of(who);
  for (std::size_t i = 0; i < answer.size(); ++i) {  // 300 Bd: a character in 37 ms
    now += 37ms;
    CHECK(s.tick(now).value().transmit.empty());
    out = s.feed(bytes_view{answer}.subspan(i, 1), now).value();
  }
  REQUIRE(out.wake_at);
  out = s.tick(*out.wake_at).value();
  CHECK(out.done);
  CHECK(out.found == std::vector{who});
}

TEST_CASE("one slave that does not say who it is ends no search, and parts no others", "[mbus]") {
  search s;
  auto out = s.start({});
  (void)s.feed(bytes{acknowledge_octet}, {});
  out = s.feed(long_frame(0x08, 1, 0x70, bytes{8}), {}).value();  // busy
  out = s.tick(*out.wake_at).value();
  CHECK(out.done);
  CHECK(s.counted().nameless == 1);
  CHECK(s.counted().collisions == 0);
}

TEST_CASE("between two steps the bus may be used for something else", "[mbus]") {
  wires bus{{{0x12345670, 0x2324, 1, 7}, {0x92345671, 0x2324, 1, 7}}};
  search s;
  time_point now{};
  auto out = s.start(now);
  CHECK(s.between_steps());
  std::vector<identity> found;
  while (!out.done) {
    if (s.between_steps()) {  // each selection is forgotten once
      const auto again = s.again(now);
      CHECK(again.transmit == out.transmit);
      out = again;
    }
    const auto answer = bus.answer(out.transmit);
    if (!answer.empty()) out = s.feed(answer, now).value();
    if (answer.empty() || out.transmit.empty()) {
      now = *out.wake_at;
      out = s.tick(now).value();
    }
    std::ranges::copy(out.found, std::back_inserter(found));
  }
  CHECK(found.size() == 2);
  CHECK(s.counted().selections == 11);
  CHECK_FALSE(s.between_steps());
  CHECK(s.again(now).transmit.empty());
}

TEST_CASE("a slave is read after its selection, without a reset that would take it back", "[mbus]") {
  const identity who{0x12345678, 0x2324, 1, 7};
  wires bus{{who, {0x87654321, 0x2324, 1, 7}}};
  master m{selection{who.id, who.manufacturer, who.version, 0xFF}};
  auto out = m.start({});
  CHECK(out.transmit == selection_frame({who.id, who.manufacturer, who.version, 0xFF}));
  out = m.feed(bus.answer(out.transmit), {}).value();
  CHECK(to_hex(out.transmit) == "107bfd7816");
  out = m.feed(bus.answer(out.transmit), {}).value();
  CHECK(out.done);
  REQUIRE(out.received.size() == 1);
  CHECK(out.received[0] == telegram_of(who));
}
