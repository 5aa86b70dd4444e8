// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A market participant that is not there, fails, is slow, breaks off, or is somebody else.
#include "audit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <charconv>
#include <csignal>

using namespace smgw;
using namespace smgw::test;

namespace {

/// The outbox's numbers, as `acknowledged: … (no. 17)` tells them.
std::vector<int> acknowledged_numbers(const process& gateway) {
  std::vector<int> numbers;
  for (const auto& line : gateway.lines()) {
    const auto at = line.find("(no. ");
    if (at == line.npos || !line.contains(" acknowledged: ")) continue;
    std::from_chars(line.data() + at + 5, line.data() + line.size(), numbers.emplace_back());
  }
  return numbers;
}

bool arrived(const house& h, std::size_t n) {
  return eventually([&] { return h.documents("taf7-1.sm").size() >= n; });
}

bool no_document_twice(const house& h) {
  const auto all = h.arrivals();
  for (auto a = all.begin(); a != all.end(); ++a)
    if (std::any_of(all.begin(), a, [&](const arrival& b) { return b.what.document == a->what.document; }))
      return false;
  return true;
}

void stop_and_audit(house& h, process& gateway, std::size_t under_way) {
  stop(gateway);
  announcements told;
  told.add(gateway.lines());
  audit_lists(h, told);
  audit_deliveries(h, under_way);
  audit_chains(h);
}

}  // namespace

TEST_CASE("deliveries wait for a market participant that is not there yet", "[process]") {
  house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("stadtwerk: not delivered"));
  REQUIRE(eventually([&] { return h.number("outbox", "waiting") >= 3; }));
  CHECK(h.number("outbox", "acknowledged") == 0);

  h.open_market();
  REQUIRE(arrived(h, 3));
  REQUIRE(eventually([&] { return h.number("outbox", "acknowledged") >= 4; }));
  CHECK(no_document_twice(h));
  const auto numbers = acknowledged_numbers(gateway);
  CHECK(std::ranges::is_sorted(numbers));
  CHECK(std::ranges::adjacent_find(numbers) == numbers.end());
  stop_and_audit(h, gateway, 1);
}

TEST_CASE("a market participant that answers 500 gets the same delivery again", "[process]") {
  house h;
  h.open_market({.status = 500, .first = 2});
  auto gateway = process::run(h.configuration());
  REQUIRE(arrived(h, 2));
  CHECK(h.market().refused == 2);
  CHECK(h.number("market stadtwerk", "failed attempts") == 2);
  CHECK(gateway.has_line("not delivered: the market participant answered 500"));
  CHECK(no_document_twice(h));
  stop_and_audit(h, gateway, 1);
  CHECK_FALSE(records(h, "system", "not delivered: the market participant answered 500").empty());
}

TEST_CASE("a slow market participant gets each delivery once", "[process]") {
  house h;
  h.open_market({.delay = 1200ms});
  auto gateway = process::run(h.configuration());
  REQUIRE(arrived(h, 2));
  REQUIRE(eventually([&] { return h.number("outbox", "acknowledged") >= 2; }));
  CHECK(no_document_twice(h));
  CHECK(h.number("market stadtwerk", "failed attempts") == 0);
  stop_and_audit(h, gateway, 1);
}

TEST_CASE("an answer that breaks off is no acknowledgement", "[process]") {
  house h;
  h.open_market({.close_in_answer = true, .first = 1});
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("stadtwerk: not delivered"));
  REQUIRE(arrived(h, 2));
  const auto all = h.arrivals();
  REQUIRE(all.size() >= 2);
  CHECK(all[0].what.document == all[1].what.document);  // it could not know
  CHECK(h.market().deliveries == h.documents("taf7-1.sm").size() + h.documents("taf1-1.sm").size() + 1);
  stop_and_audit(h, gateway, 1);
}

TEST_CASE("connections that are reset inside the handshake and the first request cost time, and nothing else",
          "[process][wan-faults]") {
  house h;
  // The hello, the certificate, the finished message, the request's head, and its body.
  sim::emt_faults faults;
  // Each makes the pause before the next try longer.
  for (const std::size_t octets : {1UL, 150UL, 900UL, 1500UL, 1900UL, 2800UL})
    faults.lines.push_back({.reset_after = octets});
  h.open_market(faults);
  auto gateway = process::run(h.configuration());
  REQUIRE(arrived(h, 3));
  CHECK(h.market().connections > faults.lines.size());
  CHECK(h.number("market stadtwerk", "failed attempts") >= 5);
  CHECK(no_document_twice(h));
  stop_and_audit(h, gateway, 1);
}

TEST_CASE(
    "a market participant that half closes the connection at any time gets each delivery, and acknowledges it later",
    "[process][wan-faults]") {
  house h;
  // Inside the handshake, behind it, and inside the answer: then it has the delivery, and the gateway cannot know.
  sim::emt_faults faults;
  for (const std::size_t octets : {1UL, 100UL, 900UL, 1100UL, 1250UL, 1330UL})
    faults.lines.push_back({.finish_after = octets});
  h.open_market(faults);
  auto gateway = process::run(h.configuration());
  REQUIRE(arrived(h, 3));
  REQUIRE(eventually([&] { return h.market().connections > faults.lines.size(); }));
  CHECK(h.number("market stadtwerk", "failed attempts") >= 4);
  REQUIRE(eventually([&] { return h.number("outbox", "waiting") <= 1; }));
  stop_and_audit(h, gateway, 1);
}

TEST_CASE("nothing is sent to whoever has another certificate", "[process]") {
  house h;
  h.open_impostor();
  auto gateway = process::run(h.configuration());
  REQUIRE(eventually([&] { return h.market().connections >= 2 && h.number("outbox", "waiting") >= 2; }));
  CHECK(h.market().requests == 0);
  CHECK(h.number("outbox", "acknowledged") == 0);
  CHECK(h.number("market stadtwerk", "failed attempts") >= 1);
  h.close_market();
  stop(gateway);
  const auto why = records(h, "system", ".3004.");
  REQUIRE_FALSE(why.empty());
  INFO(why.front());
  CHECK(why.front().contains("certificate"));
  CHECK(h.arrivals().empty());
  audit_chains(h);
}

TEST_CASE("SIGTERM ends the gateway within 5 s while a market participant does not answer", "[process]") {
  house h;
  h.open_market({.delay = 60s});
  auto gateway = process::run(h.configuration());
  REQUIRE(eventually([&] { return h.market().requests >= 1; }));
  stop(gateway);
  audit_chains(h);
}
