// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// PACE and secure messaging against OpenPACE (libeac) in the card's place. That library is GPL-3: this is a program of
/// its own, and nothing that ships links it.

#include "crypto/card/pace.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/card/tlv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <eac/eac.h>
#include <eac/objects.h>
#include <eac/pace.h>
#include <openssl/buffer.h>

#include <algorithm>
#include <memory>

using namespace smgw;
using namespace smgw::crypto::card;

namespace {

constexpr std::string_view right_pin = "4711081547";

struct freed_by_openssl {
  void operator()(BUF_MEM* b) const noexcept { BUF_MEM_free(b); }
  void operator()(EAC_CTX* c) const noexcept { EAC_CTX_clear_free(c); }
  void operator()(PACE_SEC* s) const noexcept { PACE_SEC_clear_free(s); }
};
template <class T>
using owned = std::unique_ptr<T, freed_by_openssl>;

owned<BUF_MEM> buffer(bytes_view content) {
  owned<BUF_MEM> b{BUF_MEM_new()};
  REQUIRE(BUF_MEM_grow(b.get(), content.size()) == content.size());
  std::ranges::copy(content, b->data);
  return b;
}

bytes octets(BUF_MEM* made) {
  const owned<BUF_MEM> held{made};
  REQUIRE(made != nullptr);
  return {made->data, made->data + made->length};
}

/// A card whose cryptography is OpenPACE's; it answers one command after the other.
class open_pace {
 public:
  explicit open_pace(std::string_view pin = right_pin, bool checks = true)
      : checks_(checks), secret_(PACE_SEC_new(pin.data(), pin.size(), PACE_PIN)), context_(EAC_CTX_new()) {
    REQUIRE(secret_);
    REQUIRE(context_);
    context_->tr_version = EAC_TR_VERSION_2_02;
    REQUIRE(EAC_CTX_init_pace(context_.get(), NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128, 13) == 1);
  }

  expected<response> operator()(const command& c) {
    if ((c.cla & 0x0C) == 0x0C) return secured(c);
    if (c.ins == 0x22) return set_mechanism(c);
    const auto outer = find_object(c.data, 0x7C);
    REQUIRE(outer);
    ++step_;
    CHECK(c.cla == (step_ == 4 ? 0x00 : 0x10));  // all but the last are chained
    if (step_ == 1) return with(0x80, octets(PACE_STEP1_enc_nonce(context_.get(), secret_.get())));
    const auto given = find_object(*outer, static_cast<std::uint16_t>(2 * step_ + 0x7D));
    REQUIRE(given);
    return step_ == 2 ? map(*given) : step_ == 3 ? agree(*given) : authenticate(*given);
  }

  /// What the next protected command brings, and what it is answered with.
  bytes heard, answers;
  int token_was_right = -1;

 private:
  static response with(std::uint16_t tag, const bytes& value) { return {tlv(0x7C, {tlv(tag, {value})}), ok}; }

  static response set_mechanism(const command& c) {
    const bytes wanted{0x80, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02,
                       0x04, 0x02, 0x02, 0x83, 0x01, 0x03, 0x84, 0x01, 0x0D};
    CHECK(c.data == wanted);
    return {};
  }
  response map(bytes_view theirs) {
    auto mine = octets(PACE_STEP3A_generate_mapping_data(context_.get()));
    REQUIRE(PACE_STEP3A_map_generator(context_.get(), buffer(theirs).get()) == 1);
    return with(0x82, mine);
  }
  response agree(bytes_view theirs) {
    own_ = octets(PACE_STEP3B_generate_ephemeral_key(context_.get()));
    theirs_.assign(theirs.begin(), theirs.end());
    REQUIRE(PACE_STEP3B_compute_shared_secret(context_.get(), buffer(theirs).get()) == 1);
    REQUIRE(PACE_STEP3C_derive_keys(context_.get()) == 1);
    return with(0x84, own_);
  }
  response authenticate(bytes_view token) {
    token_was_right = PACE_STEP3D_verify_authentication_token(context_.get(), buffer(token).get());
    if (checks_ && token_was_right != 1) return {{}, 0x63C2};
    auto mine = octets(PACE_STEP3D_compute_authentication_token(context_.get(), buffer(theirs_).get()));
    REQUIRE(EAC_CTX_set_encryption_ctx(context_.get(), EAC_ID_PACE) == 1);
    REQUIRE(EAC_set_ssc(context_.get(), 0) == 1);
    return with(0x86, mine);
  }

