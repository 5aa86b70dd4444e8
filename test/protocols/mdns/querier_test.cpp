// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/querier.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::mdns;
using namespace std::chrono_literals;

namespace {

const time_point t0 = time_point{} + 1000h;
const name box = make_name("controlbox.local");
const name ship = make_name("controlbox._ship._tcp.local");
const ipv4 near{169, 254, 1, 9}, far{8, 8, 8, 8};
const ipv6 near6{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

record a(const name& about, const ipv4& at, std::uint32_t ttl = 120, bool flush = true) {
  return {about, type::a, 1, flush, ttl, at, {}};
}
record nsec(const name& about, std::vector<type> there) { return {about, type::nsec, 1, true, 120, about, there}; }

struct world {
  querier q{[](const record& r) { return r.data != decltype(r.data){far}; }, 7};
  time_point now = t0;
  std::optional<time_point> wake;
  std::vector<message> asked;
  std::vector<time_point> asked_at;
  std::vector<errand_end> ended;

  void take(querier::output out) {
    for (const auto& m : out.transmit) {
      asked.push_back(*decode(m));
      asked_at.push_back(now);
    }
    std::ranges::move(out.ended, std::back_inserter(ended));
    wake = out.wake_at;
  }
  void want(const name& about, bool service = false, bool anew = false) {
    auto out = q.look_up({.number = ++number, .about = about, .service = service, .anew = anew}, now);
    REQUIRE(out);
    take(*std::move(out));
  }
  /// Until `until`, or until nothing is to be done.
  void run(time_point until) {
    while (wake && *wake <= until) {
      now = std::max(now, *wake);
      take(q.tick(now));
    }
    now = until;
  }
  void hear(std::vector<record> answers, std::vector<record> additional = {}) {
    message m;
    m.response = true;
    m.answers = std::move(answers);
    m.additional = std::move(additional);
    // as it comes from the wire
    take(q.heard(*decode(encode(m)), now));
  }
  void overhear(std::vector<question> questions, std::vector<record> known = {}) {
    message m;
    m.questions = std::move(questions);
    m.answers = std::move(known);
    take(q.heard(*decode(encode(m)), now));
  }
  std::uint64_t number = 0;
};

}  // namespace

TEST_CASE("a host is asked for, first so that it may answer directly, and found",
          "[mdns][REQ.TA.mDNS.Querying.10][REQ.TA.mDNS.ProcessResponse.10]") {
  world w;
  w.want(box);
  CHECK(w.asked.empty());  // not at once: devices that start together would all ask together
  w.run(t0 + 120ms);
  REQUIRE(w.asked.size() == 1);
  CHECK(w.asked_at[0] >= t0 + 20ms);
  const auto& m = w.asked[0];
  CHECK_FALSE(m.response);
  CHECK(m.id == 0);
  REQUIRE(m.questions.size() == 2);
  CHECK(m.questions[0].what == type::a);
  CHECK(m.questions[1].what == type::aaaa);
  CHECK((m.questions[0].unicast && m.questions[1].unicast));
  w.hear({a(make_name("ControlBox.LOCAL"), near)}, {{box, type::aaaa, 1, true, 120, near6, {}}});
  REQUIRE(w.ended.size() == 1);
  CHECK(w.ended[0].number == 1);
  CHECK(w.ended[0].where->v4 == std::vector{near});
  CHECK(w.wake == std::nullopt);
  // and is known for as long as it said
  w.now += 119s;
  w.want(box);
  CHECK(w.ended.size() == 2);
  w.run(w.now + 5s);
  CHECK(w.asked.size() == 1);
  w.want(box);
  CHECK(w.ended.size() == 2);
}

TEST_CASE("who gets no answer asks twice more, after longer waits and all, then gives up",
          "[mdns][REQ.TA.mDNS.Querying.10]") {
  world w;
  w.want(box);
  w.want(box);  // two want it: it is asked for once
  w.run(t0 + 1min);
  REQUIRE(w.asked.size() == 3);
  CHECK(w.asked_at[1] - w.asked_at[0] == 1s);
  CHECK(w.asked_at[2] - w.asked_at[1] == 2s);
  CHECK(std::ranges::none_of(w.asked[1].questions, &question::unicast));
  REQUIRE(w.ended.size() == 2);
  CHECK(w.ended[0].where.error().code == errc::expired);
  CHECK(w.ended[0].where.error().what.contains("controlbox.local"));
  // another attempt is another series
  w.want(box);
  w.run(w.now + 1s);
  CHECK(w.asked.size() == 4);
}

TEST_CASE("an attempt that follows at once waits until the question may be put again",
          "[mdns][REQ.TA.mDNS.Querying.10]") {
  world w;
  w.want(box);
  w.run(t0 + 200ms);
  w.hear({a(box, near, 1)});
  CHECK(w.ended.size() == 1);
  w.hear({a(box, near, 0)});  // goodbye: for another second it counts (10.1)
  w.now += 500ms;
  w.want(box, false, true);
  w.run(w.now + 10s);
  REQUIRE(w.asked.size() >= 2);
  CHECK(w.asked_at[1] - w.asked_at[0] >= 1s);
}

TEST_CASE("known answers are told, and addresses of elsewhere lead nowhere", "[mdns][REQ.TA.mDNS.Querying.10]") {
  world w;
  w.want(box);
  w.run(t0 + 200ms);
  w.hear({a(box, far, 120, false)});
  CHECK(w.ended.empty());
  w.run(t0 + 1200ms);
  REQUIRE(w.asked.size() == 2);
  REQUIRE(w.asked[1].answers.size() == 1);
  CHECK(w.asked[1].answers[0].data == decltype(record::data){far});
  CHECK(w.asked[1].answers[0].ttl == 119);
  w.hear({a(box, near, 120, false)});
  REQUIRE(w.ended.size() == 1);
  CHECK(w.ended[0].where->v4 == std::vector{near});
}

TEST_CASE("what is more than half over is not told as known", "[mdns][REQ.TA.mDNS.Querying.10]") {
  cache c;
  c.take(a(box, near, 100), t0);
  const question q{box, type::a, 1, false};
  CHECK(c.known(q, t0 + 49s).size() == 1);
  CHECK_FALSE(c.known(q, t0 + 49s)[0].flush);
  CHECK(c.known(q, t0 + 51s).empty());
  CHECK(c.find(box, type::a, t0 + 51s).size() == 1);
  CHECK(c.find(box, type::a, t0 + 100s).empty());
}

TEST_CASE("somebody else's question, put to all, stands for ours; one that knows more does not",
          "[mdns][REQ.TA.mDNS.Querying.10]") {
  const std::vector<question> same_questions{{box, type::a, 1, false}, {box, type::aaaa, 1, false}};
  SECTION("the same") {
    world w;
    w.want(box);
    w.overhear(same_questions);
    w.run(t0 + 900ms);
    CHECK(w.asked.empty());
    w.run(t0 + 2s);
    CHECK(w.asked.size() == 1);
  }
  SECTION("not the same") {
    for (const int kind : {0, 1, 2}) {
      world w;
      w.want(box);
      if (kind == 0) w.overhear({{box, type::a, 1, true}, {box, type::aaaa, 1, true}});  // is answered to it alone
      if (kind == 1) w.overhear({{box, type::a, 1, false}});                             // is not all that we ask
      if (kind == 2) w.overhear(same_questions, {a(box, near)});                         // will not hear of this one
      w.run(t0 + 200ms);
      CHECK(w.asked.size() == 1);
    }
  }
}

TEST_CASE("a service leads to the host that offers it, and its port",
          "[mdns][REQ.TA.mDNS.Querying.50][REQ.TA.mDNS.ProcessResponse.10]") {
  world w;
  w.want(ship, true);
  w.run(t0 + 200ms);
  REQUIRE(w.asked.size() == 1);
  CHECK(w.asked[0].questions.at(0).what == type::srv);
  const auto offered = [](const name& host, std::uint16_t priority = 0) {
    return record{ship, type::srv, 1, false, 120, service{priority, 0, 4712, host}, {}};
  };
  SECTION("in one message") {
    w.hear({offered(box)}, {a(box, near)});
    REQUIRE(w.ended.size() == 1);
    CHECK(w.ended[0].where->port == 4712);
    CHECK(w.ended[0].where->v4 == std::vector{near});
  }
  SECTION("in two") {
    w.hear({offered(make_name("spare.local"), 9), offered(box)});
    w.run(w.now + 200ms);
    REQUIRE(w.asked.size() == 2);
    CHECK(same(w.asked[1].questions.at(0).about, box));
    w.hear({a(box, near)});
    CHECK(w.ended.at(0).where->port == 4712);
  }
  SECTION("a host of elsewhere is not asked for") {
    w.hear({offered(make_name("box.example.org"))});
    w.run(t0 + 10s);
    CHECK(std::ranges::all_of(w.asked, [](const message& m) { return m.questions.at(0).what == type::srv; }));
    CHECK(w.ended.at(0).where.error().code == errc::expired);
  }
}

TEST_CASE("unique records replace, goodbyes end, and a name without addresses says so",
          "[mdns][REQ.TA.mDNS.Querying.10][REQ.TA.mDNS.ProcessResponse.10]") {
  cache c;
  const ipv4 other{169, 254, 7, 7};
  c.take(a(box, near), t0);
  c.take(a(box, other, 120, false), t0 + 5s);  // shared: both
  CHECK(c.find(box, type::a, t0 + 5s).size() == 2);
  c.take(a(box, other), t0 + 10s);  // unique: this one only, after a second
  CHECK(c.find(box, type::a, t0 + 10s).size() == 2);
  CHECK(c.find(box, type::a, t0 + 11s).size() == 1);
  c.take(a(box, other, 0), t0 + 20s);
  CHECK(c.find(box, type::a, t0 + 20s).size() == 1);
  CHECK(c.find(box, type::a, t0 + 21s).empty());
  world w;
  w.want(box);
  w.run(t0 + 200ms);
  w.hear({nsec(box, {type::aaaa})});
  CHECK(w.ended.empty());
  w.hear({nsec(box, {type::txt})});
  REQUIRE(w.ended.size() == 1);
  CHECK(w.ended[0].where.error().code == errc::unavailable);
}

TEST_CASE("what nobody asked for is not kept, and what is kept is bounded", "[mdns][REQ.TA.mDNS.ProcessResponse.10]") {
  world w;
  w.hear({a(box, near)});
  w.want(box);
  CHECK(w.ended.empty());
  cache c;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const ipv4 at{169, 254, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
    c.take(a(box, at, 1000 + i, false), t0);
  }
  const auto kept = c.find(box, type::a, t0);
  CHECK(kept.size() == max_cached);
  CHECK(std::ranges::all_of(kept, [](const record& r) { return r.ttl >= 1000 + 1000 - max_cached; }));
  // nor is a life believed that outlasts the house
  c.take(a(ship, near, 0xFFFF'FFFF), t0);
  CHECK(c.find(ship, type::a, t0 + longest_life).empty());
}

TEST_CASE("at most 30 messages a minute, and no more tasks than there is room for",
          "[mdns][REQ.TA.mDNS.BuildQuery.30]") {
  world w;
  const auto busy_until = t0 + 59s;
  for (int i = 0; w.now < busy_until; ++i) {
    auto n = box;
    n[0] += std::to_string(i);
    w.want(n);
    w.run(w.now + 500ms);
  }
  CHECK(w.asked.size() == multicasts_per_minute);
  for (std::size_t i = 0; i < max_errands; ++i) static_cast<void>(w.q.look_up({.about = box}, w.now));
  CHECK(w.q.look_up({.about = box}, w.now).error().code == errc::exhausted);
}

TEST_CASE("answers with an error code or another operation are ignored", "[mdns][REQ.TA.mDNS.ProcessResponse.10]") {
  for (const int place : {2, 3}) {
    world w;
    w.want(box);
    w.run(t0 + 200ms);
    message m;
    m.response = true;
    m.answers = {a(box, near)};
    auto wire = encode(m);
    wire[static_cast<std::size_t>(place)] |= place == 2 ? 0x08 : 0x03;
    w.take(w.q.heard(*decode(wire), w.now));
    CHECK(w.ended.empty());
  }
}
