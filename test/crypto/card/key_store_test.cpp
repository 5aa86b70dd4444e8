// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/key_store.hpp"

#include "base/octets.hpp"
#include "crypto/card/pc_sc.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/key_store_contract.hpp"

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;
using card::card_key_store;

namespace {

template <class T>
errc code_of(const expected<T>& e) {
  return e ? errc{} : e.error().code;
}

}  // namespace

TEST_CASE("a security module keeps the contract, on the five curves", "[key_store][smartcard]") {
  slot s;
  auto store = s.open();
  CHECK(store->identify().kind == "smartcard");
  CHECK(store->identify().serial == sim::card_options{}.serial);
  CHECK(store->capabilities().curves.size() == all_curves.size());
  check_key_store(*store);
  CHECK(s.card->counters().ephemerals_alive == 0);
}

TEST_CASE("TLS with certificate key and ephemeral key in a card behind the PC/SC service, and nothing left behind",
          "[key_store][smartcard][tls]") {
  const pc_sc service;
  const auto chip = must(sim::card_module::make({}));
  const auto in = service.insert(*chip);
  const card::address where{.reader = service.reader(), .serial = {}, .pin_source = {}};
  const std::shared_ptr<key_store> store = must(card_key_store::open(where, pin_of(right_pin)));
  check_tls(store, curve::brainpool_p256r1);
  check_tls(store, curve::secp256r1);
  const auto did = chip->counters();
  CHECK(did.ephemerals_alive == 0);
  // Two roles with both versions on secp256r1, and with those on brainpool that the library can.
  const std::uint64_t handshakes = 2 * 2 + 2 * (tls13_possible(curve::brainpool_p256r1) ? 2 : 1);
  CHECK(did.ephemerals == handshakes);
  CHECK(did.agreements == handshakes);
  CHECK(did.signatures >= handshakes + 2);
}

TEST_CASE("a wrong PIN is tried once, and never again", "[key_store][smartcard]") {
  slot s;
  const auto refused = card_key_store::open(s.way(), {}, pin_of("0000000000"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::denied);
  CHECK(refused.error().what.find("2 tries are left") != std::string::npos);
  CHECK(s.card->counters().failed_pins == 1);
  CHECK(code_of(card_key_store::open(s.way(), {}, pin_of("12345"))) == errc::malformed);
  CHECK(s.card->counters().failed_pins == 1);
  CHECK(s.open()->state() == key_store_state::ready);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(card_key_store::open(s.way(), {}, pin_of("0000000000")));
  const auto blocked = card_key_store::open(s.way(), {}, pin_of(right_pin));
  REQUIRE_FALSE(blocked);
  CHECK(blocked.error().code == errc::denied);
  CHECK(blocked.error().what.find("blocked") != std::string::npos);
}

TEST_CASE("a card that was pulled fails, and goes on when it is back; its ephemeral keys are gone",
          "[key_store][smartcard]") {
  slot s;
  auto store = s.open();
  const auto key = must(store->generate("k", curve::brainpool_p256r1, key_purpose::signature));
  auto lost = must(store->generate_ephemeral(curve::brainpool_p256r1));
  s.pulled = true;
  CHECK(code_of(store->sign_digest("k", bytes(32))) == errc::unavailable);
  CHECK(store->state() == key_store_state::absent);
  s.pulled = false;
  must(store->sign_digest("k", bytes(32)));
  CHECK(store->state() == key_store_state::ready);
  CHECK(code_of(lost->agree(key.public_point)) == errc::unavailable);
}

TEST_CASE("another card in its place is not trusted", "[key_store][smartcard]") {
  slot s;
  auto store = s.open();
  const auto sealed = must(store->seal(bytes(32, 7)));
  s.card = std::move(*sim::card_module::make({.serial = "ffffffffffffffff"}));
  bytes random(16);
  CHECK(code_of(store->random(random)) == errc::untrusted);
  CHECK(store->state() == key_store_state::failed);
  auto other = s.open();
  CHECK(code_of(other->unseal(sealed)) == errc::untrusted);
  CHECK(code_of(card_key_store::open(s.way(), sim::card_options{}.serial, pin_of(right_pin))) == errc::untrusted);
}

TEST_CASE("every error of the card has its code", "[key_store][smartcard]") {
  slot s;
  auto store = s.open();
  must(store->generate("k", curve::brainpool_p256r1, key_purpose::signature));
  for (const auto status : std::initializer_list<std::uint16_t>{0x6581, 0x6982, 0x6A80, 0x6A88, 0x6D00, 0x6F00}) {
    s.card->answer_always(status);
    const auto refused = store->sign_digest("k", bytes(32));
    REQUIRE_FALSE(refused);
    s.card->answer_always(0);
    must(store->sign_digest("k", bytes(32)));
  }
}

TEST_CASE("a card without the brainpool curves says so", "[key_store][smartcard]") {
  slot s({.curves = {curve::secp256r1, curve::secp384r1}});
  auto store = s.open();
  CHECK(store->capabilities().curves == std::vector{curve::secp256r1, curve::secp384r1});
  check_key_store(*store);
}

TEST_CASE("keys of a card are there after a restart, also when the newer copy of the directory was torn",
          "[key_store][smartcard]") {
  const scratch folder;
  key_info first, second;
  {
    slot s({.folder = folder / "card"});
    auto store = s.open();
    first = must(store->generate("a", curve::brainpool_p256r1, key_purpose::tls));
    second = must(store->generate("b", curve::secp384r1, key_purpose::encryption));
  }
  {
    slot s({.folder = folder / "card"});
    auto store = s.open();
    CHECK(must(store->list()) == std::vector{first, second});
    must(store->sign_digest("a", bytes(32)));
  }
  // generation 2 is in the first copy; a torn one leaves generation 1
  std::filesystem::resize_file(folder / "card/ef-4701", 20);
  slot s({.folder = folder / "card"});
  CHECK(must(s.open()->list()) == std::vector{first});
}

TEST_CASE("the slots of a card are bounded: static keys and ephemeral ones", "[key_store][smartcard]") {
  slot s;
  auto store = s.open();
  std::vector<std::unique_ptr<ephemeral_key>> held;
  for (std::size_t i = 0; i < store->capabilities().ephemeral_slots; ++i)
    held.push_back(must(store->generate_ephemeral(curve::secp256r1)));
  CHECK(code_of(store->generate_ephemeral(curve::secp256r1)) == errc::exhausted);
  must(store->seal(bytes(32)));  // needs none of them
  held.pop_back();
  must(store->generate_ephemeral(curve::secp256r1));
  int made = 0;
  while (store->generate("k" + std::to_string(made), curve::secp256r1, key_purpose::lmn)) ++made;
  CHECK(made == 62);
  CHECK(code_of(store->generate("more", curve::secp256r1, key_purpose::lmn)) == errc::exhausted);
}

TEST_CASE("smartcard addresses", "[smartcard]") {
  const auto a = must(card::parse_address("smartcard:serial=00a1;pin-source=/etc/pin;reader=ACS; slot 0=1"));
  CHECK(a.serial == "00a1");
  CHECK(a.pin_source == "/etc/pin");
  CHECK(a.reader == "ACS; slot 0=1");
  for (const auto* bad : {"smartcard:", "card:pin-source=/p", "smartcard:pin-source=", "smartcard:pin=1;pin-source=/p",
                          "smartcard:slot=1;pin-source=/p", "smartcard:;"}) {
    INFO(bad);
    CHECK(code_of(card::parse_address(bad)) == errc::malformed);
  }
}