  bytes mac_of(bytes covered) {
    pad(covered);
    return octets(EAC_authenticate(context_.get(), buffer(covered).get()));
  }
  response secured(const command& c) {
    REQUIRE(EAC_increment_ssc(context_.get()) == 1);
    bytes covered{c.cla, c.ins, c.p1, c.p2};
    pad(covered);
    const auto mac = find_object(c.data, do_mac);
    REQUIRE(mac);
    put(covered, bytes_view{c.data}.first(c.data.size() - mac->size() - 2));
    CHECK(std::ranges::equal(mac_of(covered), *mac));
    heard.clear();
    if (const auto cryptogram = find_object(c.data, do_cryptogram)) {
      heard = octets(EAC_decrypt(context_.get(), buffer(cryptogram->subspan(1)).get()));
      while (!heard.empty() && heard.back() == 0) heard.pop_back();
      REQUIRE_FALSE(heard.empty());
      CHECK(heard.back() == 0x80);
      heard.pop_back();
    }
    return protect();
  }
  response protect() {
    REQUIRE(EAC_increment_ssc(context_.get()) == 1);
    const std::uint8_t indicator = 1;
    response r;
    if (!answers.empty()) {
      auto padded = answers;
      pad(padded);
      put(r.data,
          tlv(do_cryptogram, {bytes_view{&indicator, 1}, octets(EAC_encrypt(context_.get(), buffer(padded).get()))}));
    }
    put(r.data, tlv(do_status, {bytes{0x90, 0x00}}));
    put(r.data, tlv(do_mac, {mac_of(r.data)}));
    return r;
  }

  bool checks_;
  owned<PACE_SEC> secret_;
  owned<EAC_CTX> context_;
  int step_ = 0;
  bytes own_, theirs_;
};

secret pin(std::string_view digits) { return secret{as_bytes(digits)}; }

struct library {
  library() { EAC_init(); }
  ~library() { EAC_cleanup(); }
  library(const library&) = delete;
  library& operator=(const library&) = delete;
};

}  // namespace

TEST_CASE("PACE with OpenPACE as the card, then secure messaging both ways", "[smartcard][pace][eac]") {
  const library started;
  open_pace chip;
  auto keys = pace(std::ref(chip), pin(right_pin));
  REQUIRE(keys);
  CHECK(chip.token_was_right == 1);
  secure_messaging terminal{*std::move(keys)};
  for (const auto there : std::initializer_list<std::size_t>{0, 1, 15, 16, 17, 128, 300, 2000})
    for (const auto back : std::initializer_list<std::size_t>{0, 1, 15, 16, 17, 255, 256, 2000}) {
      INFO(there << " octets there, " << back << " back");
      const bytes data(there, 0x5A);
      chip.answers = bytes(back, 0x00);  // zeros, which only the padding tells from padding
      const auto wrapped = terminal.wrap({.ins = 0x2A, .p1 = 0x9E, .p2 = 0x9A, .data = data, .expects = back});
      REQUIRE(wrapped);
      const auto opened = terminal.unwrap(*chip(*wrapped));
      REQUIRE(opened);
      CHECK(chip.heard == data);
      CHECK(opened->data == chip.answers);
      CHECK(opened->status == ok);
    }
}

TEST_CASE("PACE with OpenPACE agrees each time, also when a coordinate begins with zeros", "[smartcard][pace][eac]") {
  const library started;
  for (int i = 0; i < 300; ++i) {
    open_pace chip;
    INFO("run " << i);
    REQUIRE(pace(std::ref(chip), pin(right_pin)));
  }
}

TEST_CASE("OpenPACE refuses our token for another PIN, and we refuse its", "[smartcard][pace][eac]") {
  const library started;
  open_pace chip;
  const auto denied = pace(std::ref(chip), pin("4711081548"));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == errc::denied);
  CHECK(chip.token_was_right != 1);
  // A card that does not know the PIN, and goes on all the same.
  open_pace forged("0000000000", false);
  const auto untrusted = pace(std::ref(forged), pin(right_pin));
  REQUIRE_FALSE(untrusted);
  CHECK(untrusted.error().code == errc::untrusted);
}
