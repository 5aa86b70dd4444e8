// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a channel between a controllable system and its market participant adds less than a tenth of a millisecond to
// a round trip, costs the processor of the gateway about what socat takes to join two TLS connections (which knows no
// frames, profiles and logs), and 100 channels take a sixth of socat's memory.
// Both relays are processes of their own, with the same two ends, on the same machine, in turns. What counts is the
// processor time of the relay for an octet: the time on the clock is mostly that of the ends.
// With TLS 1.3 it is more than socat's: Botan looks for the end of each record's padding octet by octet, in constant
// time. `tls1.2` shows the relay without that.
// usage: proxy_bench [MEBIBYTES [tls1.2]]

#include "actors/platform/assembly.hpp"
#include "base/octets.hpp"
#include "proxy_ends.hpp"
#include "proxy_relays.hpp"

#include <algorithm>
#include <csignal>
#include <format>
#include <iostream>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

void echo(const sim::market_server::connection& c) {
  for (;;) {
    const auto got = c.receive(60s);
    if (got.empty() || !c.send(got)) return;
  }
}

/// What one relay did in one turn.
struct turn {
  double mib_per_s = 0;           ///< there and back, on the clock
  double cpu_ns_per_octet = 0;    ///< of the relay alone; each octet crosses it twice
  double p50_ms = 0, p99_ms = 0;  ///< round trip of four octets
};

/// There and back, at most 128 KiB on the way.
template <class Client>
void carry(Client& c, const relay_process* relay, std::size_t size, turn& out) {
  const bytes piece(64 * 1024, 'x');
  const auto cpu = relay == nullptr ? 0 : relay->cpu_seconds();
  const auto from = steady::now();
  std::size_t sent = 0, back = 0;
  while (back < size) {
    for (; sent < size && sent - back < 2 * piece.size(); sent += piece.size()) must_do(c.send(piece));
    back += must(c.receive()).size();
  }
  const auto seconds = std::chrono::duration<double>(steady::now() - from).count();
  out.mib_per_s = static_cast<double>(size) / seconds / (1 << 20);
  if (relay != nullptr) out.cpu_ns_per_octet = (relay->cpu_seconds() - cpu) * 1e9 / (2 * static_cast<double>(size));
}

template <class Client>
void ping(Client& c, turn& out) {
  std::vector<double> ms;
  for (int i = 0; i < 1000; ++i) {
    const auto began = steady::now();
    must_do(c.send(as_bytes("ping")));
    static_cast<void>(must(c.receive()));
    ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - began).count());
  }
  std::ranges::sort(ms);
  out.p50_ms = ms[500];
  out.p99_ms = ms[990];
}

/// Null: without a relay.
template <class Client>
turn measure(Client c, const relay_process* relay, std::size_t size) {
  turn out;
  carry(c, relay, size, out);
  ping(c, out);
  return out;
}

turn median(std::vector<turn> all) {
  const auto middle = [&](double turn::* what) {
    std::ranges::sort(all, {}, what);
    return all[all.size() / 2].*what;
  };
  return {middle(&turn::mib_per_s), middle(&turn::cpu_ns_per_octet), middle(&turn::p50_ms), middle(&turn::p99_ms)};
}

void print(std::string_view who, const turn& t) {
  std::cout << std::format(
      "{:<8} {:>7.1f} MiB/s each way   {:>6.2f} ns of the relay an octet   p50 {:.3f} ms, p99 {:.3f} ms\n", who,
      t.mib_per_s, t.cpu_ns_per_octet, t.p50_ms, t.p99_ms);
}

template <class Connect>
void many_channels(std::string_view who, const relay_process& relay, const Connect& connect) {
  constexpr int many = 100;
  const auto before = relay.memory_kib();
  std::vector<decltype(connect())> all;
  for (int i = 0; i < many; ++i) {
    all.push_back(connect());
    must_do(all.back().send(as_bytes("ping")));
    static_cast<void>(must(all.back().receive()));
  }
  std::cout << std::format("{:<8} {} channels: {:.0f} KiB each\n", who, many, (relay.memory_kib() - before) / many);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto size = static_cast<std::size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 32) << 20;
  const bool tls13 = argc < 3 || std::string_view{argv[2]} != "tls1.2";
  const auto now = platform::system_clock_now();
  const parties who{must(sim::make_cls("box.bench", now)), must(sim::make_cls("gateway.bench", now)),
                    must(sim::make_cls("market.bench", now))};
  const scratch folder;
  const auto other = make_socat_identity(folder.path());
  const auto market_port = free_port();
  auto ours = start_ours(who, market_port, tls13);
  auto theirs = other ? start_socat(folder.path(), who, market_port, tls13) : std::nullopt;
  std::vector<crypto::certificate> callers{who.gateway.certificate, who.box.certificate};
  if (other) callers.push_back(*other);
  const auto market =
      must(sim::market_server::start(who.market.identity(), {.pinned = callers, .anchors = {}, .check_time = false},
                                     market_port, echo, crypto::tls_interface::han));
  const auto to_ours = [&] { return channel(ours.port, who); };
  const auto to_socat = [&] { return plain_channel(theirs->port, who, *other); };

  std::vector<turn> direct, a, b;
  for (int round = 0; round < 5; ++round) {
    direct.push_back(measure(plain_channel(market_port, who, who.market.certificate), nullptr, size));
    a.push_back(measure(to_ours(), &ours, size));
    if (theirs) b.push_back(measure(to_socat(), &*theirs, size));
  }
  print("direct", median(direct));
  print("smgw", median(a));
  std::cout << std::format("adds {:.3f} ms to a round trip\n", median(a).p50_ms - median(direct).p50_ms);
  if (theirs) {
    print("socat", median(b));
    std::cout << std::format("throughput {:.2f} of socat's, processor time {:.2f}, round trip {:+.3f} ms\n",
                             median(a).mib_per_s / median(b).mib_per_s,
                             median(a).cpu_ns_per_octet / median(b).cpu_ns_per_octet,
                             median(a).p50_ms - median(b).p50_ms);
  } else {
    std::cout << "socat is not installed: nothing to compare with\n";
  }
  many_channels("smgw", ours, to_ours);
  if (theirs) many_channels("socat", *theirs, to_socat);
  return 0;
}
