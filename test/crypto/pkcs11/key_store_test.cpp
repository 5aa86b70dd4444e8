// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/pkcs11/key_store.hpp"

#include "crypto/detail/pkcs11/module.hpp"
#include "crypto/key_store_contract.hpp"
#include "crypto/pkcs11/soft_hsm.hpp"
#include "crypto/soft_key_store.hpp"

#include <array>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;
using pkcs11::token_key_store;

namespace {

std::unique_ptr<token_key_store> open(const soft_hsm& hsm, const std::string& token = "gateway") {
  return must(token_key_store::open(hsm.address(token), pin("4711")));
}

/// What happens to every session of a process when its token is pulled.
void pull_token() {
  const auto library = must(pkcs11::module::load(soft_hsm::library()));
  std::array<CK_SLOT_ID, 8> slots{};
  CK_ULONG count = slots.size();
  REQUIRE(library->call().C_GetSlotList(CK_TRUE, slots.data(), &count) == CKR_OK);
  for (CK_ULONG i = 0; i < count; ++i) library->call().C_CloseAllSessions(slots[i]);
}

}  // namespace

TEST_CASE("a PKCS#11 token keeps the contract", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  auto store = open(hsm);
  const auto can = store->capabilities();
  for (const auto on : {curve::brainpool_p256r1, curve::brainpool_p384r1, curve::secp256r1})
    CHECK(std::ranges::find(can.curves, on) != can.curves.end());
  CHECK(store->identify().kind == "pkcs11");
  check_key_store(*store);
  CHECK(must(store->session_objects()) == 0);
}

TEST_CASE("TLS with certificate key and ephemeral key in a PKCS#11 token, and nothing left behind",
          "[key_store][pkcs11][tls]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  const std::shared_ptr<token_key_store> store = open(hsm);
  for (const auto on : {curve::brainpool_p256r1, curve::brainpool_p384r1, curve::secp256r1}) check_tls(store, on);
  CHECK(must(store->session_objects()) == 0);
}

TEST_CASE("a peer's point that could be read as DER is agreed with, too", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  auto token = open(hsm);
  const auto mine = must(token->generate("gw.tls", curve::secp256r1, key_purpose::encryption));
  const auto peers = soft_key_store::in_memory();
  bytes point;
  int tries = 0;
  do {  // 04 3F …: an OCTET STRING of the 63 octets that follow
    REQUIRE(++tries < 10'000);
    if (tries > 1) must(peers->destroy("peer"));
    point = must(peers->generate("peer", curve::secp256r1, key_purpose::encryption)).public_point;
  } while (point[1] != 0x3f);
  const auto here = must(token->agree("gw.tls", point));
  CHECK(std::ranges::equal(here.reveal(), must(peers->agree("peer", mine.public_point)).reveal()));
  CHECK(must(token->session_objects()) == 0);
}

TEST_CASE("an ephemeral key that is not used is destroyed in the token", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  auto store = open(hsm);
  {
    const auto key = must(store->generate_ephemeral(curve::brainpool_p256r1));
    CHECK(must(store->session_objects()) == 1);
  }
  CHECK(must(store->session_objects()) == 0);
}

TEST_CASE("keys of a token are there after a restart, and are not for others to see", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  key_info made;
  bytes sealed;
  {
    auto store = open(hsm);
    made = must(store->generate("gw.tls", curve::brainpool_p256r1, key_purpose::tls));
    sealed = must(store->seal(bytes(32, 7)));
  }
  auto store = open(hsm);
  CHECK(must(store->list()) == std::vector{made});
  CHECK(must(store->unseal(sealed)).size() == 32);
}

TEST_CASE("a token that was pulled and put back works again; its ephemeral keys are gone", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  auto store = open(hsm);
  const auto key = must(store->generate("k", curve::brainpool_p256r1, key_purpose::signature));
  auto lost = must(store->generate_ephemeral(curve::brainpool_p256r1));
  pull_token();
  CHECK(must(store->find("k")) == key);
  CHECK(store->state() == key_store_state::ready);
  CHECK(lost->agree(key.public_point).error().code == errc::unavailable);
  must(store->sign_digest("k", bytes(32)));
}

TEST_CASE("what is missing or wrong is told by name", "[key_store][pkcs11]") {
  const soft_hsm hsm;
  hsm.make_token("gateway");
  const auto code = [&](const pkcs11::address& where, std::string_view digits) {
    const auto opened = token_key_store::open(where, pin(digits));
    return opened ? errc{} : opened.error().code;
  };
  CHECK(code(hsm.address("other"), "4711") == errc::unavailable);
  CHECK(code(hsm.address("gateway"), "1234") == errc::denied);
  auto where = hsm.address("gateway");
  where.serial = "0000";
  CHECK(code(where, "4711") == errc::unavailable);
  where = hsm.address("gateway");
  where.module_path = "/nowhere/module.so";
  CHECK(code(where, "4711") == errc::unavailable);
  where.module_path = "/usr/lib/x86_64-linux-gnu/libz.so.1";
  CHECK(code(where, "4711") == errc::unavailable);
}

TEST_CASE("pkcs11 addresses are read as RFC 7512 has them", "[pkcs11]") {
  const auto a =
      must(pkcs11::parse_address("pkcs11:token=smgw%20one;serial=17?module-path=/m.so&pin-source=file:/pin"));
  CHECK(a.token == "smgw one");
  CHECK(a.serial == "17");
  CHECK(a.module_path == "/m.so");
  CHECK(a.pin_source == "/pin");
  for (const auto* bad :
       {"pkcs11:", "pkcs11:token=a", "pkcs11:token=a?module-path=/m", "pkcs11:token=?module-path=/m&pin-source=/p",
        "pkcs11:token=a?module-path=/m&pin-value=4711", "pkcs11:object=k;token=a?module-path=/m&pin-source=/p",
        "pkcs11:token=%4?module-path=/m&pin-source=/p", "pkcs11:token=%00?module-path=/m&pin-source=/p",
        "pkcs11:token?module-path=/m&pin-source=/p", "soft:keys"}) {
    INFO(bad);
    const auto refused = pkcs11::parse_address(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::malformed);
  }
}
