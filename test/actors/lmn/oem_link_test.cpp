// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/oem_link.hpp"

#include "actors/virtual_time.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

const auto known = *device_id::parse("1SMG0000000001");
const auto stranger = *device_id::parse("1SMG0000000002");

/// What the protocol of the test does: one report per `v`, a refusal for `x`, a question on the line every 10 s.
struct script {
  int opened = 0, ticks = 0;
  std::chrono::milliseconds capture_age{0};
  device_id meter = known;
  std::size_t registers = 1;
};
struct scripted final : ports::meter_protocol {
  explicit scripted(script& s) : does(s) {}
  script& does;

  expected<ports::protocol_output> open(time_point now) override {
    ++does.opened;
    return ask(now);
  }
  expected<ports::protocol_output> feed(bytes_view octets, time_point now) override {
    auto out = ask(now);
    for (const auto c : octets) {
      if (c == 'x') return fail(errc::malformed, "an x");
      if (c == 'v')
        out.reports.push_back({does.meter, now - does.capture_age, 7,
                               std::vector<ports::register_reading>(
                                   does.registers, {*obis::parse("1-0:1.8.0"), {42, 0}, unit::watt_hour})});
    }
    return out;
  }
  expected<ports::protocol_output> tick(time_point now) override {
    ++does.ticks;
    return ask(now);
  }
  static ports::protocol_output ask(time_point now) { return {{}, {'?'}, now + 10s}; }
};

struct linked : test::virtual_time {
  script does;
  std::vector<meter_read> reads;
  std::vector<std::string> said;
  bytes sent;
  int closed = 0, opens = 0;
  bool line_is_there = true;
  wire_user owner;
  link_actor link;

  linked() {
    const auto meter = system.spawn([this](meter_actor::pointer) -> meter_actor::behavior_type {
      return {[this](const meter_read& r) { reads.push_back(r); }, [](const read_live&) { return live_reading{}; },
              [](const query_status&) { return status_report{}; }, [](const wake&) {}};
    });
    oem_link_parts parts{"lmn0",
                         {{known, meter}},
                         [this](caf::actor_system& s, wire_user u) { return open(s, std::move(u)); },
                         [this] { return now(); },
                         [this](std::string_view, std::string_view what) { said.emplace_back(what); },
                         std::make_shared<scripted>(does)};
    link = system.spawn(oem_link, std::move(parts));
    run();
    advance(1ms);
  }
  ~linked() {
    owner = nullptr;
    stop(link);
  }
  expected<wire_actor> open(caf::actor_system& s, wire_user u) {
    ++opens;
    if (!line_is_there) return fail(errc::unavailable, "no such line");
    owner = std::move(u);
    return s.spawn([this](wire_actor::pointer me) -> wire_actor::behavior_type {
      return {[this](const wire_write& w) { sent.insert(sent.end(), w.data.begin(), w.data.end()); },
              [](const wire_more&) {},
              [this, me](const wire_close&) {
                ++closed;
                me->quit();
              }};
    });
  }
  void bring(std::string_view text) {
    self->send(owner, wire_bytes{bytes(text.begin(), text.end()), now()});
    run();
  }
  std::int64_t counter(std::string_view field) {
    auto answer = self->request(link, 1min, query_status{});
    run();
    std::int64_t found = -1;
    answer.receive(
        [&](const status_report& r) {
          for (const auto& [key, value] : r.fields)
            if (key == field) found = std::get<std::int64_t>(value);
        },
        [](const caf::error&) {});
    return found;
  }
};

}  // namespace

TEST_CASE_METHOD(linked, "readings of an OEM's protocol reach their meter with the capture time it names",
                 "[REQ.TLSHDLC.SMGW.50]") {
  does.capture_age = 200ms;
  bring("v");
  REQUIRE(reads.size() == 1);
  CHECK(reads[0].captured == now() - 200ms);
  CHECK(reads[0].meter_status == 7);
  REQUIRE(reads[0].values.size() == 1);
  CHECK(reads[0].values[0].value == decimal{42, 0});
  CHECK(counter("telegrams") == 1);
}

TEST_CASE_METHOD(linked, "the protocol's deadline comes once, the newest one; what it says goes out on the line") {
  CHECK(sent == bytes{'?'});
  advance(5s);
  bring(".");  // moves the deadline by 5 s
  advance(6s);
  CHECK(does.ticks == 0);
  advance(5s);
  CHECK(does.ticks == 1);
  CHECK(sent == bytes{'?', '?', '?'});
}

TEST_CASE_METHOD(linked, "an error of the protocol closes the line, and it is opened again ever more patiently") {
  bring("x");
  CHECK(closed == 1);
  line_is_there = false;
  for (int i = 0; i < 100; ++i) advance(100ms);
  CHECK(opens <= 7);
  CHECK(opens >= 5);
  line_is_there = true;
  for (int i = 0; i < 100; ++i) advance(100ms);
  CHECK(does.opened == 2);
  bring("v");
  CHECK(reads.size() == 1);
  CHECK(std::ranges::count(said, "port lost: an x") == 1);
}

TEST_CASE_METHOD(linked,
                 "reports that cannot be are dropped and counted: the future, long ago, too many, a stranger's") {
  for (const auto age : {-1s, 301s}) {
    does.capture_age = age;
    bring("v");
  }
  does.capture_age = 0ms;
  does.registers = max_reported_registers + 1;
  bring("v");
  CHECK(counter("faults") == 3);
  does.registers = 1;
  does.meter = stranger;
  bring("v");
  CHECK(counter("without profile") == 1);
  CHECK(reads.empty());
}
