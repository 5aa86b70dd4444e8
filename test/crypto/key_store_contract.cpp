// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/key_store_contract.hpp"

#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"

#include <algorithm>

namespace smgw::crypto::test {
namespace {

template <class T>
errc code_of(const expected<T>& e) {
  return e ? errc{} : e.error().code;
}
std::string label_on(std::string_view what, curve on) { return std::string(what) + "." + std::string(to_string(on)); }
bytes copy(bytes_view v) { return {v.begin(), v.end()}; }
bool same(const secret& a, const secret& b) { return equal_constant_time(a.reveal(), b.reveal()); }

void check_signatures(key_store& store, curve on) {
  const auto label = label_on("contract.sig", on);
  const auto made = must(store.generate(label, on, key_purpose::signature));
  CHECK(made.label == label);
  CHECK(made.on == on);
  CHECK(made.purpose == key_purpose::signature);
  CHECK(made.public_point.size() == point_size(on));
  CHECK(must(store.find(label)) == made);
  for (const auto h : {hash::sha256, hash::sha384, hash::sha512}) {
    const auto right = digest(h, as_bytes("a reading")), wrong = digest(h, as_bytes("another"));
    const auto raw = must(store.sign_digest(label, right));
    CHECK(raw.size() == 2 * field_size(on));
    CHECK(verify_signature(on, made.public_point, right, raw));
    CHECK(code_of(verify_signature(on, made.public_point, wrong, raw)) == errc::untrusted);
  }
  CHECK(code_of(store.generate(label, on, key_purpose::signature)) == errc::conflict);
  CHECK(code_of(store.agree(label, made.public_point)) == errc::denied);
  CHECK(code_of(store.sign_digest(label, bytes(31))) == errc::malformed);
  CHECK(code_of(store.sign_digest(label, bytes(65))) == errc::malformed);
  must(store.destroy(label));
  CHECK(code_of(store.find(label)) == errc::conflict);
  CHECK(code_of(store.sign_digest(label, bytes(32))) == errc::conflict);
  CHECK(code_of(store.destroy(label)) == errc::conflict);
}

/// The other side is in software, so the results are checked by independent arithmetic.
void check_agreement(key_store& store, curve on) {
  auto other = soft_key_store::in_memory();
  const auto label = label_on("contract.enc", on);
  const auto mine = must(store.generate(label, on, key_purpose::encryption));
  const auto theirs = must(other->generate("theirs", on, key_purpose::encryption));
  CHECK(same(must(store.agree(label, theirs.public_point)), must(other->agree("theirs", mine.public_point))));
  auto off_curve = theirs.public_point;
  off_curve.back() ^= 1;
  CHECK(code_of(store.agree(label, off_curve)) == errc::malformed);
  CHECK(code_of(store.agree(label, bytes_view(theirs.public_point).first(5))) == errc::malformed);

  auto ephemeral = must(store.generate_ephemeral(on));
  const auto point = copy(ephemeral->public_point());
  CHECK(same(must(ephemeral->agree(theirs.public_point)), must(other->agree("theirs", point))));
  CHECK(code_of(ephemeral->agree(theirs.public_point)) == errc::conflict);
  auto second = must(store.generate_ephemeral(on));
  CHECK(copy(second->public_point()) != point);
  CHECK(code_of(second->agree(off_curve)) == errc::malformed);
  CHECK(code_of(second->agree(theirs.public_point)) == errc::conflict);  // used up, whatever came out
  must(store.destroy(label));
}

void check_names(key_store& store, curve on) {
  for (const auto& bad : {std::string(), std::string("with blank"), std::string("b\xc3\xa4"), std::string(65, 'a')})
    CHECK(code_of(store.generate(bad, on, key_purpose::tls)) == errc::malformed);
  CHECK(code_of(store.generate("contract.e", on, key_purpose::ephemeral)) == errc::denied);
  const auto before = must(store.list());
  const std::string longest(max_label_length, 'z');
  for (const auto purpose : {key_purpose::tls, key_purpose::signature, key_purpose::encryption, key_purpose::lmn})
    must(store.generate("contract/" + std::string(to_string(purpose)), on, purpose));
  must(store.generate(longest, on, key_purpose::lmn));
  const auto after = must(store.list());
  CHECK(after.size() == before.size() + 5);
  CHECK(std::ranges::is_sorted(after, {}, &key_info::label));
  for (const auto& key : after) CHECK(must(store.find(key.label)) == key);
  for (const auto& key : after)
    if (std::ranges::find(before, key) == before.end()) must(store.destroy(key.label));
  CHECK(must(store.list()) == before);
}

void check_sealing(key_store& store) {
  const bytes text(key_store::max_sealed, 0x5a);
  const auto sealed = must(store.seal(text));
  CHECK(must(store.seal(text)) != sealed);
  CHECK(std::ranges::search(sealed, bytes(16, 0x5a)).empty());
  const auto opened = must(store.unseal(sealed));
  CHECK(std::ranges::equal(opened.reveal(), text));
  for (std::size_t at = 0; at < sealed.size(); at += 7) {
    auto altered = sealed;
    altered[at] ^= 1;
    const auto code = code_of(store.unseal(altered));
    CHECK((code == errc::untrusted || code == errc::malformed));
  }
  CHECK(code_of(store.seal(bytes(key_store::max_sealed + 1))) == errc::exhausted);
  CHECK_FALSE(store.unseal({}));
  CHECK_FALSE(store.unseal(bytes(4096)));
  auto other = soft_key_store::in_memory();
  CHECK_FALSE(store.unseal(must(other->seal(text))));
}

}  // namespace

void check_key_store(key_store& store) {
  CHECK(store.state() == key_store_state::ready);
  CHECK_FALSE(store.identify().kind.empty());
  CHECK_FALSE(store.identify().serial.empty());
  const auto can = store.capabilities();
  REQUIRE_FALSE(can.curves.empty());
  bytes one(200), two(200);
  must(store.random(one));
  must(store.random(two));
  CHECK(one != two);
  CHECK(std::ranges::count(one, 0) < 20);
  for (const auto on : can.curves) {
    INFO(to_string(on));
    check_signatures(store, on);
    check_agreement(store, on);
  }
  for (const auto on : all_curves)
    if (std::ranges::find(can.curves, on) == can.curves.end()) {
      CHECK(code_of(store.generate("contract.not", on, key_purpose::tls)) == errc::unsupported);
      CHECK(code_of(store.generate_ephemeral(on)) == errc::unsupported);
    }
  check_names(store, can.curves.front());
  check_sealing(store);
}

void check_tls(const std::shared_ptr<key_store>& store, curve on) {
  const auto label = label_on("contract.tls", on);
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
