// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Channels of a simulated controllable system through a relay, whose clock the test sets.
#include "actors/cls/relay.hpp"

#include "base/octets.hpp"
#include "cls.hpp"

#include <catch2/catch_test_macros.hpp>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>

using namespace smgw;
using namespace smgw::cls;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

const auto zone = *calendar::legal_time::load();
const timestamp noon = zone.to_utc(local_days{2026y / 6 / 1} + 12h);  // a Monday

template <class T>
T must(expected<T> value) {
  if (!value) FAIL(value.error().what);
  return *std::move(value);
}

crypto::tls_config between(crypto::tls_role role, const sim::cls_party& own, const sim::cls_party& other) {
  return {.role = role,
          .interface = crypto::tls_interface::han,
          .identity = own.identity(),
          .peer = {.pinned = {other.certificate}, .anchors = {}, .check_time = false}};
}

struct channels {
  explicit channels(const std::function<void(profile::proxy&)>& rule, sim::market_server::serve_function serve) {
    market = must(sim::market_server::start(party.identity(),
                                            {.pinned = {own.certificate}, .anchors = {}, .check_time = false}, 0,
                                            std::move(serve), crypto::tls_interface::han));
    route r{.cls = box.certificate.fingerprint, .wan = between(crypto::tls_role::client, own, party)};
    r.rule.id = "wallbox";
    r.rule.local_server_name = "wallbox.local";
    r.rule.wan_peer_addresses = {{"127.0.0.1", market->port()}};
    rule(r.rule);
    world.book = std::make_shared<route_book>(std::vector{r}, zone);
    world.door = between(crypto::tls_role::server, own, box);
    world.now = [this] { return timestamp{milliseconds{now.load()}}; };
    world.report = [this](const relay_report& told) {
      const std::scoped_lock lock(guard);
      reports.push_back(told);
    };
    listener = must(io::listen_tcp("127.0.0.1", 0));
  }
  /// The controllable system calls.
  void call() {
    std::jthread answering([this] {
      pollfd one{.fd = listener.get(), .events = POLLIN, .revents = 0};
      ::poll(&one, 1, 20'000);
      const int fd = ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      threads.emplace_back([this, stream = std::make_shared<io::descriptor>(fd)](const std::stop_token& stop) {
        serve(world, std::move(*stream), "127.0.0.1", stop);
      });
    });
    client.emplace(must(sim::cls_client::connect("127.0.0.1", io::local_port(listener), box, own.certificate)));
  }
  /// A channel that is asked for; what is said to it.
  socks::reply_code open() {
    call();
    return must(client->request("wallbox.local"));
  }
  /// Octets until the gateway closes.
  std::size_t hear_all() {
    std::size_t n = 0;
    for (;;) {
      const auto got = client->receive(20s);
      if (!got || got->empty()) return n;
      n += got->size();
    }
  }
  relay_report last() {
    threads.clear();
    const std::scoped_lock lock(guard);
    REQUIRE_FALSE(reports.empty());
    return reports.back();
  }
  sim::cls_party box = must(sim::make_cls("box.test", noon)), own = must(sim::make_cls("gateway.test", noon)),
                 party = must(sim::make_cls("market.test", noon));
  std::atomic<std::int64_t> now{noon.time_since_epoch().count()};
  std::unique_ptr<sim::market_server> market;
  relay_world world;
  io::descriptor listener;
  std::optional<sim::cls_client> client;
  std::mutex guard;
  std::vector<relay_report> reports;
  std::vector<std::jthread> threads;
};

void echo(const sim::market_server::connection& c) {
  for (;;) {
    const auto got = c.receive(60s);
    if (got.empty() || !c.send(got)) return;
  }
}

}  // namespace

