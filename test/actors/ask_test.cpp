// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ask.hpp"

#include "actors/reply_slot.hpp"
#include "actors/virtual_time.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

struct question {
  int n;
};
struct reply {
  int n;
};
struct drop_it {};

}  // namespace
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drop_it)

namespace {

using oracle_actor = interface<answers<question, reply>, hears<drop_it>>;
struct oracle_state {
  reply_slot<reply> held;
};

/// Answers even questions, refuses odd ones, and keeps the zero for later.
oracle_actor::behavior_type oracle(oracle_actor::stateful_pointer<oracle_state> self) {
  return {[self](const question& q) -> caf::result<reply> {
            if (q.n == 0) {
              self->state.held = reply_slot<reply>(self);
              return self->state.held.later();
            }
            if (q.n % 2 == 1) return answer(expected<reply>(fail(errc::denied, "odd")));
            return reply{q.n / 2};
          },
          [self](const drop_it&) { self->quit(); }};
}

struct asking : test::virtual_time {
  oracle_actor oracle_ = system.spawn(oracle);
  std::vector<std::string> heard;

  void ask_about(int n) {
    system.spawn([this, n](caf::event_based_actor* me) {
      ask(
          me, oracle_, 10s, question{n}, [this](const reply& r) { heard.push_back(std::to_string(r.n)); },
          [this](const error& e) { heard.push_back(std::string(to_string(e.code)) + ": " + e.what); });
    });
    run();
  }
  ~asking() { stop(oracle_); }
};

}  // namespace

TEST_CASE_METHOD(asking, "an answer or a refusal reaches the asker with its code and text") {
  ask_about(8);
  ask_about(3);
  CHECK(heard == std::vector<std::string>{"4", "denied: odd"});
}

TEST_CASE_METHOD(asking, "an answer that does not come in time is an error") {
  ask_about(0);
  advance(9s);
  CHECK(heard.empty());
  advance(2s);
  CHECK(heard == std::vector<std::string>{"unavailable: no answer within the time budget"});
}

TEST_CASE_METHOD(asking, "an actor that dies with an answer owed tells so at once") {
  ask_about(0);
  self->send(oracle_, drop_it{});
  run();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].starts_with("unavailable"));
}
