// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/key_store_contract.hpp"

#include <smgw/testkit/contracts.hpp>

namespace smgw::crypto::test {

void check_key_store(key_store& store) {
  for (const auto& found : testkit::check_key_store(store)) FAIL_CHECK(found);
}

void check_tls(const std::shared_ptr<key_store>& store, curve on) {
  const auto label = "contract.tls." + std::string(to_string(on));
  must(store->generate(label, on, key_purpose::lmn));
  self_signed_order order{};
  order.subject.common_name = "egwy0012345678.sm";
  order.not_before = day_one - 24h;
  order.not_after = day_one + std::chrono::days{2000};
  const tls_identity self{.keys = store, .label = label, .chain = {must(make_self_signed(*store, label, order))}};
  const auto peer = make_self_signed_party(on);
  for (const auto role : {tls_role::client, tls_role::server})
    for (const auto version : {tls_version::tls12, tls_version::tls13}) {
      if (version == tls_version::tls13 && !tls13_possible(on)) continue;
      INFO(to_string(on) << (role == tls_role::client ? " client" : " server"));
      const auto other = role == tls_role::client ? tls_role::server : tls_role::client;
      auto mine = config_of(role, peer, peer);
      mine.identity = self;
      auto theirs = config_of(other, peer, peer);
      theirs.peer.pinned = {self.chain.front()};
      mine.only_version = theirs.only_version = version;
      pair_of_sessions pair{role == tls_role::client ? mine : theirs, role == tls_role::client ? theirs : mine};
      REQUIRE(pair.handshake());
      CHECK(pair.client.session.summary()->version == version);
      pair.talk();
    }
  must(store->destroy(label));
}

}  // namespace smgw::crypto::test
