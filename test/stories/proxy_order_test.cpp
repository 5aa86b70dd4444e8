// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A market participant wants to reach its controllable system, and the administrator orders the channel (HKS4).
#include "actors/cls/proxy.hpp"
#include "stories/managed_story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

/// PROXY stands beside the gateway's tree. The controllable system has a name that nobody in this home looks up: what
/// is begun ends there, on record, and no thread of a relay runs beside virtual time.
struct ordering_story : managed_story {
  ~ordering_story() override {
    self->send_exit(proxy, caf::exit_reason::user_shutdown);
    run();
  }
  /// A profile that is open on Sundays, between these times of legal time.
  void offer(std::chrono::seconds from, std::chrono::seconds to) {
    cls::route r;
    r.rule.id = "wallbox";
    r.rule.local_server_name = "wallbox.local";
    r.rule.wan_peer_addresses = {{"192.0.2.7", 443}};
    r.rule.cls_service = "controlbox._ship._tcp.local";
    r.rule.initiated_by = profile::proxy_direction::market_participant;
    r.rule.schedule = {{{std::bitset<7>{0b1000000}, from, to}}};
    proxy = self->spawn(cls::proxy, cls::proxy_parts{.routes = {std::move(r)},
                                                     .door = {},
                                                     .listen = {},
                                                     .connections = 8,
                                                     .store = handles_->get<store_actor>("store"),
                                                     .ledger = handles_->get<ledger_actor>("ledger"),
                                                     .find_responder = [] { return responder_actor{}; },
                                                     .now = [this] { return now(); },
                                                     .announce = [](std::string_view, std::string_view) {}});
    handles_->set("proxy", proxy);
    run();
  }
  managed_answer order() { return ask(http::method::post, "/cosem/ldevs/wallbox.sm/objects/1-01005e318004/methods/1"); }
  std::size_t begun() { return records("system", "nobody looks up names in the home network").size(); }
  proxy_actor proxy;
};

}  // namespace

TEST_CASE_METHOD(ordering_story,
                 "a channel that the administrator orders outside of its profile's schedule is answered 409, and is "
                 "not begun",
                 "[cls]") {
  REQUIRE(now() == timestamp{std::chrono::sys_days{std::chrono::Sunday[1] / 3 / 2026}});  // 01:00 of legal time
  start();
  offer(2h, 3h);
  const auto early = order();
  CHECK(early.status == 409);
  CHECK(early.document.contains("wallbox: outside of the profile's schedule"));
  CHECK(records("system", "to wallbox.local refused: ").size() == 1);
  CHECK(records("system", "outside of the profile's schedule").size() == 1);
  CHECK(begun() == 0);

  for (int i = 0; i < 12; ++i) advance(5min);
  CHECK(order().status == 204);
  CHECK(begun() == 1);

  for (int i = 0; i < 12; ++i) advance(5min);
  CHECK(order().status == 409);
  CHECK(begun() == 1);
}
