// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The end of a gateway's life: the administrator gets the logs, the keys go, and nothing leads back.
#include "actors/foundation/key_token.hpp"
#include "actors/platform/assembly.hpp"
#include "actors/root.hpp"
#include "audit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr auto end_of_life = "/cosem/ldevs/esmg0000000001.sm/objects/1-01005e31800c/methods/2";

house_options managed() {
  house_options o;
  o.administrator = true;
  return o;
}

void call_gateway(house& h, sim::managed_gateway& gwa) {
  REQUIRE(eventually([&] {
    const auto packet = gwa.wake_up_packet(sim::wall_clock());
    return packet && sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()) && gwa.await_gateway(5s);
  }));
}

std::size_t keys_of(const house& h) {
  const auto keys = platform::open_key_store("soft:keys.sealed", h.data());
  REQUIRE(keys);
  const auto all = (*keys)->list();
  REQUIRE(all);
  return all->size();
}

/// It does not start, and says why.
void check_final(const house& h) {
  auto again = process::run(h.configuration());
  const auto code = again.wait(patience);
  INFO(again.text());
  REQUIRE(code);
  CHECK(*code != 0);
  CHECK(again.has_line("this gateway is decommissioned: its keys are destroyed, and it does not start again"));
}

}  // namespace

TEST_CASE("a decommissioned gateway has given its logs away, has no keys, and never starts again",
          "[process][decommission]") {
  house h(managed());
  auto& gwa = h.open_administrator();
  h.open_market();
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("acknowledged: "));
    call_gateway(h, gwa);
    CHECK(keys_of(h) >= 3);
    const auto done = gwa.ask(http::method::post, end_of_life);
    INFO((done ? done->document : done.error().what) << gateway.text());
    REQUIRE(done);
    CHECK(done->status == 204);
    CHECK(keys_of(h) == 0);

    std::string logs;
    for (const auto& m : gwa.messages())
      if (m.target.contains("/logs/")) logs += m.target + "\n" + m.content;
    for (const auto* part : {"/logs/system", "/logs/calibration", "wake-up of the administrator accepted"})
      CHECK(logs.contains(part));

    // The connection is still there; nothing is done over it any more.
    const auto refused = gwa.ask(http::method::get, "/cosem");
    REQUIRE(refused);
    CHECK(refused->status == 403);
    const auto twice = gwa.ask(http::method::post, end_of_life);
    REQUIRE(twice);
    CHECK(twice->status == 403);
    // Nobody measures, delivers or listens.
    CHECK(eventually([&] {
      const auto s = h.status();
      return s.contains("administrator") && !s.contains("outbox") && !s.contains("wake-up") &&
             !s.contains("market stadtwerk");
    }));
    stop(gateway);
  }
  CHECK_FALSE(records(h, "system", "keys destroyed").empty());
  check_final(h);
  audit_chains(h);
}

TEST_CASE("without the administrator's service nothing is given up: the logs wait, the keys stay",
          "[process][decommission]") {
  house h(managed());
  auto& gwa = h.open_administrator();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  call_gateway(h, gwa);
  gwa.refuse_messages(true);
  // Within the connection's limit for an answer the logs are not there: the gateway says so, and stays whole.
  const auto first = gwa.ask(http::method::post, end_of_life);
  INFO((first ? std::string() : first.error().what));
  REQUIRE(first);
  CHECK(first->status == 503);
  CHECK(keys_of(h) >= 3);
  gwa.refuse_messages(false);
  // What it was told holds: it ends once the logs are taken.
  CHECK(eventually([&] { return gateway.has_line("the gateway is decommissioned"); }));
  CHECK(keys_of(h) == 0);
  stop(gateway);
  check_final(h);
}

TEST_CASE("keys that a power cut left after the end go at the next start", "[process][decommission]") {
  house h(managed());
  {
    const auto keys = platform::open_key_store("soft:keys.sealed", h.data());
    REQUIRE(keys);
    auto db = platform::open_store(h.data(), **keys);
    REQUIRE(db);
    store::batch end;
    end.put_state(std::string(life_state), lifecycle::encode(lifecycle::phase::decommissioned));
    REQUIRE(db->commit(end));
  }
  CHECK(keys_of(h) >= 3);
  check_final(h);
  CHECK(keys_of(h) == 0);
}
