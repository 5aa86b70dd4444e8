// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/routes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cls;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

const auto zone = *calendar::legal_time::load();
constexpr local_days monday{2026y / 6 / 1};
timestamp at(local_days day, seconds time) { return zone.to_utc(local_seconds{day} + time); }

route wallbox() {
  route r;
  r.rule.id = "wallbox";
  r.rule.local_server_name = "wallbox.local";
  r.rule.wan_peer_addresses = {{"192.0.2.7", 443}, {"2001:db8::7", 443}};
  r.cls[0] = 1;
  return r;
}
route_book book_of(const route& r) { return {std::vector{r}, zone}; }

socks::connect_request asks(decltype(socks::connect_request::destination) where, std::uint16_t port = 443) {
  return {std::move(where), port, 0};
}

}  // namespace

TEST_CASE("a profile is found by its name or by an address of its market participant, by its own system only",
          "[cls][socks][REQ.TA.SOCKSTLS.Connect.30][REQ.TA.SOCKSTLS.Connect.36][REQ.TA.SOCKSTLS.Connect.80]") {
  const auto book = book_of(wallbox());
  const auto own = wallbox().cls;
  CHECK(book.find(own, asks("wallbox.local")) == &book.all()[0]);
  CHECK(book.find(own, asks("wallbox.local", 1)) != nullptr);  // with a name the port says nothing
  CHECK(book.find(own, asks(socks::ipv4{192, 0, 2, 7})) != nullptr);
  // the profile writes it shortened
  CHECK(book.find(own, asks(socks::ipv6{0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7})) != nullptr);
  CHECK(book.find(own, asks(socks::ipv6{0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8})) == nullptr);
  CHECK(book.find(own, asks(socks::ipv4{192, 0, 2, 8})) == nullptr);
  CHECK(book.find(own, asks(socks::ipv4{192, 0, 2, 7}, 444)) == nullptr);
  CHECK(book.find(own, asks("heatpump.local")) == nullptr);
  CHECK(book.find({}, asks("wallbox.local")) == nullptr);
  auto other = wallbox();
  other.rule.initiated_by = profile::proxy_direction::gateway;
  CHECK(book_of(other).find(own, asks("wallbox.local")) == nullptr);
}

TEST_CASE("a place is taken within the schedule, until the window's end, as long as there are places", "[cls]") {
  auto r = wallbox();
  r.rule.connections = 1;
  r.rule.schedule = {{{std::bitset<7>{0b1}, 6h, 22h}}};
  auto book = book_of(r);
  const auto& own = book.all()[0];
  CHECK(book.enter(own, at(monday, 5h)).error().code == errc::conflict);
  CHECK(book.admits(own, at(monday, 5h)).error().what.contains("schedule"));
  CHECK(book.next_change(own, at(monday, 5h)) == at(monday, 6h));
  CHECK(book.enter(own, at(monday, 6h)) == at(monday, 22h));
  CHECK(book.inside(own) == 1);
  CHECK(book.enter(own, at(monday, 7h)).error().code == errc::exhausted);
  CHECK(book.admits(own, at(monday, 7h)));
  book.leave(own);
  CHECK(book.enter(own, at(monday, 7h)));
  CHECK(book.next_change(own, at(monday, 7h)) == at(monday + days{7}, 6h));
}

TEST_CASE("a day's volume is granted once, over all connections, and anew at midnight of legal time", "[cls]") {
  auto r = wallbox();
  r.rule.daily_volume_limit = 1000;
  auto book = book_of(r);
  const auto& own = book.all()[0];
  CHECK(book.grant(own, 600, at(monday, 12h)) == 600);
  CHECK(book.grant(own, 600, at(monday, 13h)) == 400);
  CHECK(book.grant(own, 1, at(monday, 23h + 59min)) == 0);
  CHECK(book.admits(own, at(monday, 14h)).error().what.contains("volume of the day"));
  CHECK(book.enter(own, at(monday, 14h)).error().code == errc::conflict);
  CHECK(book.next_change(own, at(monday, 14h)) == at(monday + days{1}, 0h));
  CHECK(book.admits(own, at(monday + days{1}, 0h)));
  CHECK(book.carried(own) == day_volume{monday, 1000});
  // what another process has kept counts on
  auto again = book_of(r);
  again.restore(again.all()[0], *decode_day_volume(encode(book.carried(own))));
  CHECK_FALSE(again.admits(again.all()[0], at(monday, 15h)));
  CHECK(again.grant(again.all()[0], 600, at(monday + days{1}, 1h)) == 600);
  auto without = wallbox();
  auto free = book_of(without);
  CHECK(free.grant(free.all()[0], 1U << 30, at(monday, 12h)) == 1U << 30);
}

TEST_CASE("what is kept of a day's volume is read whole or refused", "[cls]") {
  const auto whole = encode(day_volume{monday, 77});
  CHECK(decode_day_volume(whole) == day_volume{monday, 77});
  for (std::size_t n = 0; n < whole.size(); ++n) CHECK_FALSE(decode_day_volume(bytes_view{whole}.first(n)));
  auto longer = whole;
  longer.push_back(0);
  CHECK(decode_day_volume(longer).error().code == errc::malformed);
}
