// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: what cannot be a wake-up for this gateway costs nanoseconds to refuse, and no flood of what could be one makes
// the gateway verify more than ten signatures a minute: what a flood costs is the reading of its datagrams.

#include "base/check.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "crypto/soft_key_store.hpp"
#include "protocols/wakeup/gate.hpp"

#include <chrono>
#include <cstdio>

namespace {

using namespace smgw;
using clock_type = std::chrono::steady_clock;

template <class F>
void measure(const char* what, F&& f) {
  for (int i = 0; i < 100; ++i) f();
  long rounds = 0;
  const auto from = clock_type::now();
  while (clock_type::now() - from < std::chrono::milliseconds{500})
    for (int i = 0; i < 256; ++i, ++rounds) f();
  const auto ns = std::chrono::duration<double, std::nano>(clock_type::now() - from).count();
  std::printf("%-52s %10.1f ns\n", what, ns / static_cast<double>(rounds));
}

}  // namespace

int main() {
  const auto keys = crypto::soft_key_store::in_memory();
  const auto info = *keys->generate("sig", crypto::curve::brainpool_p256r1, crypto::key_purpose::signature);
  const auto own = *device_id::parse("EBSI0012345678"), other = *device_id::parse("EBSI0012345679");
  const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  const auto packet = [&](const device_id& to, timestamp at) {
    const auto covered = wakeup::covered_octets(to, at);
    const auto digest = crypto::sha256(covered);
    return wakeup::encode(covered, wakeup::scheme::ecdsa_plain_sha256, *keys->sign_digest("sig", digest));
  };
  std::size_t verified = 0;
  const wakeup::verify_function verify = [&](wakeup::scheme, bytes_view covered, bytes_view signature) {
    ++verified;
    return crypto::verify_signature(info.on, info.public_point, crypto::sha256(covered), signature);
  };
  wakeup::gate_rules rules{.own = own, .window = std::chrono::seconds{30}};
  wakeup::gate gate(rules, verify);
  const auto refuse = [&](const bytes& p) { SMGW_ASSERT(!gate.check(p, now, time_point{})); };

  const bytes junk(108, 0x5A);
  measure("junk, in the port's thread", [&] { SMGW_ASSERT(!wakeup::may_be_for(junk, own, 32)); });
  const auto foreign = packet(other, now);
  measure("for another gateway, in the port's thread", [&] { SMGW_ASSERT(!wakeup::may_be_for(foreign, own, 32)); });
  measure("for another gateway, at the gate", [&] { refuse(foreign); });
  const auto old = packet(own, now - std::chrono::hours{1});
  measure("an hour old", [&] { refuse(old); });
  auto forged = packet(own, now);
  forged.back() ^= 1;
  measure("forged, in a flood: refused unverified", [&] { refuse(forged); });
  std::printf("signatures verified in the flood: %zu\n", verified);
  const auto covered = bytes_view{forged}.first(wakeup::signed_octets);
  const auto signature = bytes_view{forged}.last(64);
  measure("forged, verified (what the rate bounds)", [&] {
    SMGW_ASSERT(!crypto::verify_signature(info.on, info.public_point, crypto::sha256(covered), signature));
  });
}
