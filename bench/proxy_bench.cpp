// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a channel between a controllable system and its market participant carries more than any house's line, adds
// less than a millisecond, and 100 of them cost a gateway a few MiB each at most.
// The relay, both its ends and their TLS share this process: throughput counts three TLS sessions' work on two cores.
// usage: proxy_bench [MEBIBYTES]

#include "actors/cls/relay.hpp"
#include "actors/platform/assembly.hpp"
#include "base/octets.hpp"
#include "cls.hpp"
#include "listen.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <format>
#include <fstream>
#include <iostream>
#include <list>

namespace {

using namespace smgw;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

template <class T>
T must(expected<T> value) {
  if (!value) {
    std::cerr << value.error().what << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe)
  }
  return *std::move(value);
}

void must_do(const expected<void>& done) {
  if (done) return;
  std::cerr << done.error().what << "\n";
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

/// Resident memory of this process.
double resident_mib() {
  std::ifstream in("/proc/self/statm");
  double all = 0, resident = 0;
  in >> all >> resident;
  return resident * 4096 / (1 << 20);
}

/// A relay for whoever calls, as PROXY has it: a thread for each.
class relays {
 public:
  relays(const sim::cls_party& box, const sim::cls_party& own, const sim::cls_party& market, std::uint16_t to) {
    cls::route r{.rule = {.id = "bench", .local_server_name = "bench", .wan_peer_addresses = {{"127.0.0.1", to}}},
                 .cls = box.certificate.fingerprint};
    r.rule.connections = 1000;
    r.wan = {.role = crypto::tls_role::client,
             .interface = crypto::tls_interface::han,
             .identity = own.identity(),
             .peer = {.pinned = {market.certificate}, .anchors = {}, .check_time = false}};
    world_.book = std::make_shared<cls::route_book>(std::vector{r});
    world_.door = {.role = crypto::tls_role::server,
                   .interface = crypto::tls_interface::han,
                   .identity = own.identity(),
                   .peer = {.pinned = {box.certificate}, .anchors = {}, .check_time = false}};
    world_.now = platform::system_clock_now;
    world_.report = [](const cls::relay_report&) {};
    listener_ = must(sim::listen_tcp("127.0.0.1", 0, port));
    acceptor_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pollfd waiting{listener_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0) continue;
        auto fd = std::make_shared<io::descriptor>(
            ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        all_.emplace_back(
            [this, fd](const std::stop_token& leave) { serve(world_, std::move(*fd), "127.0.0.1", leave); });
      }
    });
  }
  std::uint16_t port = 0;

 private:
  cls::relay_world world_;
  io::descriptor listener_;
  std::list<std::jthread> all_;
  std::jthread acceptor_;
};

void echo(const sim::market_server::connection& c) {
  for (;;) {
    const auto got = c.receive(60s);
    if (got.empty() || !c.send(got)) return;
  }
}

sim::cls_client channel(const relays& r, const sim::cls_party& box, const sim::cls_party& own) {
  auto c = must(sim::cls_client::connect("127.0.0.1", r.port, box, own.certificate));
  if (must(c.request("bench")) != socks::reply_code::connected) must_do(fail(errc::denied, "refused"));
  return c;
}

void throughput(sim::cls_client& c, std::size_t size) {
  const bytes piece(64 * 1024, 'x');
  const auto from = steady::now();
  std::size_t sent = 0, back = 0;
  while (back < size) {
    for (; sent < size && sent - back < 2 * piece.size(); sent += piece.size()) must_do(c.send(piece));
    back += must(c.receive()).size();
  }
  const auto seconds = std::chrono::duration<double>(steady::now() - from).count();
  std::cout << std::format("there and back      {:>8.1f} MiB/s each way\n",
                           static_cast<double>(size) / seconds / (1 << 20));
}

void latency(sim::cls_client& c) {
  std::vector<double> ms;
  for (int i = 0; i < 1000; ++i) {
    const auto from = steady::now();
    must_do(c.send(as_bytes("ping")));
    static_cast<void>(must(c.receive()));
    ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - from).count());
  }
  std::ranges::sort(ms);
  std::cout << std::format("round trip          p50 {:.3f} ms, p99 {:.3f} ms\n", ms[500], ms[990]);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto size = static_cast<std::size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 64) << 20;
  const auto now = platform::system_clock_now();
  const auto box = must(sim::make_cls("box.bench", now));
  const auto own = must(sim::make_cls("gateway.bench", now));
  const auto market = must(sim::make_cls("market.bench", now));
  const auto server = must(sim::market_server::start(market.identity(),
                                                     {.pinned = {own.certificate}, .anchors = {}, .check_time = false},
                                                     0, echo, crypto::tls_interface::han));
  relays r(box, own, market, server->port());
  {
    auto c = channel(r, box, own);
    throughput(c, size);
    latency(c);
  }
  constexpr int many = 100;
  const auto before = resident_mib();
  std::vector<sim::cls_client> all;
  for (int i = 0; i < many; ++i) all.push_back(channel(r, box, own));
  std::cout << std::format("{} channels        {:.2f} MiB each, with their two ends\n", many,
                           (resident_mib() - before) / many);
  return 0;
}
