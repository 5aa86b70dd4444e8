// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/supervisor.hpp"

#include "actors/virtual_time.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

struct die {};

}  // namespace
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(die)

namespace {

/// A supervisor over children that only tell when they start and end.
struct nursery_fixture : test::virtual_time {
  std::vector<std::string> seen;
  std::vector<child_died> deaths;
  std::map<std::string, caf::actor> live;
  caf::actor boss;
  using names = std::vector<std::string>;

  ~nursery_fixture() {
    live.clear();
    if (boss) stop(boss);
    advance(1min);
  }

  child_spec child(const std::string& name, bool stubborn = false) {
    return {name, [this, name, stubborn](caf::event_based_actor* parent) {
              seen.push_back("+" + name);
              auto born = parent->spawn([this, name, stubborn](caf::event_based_actor* me) -> caf::behavior {
                me->attach_functor([this, name] { seen.push_back("-" + name); });
                if (stubborn) me->set_exit_handler([](caf::exit_msg&) {});
                return {[me](const die&) { me->quit(to_caf({errc::internal, "asked to die"})); }};
              });
              live[name] = born;
              return born;
            }};
  }
  void supervise(std::vector<child_spec> children, restart_policy policy) {
    boss = system.spawn(supervisor, std::string("root"), std::move(children), policy,
                        death_listener([this](const child_died& d) { deaths.push_back(d); }), caf::actor{});
    run();
  }
  names take() {
    run();
    return std::exchange(seen, {});
  }
  void kill(const std::string& name) {
    self->send(live[name], die{});
    run();
  }
};

}  // namespace

TEST_CASE_METHOD(nursery_fixture, "rest_for_one: the dead child and all that started after it, old ones gone first") {
  supervise({child("store"), child("keys"), child("tariff"), child("wan")}, {});
  CHECK(take() == names{"+store", "+keys", "+tariff", "+wan"});
  kill("keys");
  CHECK(take() == names{"-keys", "-wan", "-tariff"});
  advance(20ms);
  CHECK(take() == names{"+keys", "+tariff", "+wan"});
  REQUIRE(deaths.size() == 1);
  CHECK(deaths[0].path == "root/keys");
  CHECK(deaths[0].reason.what == "asked to die");
  stop(boss);
  CHECK(take() == names{"-wan", "-tariff", "-keys", "-store"});
}

TEST_CASE_METHOD(nursery_fixture, "one_for_one: siblings go on") {
  supervise({child("a"), child("b"), child("c")}, {.siblings = strategy::one_for_one});
  take();
  kill("b");
  CHECK(take() == names{"-b"});
  advance(20ms);
  CHECK(take() == names{"+b"});
}

TEST_CASE_METHOD(nursery_fixture, "a stubborn child is killed after the grace period") {
  supervise({child("store"), child("radio", true)}, {});
  take();
  kill("store");
  CHECK(take() == names{"-store"});
  advance(4s);
  CHECK(take().empty());
  advance(1s);
  CHECK(take() == names{"-radio"});
  advance(20ms);
  CHECK(take() == names{"+store", "+radio"});
}

TEST_CASE_METHOD(nursery_fixture, "more deaths than the intensity end the supervisor; spread out they do not") {
  supervise({child("a")}, {});
  take();
  self->monitor(boss);
  for (int i = 0; i < 20; ++i) {
    kill("a");
    advance(201s);
    CHECK(take() == names{"-a", "+a"});
  }
  advance(601s);
  for (int i = 0; i < 4; ++i) {
    kill("a");
    advance(1s);
  }
  bool down = false;
  self->receive([&](caf::down_msg&) { down = true; }, caf::after(0s) >> [] {});
  CHECK(down);
  CHECK(deaths.back().given_up);
}

TEST_CASE_METHOD(nursery_fixture, "restarts back off: each death within the period doubles the wait") {
  supervise({child("a")}, {});
  take();
  kill("a");
  advance(20ms);
  kill("a");
  advance(20ms);
  CHECK(take() == names{"-a", "+a", "-a"});
  advance(20ms);
  CHECK(take() == names{"+a"});
}

TEST_CASE_METHOD(nursery_fixture, "what comes after a supervisor waits until all its children are there") {
  const auto inner = child_spec{
      "realm",
      [this](caf::event_based_actor* parent) {
        seen.push_back("+realm");
        return caf::actor{parent->spawn(supervisor, std::string("root/realm"), std::vector{child("a"), child("b")},
                                        restart_policy{}, death_listener{}, caf::actor_cast<caf::actor>(parent))};
      },
      true};
  supervise({inner, child("after")}, {});
  CHECK(take() == names{"+realm", "+a", "+b", "+after"});
}

TEST_CASE_METHOD(nursery_fixture, "on order a child and all after it start anew, in reverse down and in order up") {
  supervise({child("store"), child("meter"), child("market")}, {.siblings = strategy::rest_for_one, .intensity = 0});
  take();
  self->send(boss, restart_from{"meter"});
  run();
  advance(20ms);
  CHECK(take() == names{"-market", "-meter", "+meter", "+market"});
  CHECK(deaths.empty());
  self->send(boss, restart_from{"nobody"});
  run();
  advance(1s);
  CHECK(take().empty());
}