TEST_CASE("at its volume a connection is closed in order, with all that still fitted", "[cls][socks]") {
  channels c([](profile::proxy& p) { p.volume_limit = 100'000; },
             [](const auto& market) {
               market.send(bytes(300'000, 'x'));
               while (!market.receive(20s).empty()) {
               }
             });
  REQUIRE(c.open() == socks::reply_code::connected);
  CHECK(c.hear_all() == 100'000);
  CHECK(c.client->closing_seen());
  const auto end = c.last();
  CHECK(end.code == socks::reply_code::connected);
  CHECK(end.why == "the volume of a connection is used up");
  CHECK(end.to_system == 100'000);
  // the next one has its own
  REQUIRE(c.open() == socks::reply_code::connected);
  CHECK(c.hear_all() == 100'000);
}

TEST_CASE("both directions count, and the last octet that is allowed ends it", "[cls]") {
  channels c([](profile::proxy& p) { p.volume_limit = 1000; }, echo);
  REQUIRE(c.open() == socks::reply_code::connected);
  REQUIRE(c.client->send(bytes(500, 'a')));
  CHECK(c.hear_all() == 500);
  const auto end = c.last();
  CHECK(end.to_market == 500);
  CHECK(end.to_system == 500);
}

TEST_CASE("the day's volume is one for all connections; then nothing opens until tomorrow", "[cls][socks]") {
  channels c([](profile::proxy& p) { p.daily_volume_limit = 1500; }, echo);
  REQUIRE(c.open() == socks::reply_code::connected);
  REQUIRE(c.client->send(bytes(500, 'a')));
  CHECK(must(c.client->receive()).size() == 500);
  c.client->close();
  CHECK(c.hear_all() == 0);
  c.threads.clear();
  REQUIRE(c.open() == socks::reply_code::connected);
  REQUIRE(c.client->send(bytes(400, 'b')));
  CHECK(c.hear_all() == 100);
  CHECK(c.last().why == "the profile's volume of the day is used up");
  CHECK(c.open() == socks::reply_code::no_profile);
  c.client.reset();
  CHECK(c.last().why == "the profile's volume of the day is used up");
  c.now += milliseconds{12h}.count();
  CHECK(c.open() == socks::reply_code::connected);
}

TEST_CASE("what comes together with the request is counted, too", "[cls]") {
  channels c([](profile::proxy& p) { p.volume_limit = 10; }, echo);
  c.call();
  auto both = socks::client_request("wallbox.local");
  put(both, bytes(50, 'z'));
  REQUIRE(c.client->send(both));
  CHECK(c.hear_all() > 0);
  CHECK(c.last().to_market == 10);
}

TEST_CASE("outside of the schedule a channel is refused with 02, and one that is open ends with its window",
          "[cls][socks][REQ.TA.SOCKSTLS.Connect.50]") {
  channels c(
      [](profile::proxy& p) {
        p.schedule = {{{std::bitset<7>{0b1}, 6h, 13h}}};
        p.idle_limit = 1h;
      },
      echo);
  c.now -= milliseconds{7h}.count();
  CHECK(c.open() == socks::reply_code::no_profile);
  c.client.reset();
  CHECK(c.last().why == "outside of the profile's schedule");
  c.now = noon.time_since_epoch().count();
  REQUIRE(c.open() == socks::reply_code::connected);
  REQUIRE(c.client->send(as_bytes("still")));
  CHECK(must(c.client->receive()).size() == 5);
  c.now += milliseconds{1h}.count() - 1;
  REQUIRE(c.client->send(as_bytes("still")));
  CHECK(must(c.client->receive()).size() == 5);
  c.now += 1;
  CHECK(c.hear_all() == 0);
  CHECK(c.client->closing_seen());
  const auto end = c.last();
  CHECK(end.why == "the profile's window is over");
  CHECK(end.to_system == 10);
}

TEST_CASE("a market participant is asked for by its address and port, too",
          "[cls][socks][REQ.TA.SOCKSTLS.Connect.36][REQ.TA.SOCKSTLS.Connect.80]") {
  channels c([](profile::proxy&) {}, echo);
  const auto by_address = [&](std::uint8_t last, std::uint16_t port) {
    c.call();
    bytes asked{5, 1, 0, 1, 127, 0, 0, last};
    put_be(asked, port);
    REQUIRE(c.client->send(asked));
    return *must(socks::read_reply(must(c.client->receive())));
  };
  CHECK(by_address(1, c.market->port()) == socks::reply_code::connected);
  REQUIRE(c.client->send(as_bytes("there")));
  CHECK(must(c.client->receive()).size() == 5);
  CHECK(by_address(1, static_cast<std::uint16_t>(c.market->port() + 1)) == socks::reply_code::no_profile);
  CHECK(by_address(2, c.market->port()) == socks::reply_code::no_profile);
  CHECK(c.client->transport_ends(refusal_grace));
}

TEST_CASE("a Closing Handshake is answered with one, and the transport ends within 5 s, whatever the other side does",
          "[cls][socks][REQ.TA.SOCKSTLS.ClosingHandshake.10][REQ.TA.SOCKSTLS.ClosingHandshake.20]") {
  channels c([](profile::proxy&) {}, echo);
  REQUIRE(c.open() == socks::reply_code::connected);
  c.client->close();
  CHECK(c.hear_all() == 0);
  CHECK(c.client->closing_seen());
  CHECK(c.client->transport_ends(closing_grace));  // though this side leaves it open
  CHECK(c.last().why == "closed by the controllable system");
}

TEST_CASE("a fatal alert travels in a closing frame, too", "[cls][socks][REQ.TA.SOCKSTLS.ClosingHandshake.10]") {
  channels c([](profile::proxy&) {}, echo);
  REQUIRE(c.open() == socks::reply_code::connected);
  bytes forged{0x17, 3, 3, 0, 40};
  forged.resize(45, 0xA5);
  REQUIRE(c.client->send_raw(socks::wrap(socks::frame_state::data_flow, forged)));
  const auto end = c.client->receive(10s);
  CHECK((!end || end->empty()));
  CHECK(c.client->closing_seen());
  CHECK(c.client->transport_ends(closing_grace));
  CHECK(c.last().to_market == 0);
}

TEST_CASE("100 channels are open at the same time, and each has its own data", "[cls][socks]") {
  constexpr int many = 100;
  channels c([](profile::proxy& p) { p.connections = many; }, echo);
  std::vector<sim::cls_client> all;
  for (int i = 0; i < many; ++i) {
    REQUIRE(c.open() == socks::reply_code::connected);
    all.push_back(*std::move(c.client));
  }
  CHECK(c.world.book->inside(c.world.book->all()[0]) == many);
  for (int i = 0; i < many; ++i)
    REQUIRE(all[static_cast<std::size_t>(i)].send(as_bytes("channel " + std::to_string(i))));
  for (int i = 0; i < many; ++i) {
    const auto text = "channel " + std::to_string(i);
    const auto got = must(all[static_cast<std::size_t>(i)].receive());
    CHECK(as_text(got) == text);
  }
  CHECK(c.open() == socks::reply_code::general_failure);
}
