// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Handshakes per second of two sessions of ours in memory, full and resumed, per curve and version; beside the same
// handshake by the openssl program (s_time against s_server over the loopback) where it is installed. Prints operations
// and ratios. A handshake here is both ends on one thread; openssl's is both ends as two processes on two cores.
#include "base/check.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tls.hpp"
#include "openssl_rate.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace smgw;
using namespace smgw::crypto;

namespace {

constexpr timestamp day_one = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
constexpr std::chrono::milliseconds budget{1000};

struct party {
  std::shared_ptr<soft_key_store> keys = soft_key_store::in_memory();
  std::vector<certificate> chain;
};

party make_party_on(curve on) {
  party p;
  SMGW_ASSERT(p.keys->generate("k", on, key_purpose::lmn));
  self_signed_order order{};
  order.subject.common_name = "1emh0010482201.sm";
  order.not_before = day_one;
  order.not_after = day_one + std::chrono::days{365};
  auto made = make_self_signed(*p.keys, "k", order);
  SMGW_ASSERT(made);
  p.chain = {*std::move(made)};
  return p;
}

tls_config config_of(tls_role role, const party& self, const party& peer) {
  tls_config c;
  c.role = role;
  c.interface = tls_interface::han;
  c.identity = tls_identity{.keys = self.keys, .label = "k", .chain = self.chain};
  c.peer.pinned = peer.chain;
  return c;
}

struct connection {
  tls_session client, server;
};

connection connect(const tls_config& c, const tls_config& s) {
  connection both{*tls_session::create(c), *tls_session::create(s)};
  SMGW_ASSERT(both.server.start(day_one));
  auto wire = both.client.start(day_one)->transmit;
  for (bool from_client = true; !wire.empty(); from_client = !from_client)
    wire = (from_client ? both.server : both.client).feed(wire, day_one)->transmit;
  SMGW_ASSERT(both.client.established() && both.server.established());
  return both;
}

double per_second(const std::function<void()>& what) {
  what();
  const auto start = std::chrono::steady_clock::now();
  int count = 0;
  do {
    what();
    ++count;
  } while (std::chrono::steady_clock::now() - start < budget);
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void row(const char* version, curve on, double full, double resumed, double other) {
  std::printf("%-8s %-16s %10.0f %10.0f %8.1fx", version, std::string{to_string(on)}.c_str(), full, resumed,
              resumed / full);
  if (other > 0) std::printf(" %10.0f %8.2fx", other, full / other);
  std::printf("\n");
}

}  // namespace

int main() {
  std::printf("%-8s %-16s %10s %10s %9s %10s %9s\n", "", "", "full/s", "resumed/s", "ratio", "openssl/s", "ratio");
  for (const auto on : all_curves) {
    const auto a = make_party_on(on), b = make_party_on(on);
    for (const auto version : {tls_version::tls12, tls_version::tls13}) {
      if (version == tls_version::tls13 && !tls13_possible(on)) continue;
      auto c = config_of(tls_role::client, a, b), s = config_of(tls_role::server, b, a);
      c.only_version = version;
      c.only_groups = {on};
      const auto full = per_second([&] { connect(c, s); });
      c.cache = std::make_shared<tls_session_cache>();
      s.cache = std::make_shared<tls_session_cache>();
      const auto resumed = per_second([&] { connect(c, s); });
      row(std::string{to_string(version)}.c_str(), on, full, resumed,
          version == tls_version::tls12 ? bench::openssl_handshakes(on).wall : 0);
    }
  }
  const auto a = make_party_on(curve::brainpool_p256r1), b = make_party_on(curve::brainpool_p256r1);
  std::printf("\napplication data, client to server, records of 16 KiB\n");
  for (const std::uint16_t suite : std::initializer_list<std::uint16_t>{0xC023, 0xC02B, 0xC024, 0xC02C}) {
    auto c = config_of(tls_role::client, a, b);
    c.only_suites = {suite};
    auto both = connect(c, config_of(tls_role::server, b, a));
    const bytes block(16'384, 'x');
    const auto rate = per_second([&] { SMGW_ASSERT(both.server.feed(*both.client.send(block), day_one)); });
    std::printf("  %-44s %8.0f MB/s\n", both.client.summary()->suite_name.c_str(), rate * 16'384 / 1e6);
  }
  return 0;
}
