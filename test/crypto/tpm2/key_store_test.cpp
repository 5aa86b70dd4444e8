// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tpm2/key_store.hpp"

#include "crypto/key_store_contract.hpp"
#include "crypto/tpm2/soft_tpm.hpp"

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;
using tpm2::tpm_key_store;

TEST_CASE("a TPM keeps the contract, on the curves it has", "[key_store][tpm2]") {
  const soft_tpm chip;
  auto store = must(tpm_key_store::open(chip.address()));
  CHECK(store->capabilities().curves == std::vector{curve::secp256r1, curve::secp384r1});
  CHECK(store->identify().kind == "tpm2");
  check_key_store(*store);
  CHECK(must(store->transient_objects()) == 0);
}

TEST_CASE("TLS with certificate key and ephemeral key in a TPM, and nothing left behind", "[key_store][tpm2][tls]") {
  const soft_tpm chip;
  const std::shared_ptr<tpm_key_store> store = must(tpm_key_store::open(chip.address()));
  for (const auto on : {curve::secp256r1, curve::secp384r1}) check_tls(store, on);
  CHECK(must(store->transient_objects()) == 0);
}

TEST_CASE("a TPM whose slots are used up says so, and goes on when one is free", "[key_store][tpm2]") {
  const soft_tpm chip;
  auto store = must(tpm_key_store::open(chip.address()));
  must(store->generate("k", curve::secp256r1, key_purpose::signature));
  must(store->sign_digest("k", bytes(32)));  // rests in a slot, and gives way
  std::vector<std::unique_ptr<ephemeral_key>> held;
  errc code{};
  while (code == errc{}) {
    REQUIRE(held.size() < 64);
    auto one = store->generate_ephemeral(curve::secp256r1);
    if (!one)
      code = one.error().code;
    else
      held.push_back(*std::move(one));
  }
  CHECK(code == errc::exhausted);
  CHECK(held.size() >= store->capabilities().ephemeral_slots);
  held.pop_back();
  must(store->sign_digest("k", bytes(32)));
}

TEST_CASE("keys of a TPM are there after a power cut; ephemeral ones are not", "[key_store][tpm2]") {
  soft_tpm chip;
  auto store = must(tpm_key_store::open(chip.address()));
  const auto key = must(store->generate("k", curve::secp256r1, key_purpose::signature));
  auto lost = must(store->generate_ephemeral(curve::secp256r1));
  chip.stop();
  CHECK(store->sign_digest("k", bytes(32)).error().code == errc::unavailable);
  CHECK(store->state() == key_store_state::absent);
  chip.start();
  must(store->sign_digest("k", bytes(32)));
  CHECK(store->state() == key_store_state::ready);
  CHECK(lost->agree(key.public_point).error().code == errc::unavailable);
  store.reset();
  store = must(tpm_key_store::open(chip.address()));
  CHECK(must(store->list()) == std::vector{key});
}

TEST_CASE("a TPM's counter grows, also across a power cut", "[key_store][tpm2]") {
  soft_tpm chip;
  auto store = must(tpm_key_store::open(chip.address()));
  CHECK(store->counter().error().code == errc::conflict);
  const auto first = must(store->advance_counter());
  CHECK(must(store->counter()) == first);
  CHECK(must(store->advance_counter()) == first + 1);
  chip.stop();
  chip.start();
  CHECK(must(store->counter()) == first + 1);
  store.reset();
  store = must(tpm_key_store::open(chip.address()));
  CHECK(must(store->counter()) == first + 1);
  CHECK(soft_key_store::in_memory()->counter().error().code == errc::unsupported);
  CHECK(soft_key_store::in_memory()->advance_counter().error().code == errc::unsupported);
}

TEST_CASE("another TPM in its place is not trusted", "[key_store][tpm2]") {
  soft_tpm chip;
  const soft_tpm other;
  auto store = must(tpm_key_store::open(chip.address()));
  const auto sealed = must(store->seal(bytes(32, 7)));
  auto elsewhere = other.address();
  elsewhere.file = chip.key_file();
  const auto refused = tpm_key_store::open(elsewhere);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::untrusted);
  auto theirs = must(tpm_key_store::open(other.address()));
  CHECK(theirs->unseal(sealed).error().code == errc::untrusted);
}

TEST_CASE("what was sealed to other PCRs does not open", "[key_store][tpm2]") {
  const soft_tpm chip;
  auto store = must(tpm_key_store::open(chip.address({7})));
  const auto sealed = must(store->seal(bytes(32, 7)));
  store.reset();
  auto changed = must(tpm_key_store::open(chip.address({7, 17})));  // 17 is not all zeros
  CHECK(changed->unseal(sealed).error().code == errc::denied);
  changed.reset();
  CHECK(must(must(tpm_key_store::open(chip.address({7})))->unseal(sealed)).size() == 32);
}

TEST_CASE("a key file that was altered is refused, whichever octet it is", "[key_store][tpm2]") {
  const soft_tpm chip;
  {
    auto store = must(tpm_key_store::open(chip.address()));
    must(store->generate("k", curve::secp256r1, key_purpose::signature));
  }
  std::ifstream in{chip.key_file(), std::ios::binary};
  const bytes whole{std::istreambuf_iterator<char>{in}, {}};
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    auto altered = whole;
    altered[at] ^= 0x10;
    std::ofstream{chip.key_file(), std::ios::binary}.write(reinterpret_cast<const char*>(altered.data()),
                                                           static_cast<std::streamsize>(altered.size()));
    INFO("octet " << at);
    CHECK_FALSE(tpm_key_store::open(chip.address()));
  }
}

TEST_CASE("tpm2 addresses", "[tpm2]") {
  const auto a = must(tpm2::parse_address("tpm2:pcrs=0+7+23;file=/k;tcti=swtpm:host=127.0.0.1,port=2321;x"));
  CHECK(a.pcrs == std::vector<std::uint8_t>{0, 7, 23});
  CHECK(a.file == "/k");
  CHECK(a.tcti == "swtpm:host=127.0.0.1,port=2321;x");
  CHECK(must(tpm2::parse_address("tpm2:")).tcti == "device:/dev/tpmrm0");
  for (const auto* bad : {"tpm", "tpm2:pcrs=24", "tpm2:pcrs=1,2", "tpm2:pcrs=", "tpm2:key=1", "tpm2:tcti", "tpm2:;"}) {
    INFO(bad);
    const auto refused = tpm2::parse_address(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::malformed);
  }
}
