// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a handshake costs what its operations in the security module cost, a resumed one costs none of them, and the
// software back end keeps up with OpenSSL (at most 1.5 times its processor time). Rates count the time of our side
// only; the peer has its keys in software. Last: what an established session holds of the heap.
#include "crypto/tls_world.hpp"
#include "key_stores.hpp"
#include "openssl_rate.hpp"

#include <malloc.h>

#include <ctime>

using namespace smgw;
using namespace smgw::bench;
using namespace smgw::crypto;
using namespace smgw::crypto::test;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds budget{600};

struct sides {
  tls_config client, server;
};

struct rate {
  double per_second = 0, share = 0;
  int operations = 0;
};

/// One handshake; the time that `ours` took.
clock_type::duration connect(const sides& s, tls_role ours) {
  clock_type::duration spent{};
  auto client = must(tls_session::create(s.client)), server = must(tls_session::create(s.server));
  must(server.start(day_one));
  const auto step = [&](tls_role who, auto&& f) {
    const auto from = clock_type::now();
    auto out = must(f());
    if (who == ours) spent += clock_type::now() - from;
    return std::move(out.transmit);
  };
  auto wire = step(tls_role::client, [&] { return client.start(day_one); });
  for (bool at_server = true; !wire.empty(); at_server = !at_server)
    wire = step(at_server ? tls_role::server : tls_role::client,
                [&] { return (at_server ? server : client).feed(wire, day_one); });
  REQUIRE((client.established() && server.established()));
  return spent;
}

rate measure(timed_key_store& keys, const sides& s, tls_role ours) {
  connect(s, ours);
  keys.time() = {};
  clock_type::duration spent{};
  int count = 0;
  for (const auto from = clock_type::now(); count < 2 || clock_type::now() - from < budget; ++count)
    spent += connect(s, ours);
  return {count / std::chrono::duration<double>(spent).count(),
          std::chrono::duration<double>(keys.time().spent) / std::chrono::duration<double>(spent),
          keys.time().operations / count};
}

sides make_sides(const std::shared_ptr<timed_key_store>& keys, curve on, tls_role ours) {
  const auto label = "bench." + std::string{to_string(on)};
  if (!keys->find(label)) must(keys->generate(label, on, key_purpose::lmn));
  self_signed_order order{};
  order.subject.common_name = "egwy0012345678.sm";
  order.not_before = day_one - 24h;
  order.not_after = day_one + std::chrono::days{365};
  const tls_identity self{.keys = keys, .label = label, .chain = {must(make_self_signed(*keys, label, order))}};
  const auto peer = make_self_signed_party(on);
  auto mine = config_of(ours, peer, peer, tls_interface::han);
  mine.identity = self;
  auto theirs =
      config_of(ours == tls_role::client ? tls_role::server : tls_role::client, peer, peer, tls_interface::han);
  theirs.peer.pinned = {self.chain.front()};
  for (auto* c : {&mine, &theirs}) {
    c->only_version = tls_version::tls12;
    c->only_groups = {on};
    c->only_suites = {0xC02B};
  }
  return ours == tls_role::client ? sides{mine, theirs} : sides{theirs, mine};
}

void rows(const std::string& name, const std::shared_ptr<timed_key_store>& keys, curve on) {
  for (const auto role : {tls_role::client, tls_role::server}) {
    auto s = make_sides(keys, on, role);
    const auto full = measure(*keys, s, role);
    s.client.cache = std::make_shared<tls_session_cache>();
    s.server.cache = std::make_shared<tls_session_cache>();
    const auto resumed = measure(*keys, s, role);
    std::printf("%-18s %-16s %-7s %9.1f/s %4.0f %% in %d operations %10.1f/s %4.0f %% in %d  resumed/full %.0fx\n",
                name.c_str(), std::string{to_string(on)}.c_str(), role == tls_role::client ? "client" : "server",
                full.per_second, 100 * full.share, full.operations, resumed.per_second, 100 * resumed.share,
                resumed.operations, resumed.per_second / full.per_second);
    std::fflush(stdout);
  }
}

/// Both ends, per second of processor time.
double both_ends(const sides& s) {
  connect(s, tls_role::client);
  const auto from = std::clock();
  int count = 0;
  for (; std::clock() - from < CLOCKS_PER_SEC / 2; ++count) connect(s, tls_role::client);
  return count * static_cast<double>(CLOCKS_PER_SEC) / static_cast<double>(std::clock() - from);
}

}  // namespace

TEST_CASE("handshakes") {
  std::printf(
      "TLS 1.2, ECDHE-ECDSA-AES128-GCM-SHA256, both sides with certificates; full, then resumed: rate of our "
      "side, share in the module\n");
  for_each_key_store([](const std::string& name, const std::shared_ptr<timed_key_store>& keys) {
    const auto can = keys->capabilities().curves;
    for (const auto on : {curve::brainpool_p256r1, curve::secp256r1})
      if (std::ranges::find(can, on) != can.end()) rows(name, keys, on);
  });
}

TEST_CASE("beside openssl") {
  std::printf("\nboth ends, handshakes per second of processor time\n");
  const auto keys = timed(soft_key_store::in_memory());
  for (const auto on : all_curves) {
    const auto ours = both_ends(make_sides(keys, on, tls_role::client));
    const auto theirs = openssl_handshakes(on);
    std::printf("%-16s ours %7.0f  openssl %7.0f  openssl/ours %.2fx\n", std::string{to_string(on)}.c_str(), ours,
                theirs.processor, theirs.processor / ours);
    std::fflush(stdout);
  }
  // On P-256 openssl has assembly for that one curve; Botan has one arithmetic in C++ for all.
}

TEST_CASE("memory of a session") {
  constexpr int count = 200;
  const auto s = make_sides(timed(soft_key_store::in_memory()), curve::brainpool_p256r1, tls_role::client);
  std::vector<std::unique_ptr<pair_of_sessions>> open;
  open.reserve(count);
  connect(s, tls_role::client);
  const auto before = ::mallinfo2().uordblks;
  for (int i = 0; i < count; ++i) {
    open.push_back(std::make_unique<pair_of_sessions>(s.client, s.server));
    REQUIRE(open.back()->handshake());
  }
  std::printf("\n%d open connections, both ends: %.1f KiB of heap a session\n", count,
              static_cast<double>(::mallinfo2().uordblks - before) / 1024 / (2 * count));
}
