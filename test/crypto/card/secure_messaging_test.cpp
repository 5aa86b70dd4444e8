// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/secure_messaging.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "card/module.hpp"
#include "crypto/card/commands.hpp"
#include "crypto/card/directory.hpp"
#include "crypto/card/session.hpp"
#include "crypto/card/tlv.hpp"
#include "crypto/scratch.hpp"
#include "crypto/tls_world.hpp"

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::card;
using crypto::test::must;

namespace {

bytes hex(std::string_view text) { return must(from_hex(text)); }

/// Changes octets on their way.
class meddling final : public link {
 public:
  explicit meddling(sim::card_module& card) : card_(card) {}
  expected<bytes> transmit(bytes_view apdu) override {
    ++count;
    bytes there(apdu.begin(), apdu.end());
    // Le outside is not under the MAC: that inside counts (TR-03110-3, F.2).
    if (count == at && to_card) there[octet % (there.size() - 1)] ^= flip;
    auto back = card_.transmit(there);
    if (count == at && !to_card) back[octet % back.size()] ^= flip;
    return back;
  }
  std::size_t count = 0, at = 0, octet = 0;
  std::uint8_t flip = 1;
  bool to_card = true;

 private:
  sim::card_module& card_;
};

}  // namespace

TEST_CASE("APDUs have the four cases of ISO/IEC 7816-4, short and extended", "[smartcard]") {
  const auto round = [](const command& c) {
    const auto again = must(decode_command(encode(c)));
    return again.cla == c.cla && again.ins == c.ins && again.p1 == c.p1 && again.p2 == c.p2 && again.data == c.data &&
           again.expects == c.expects;
  };
  CHECK(encode(command{.cla = 0, .ins = 0xA4, .p1 = 4, .p2 = 0x0C, .data = {1, 2}}) == hex("00a4040c020102"));
  CHECK(encode(command{.ins = 0x84, .expects = 8}) == hex("0084000008"));
  CHECK(encode(command{.ins = 0x84, .expects = 256}) == hex("0084000000"));
  CHECK(encode(command{.ins = 0x84, .expects = 257}) == hex("00840000000101"));
  for (const auto size : std::initializer_list<std::size_t>{0, 1, 255, 256, 4096})
    for (const auto expects : std::initializer_list<std::size_t>{0, 1, 255, 256, 300, 65536})
      CHECK(round({.cla = 0x0C, .ins = 0x2A, .p1 = 1, .p2 = 2, .data = bytes(size, 7), .expects = expects}));
  CHECK(must(decode_command(hex("00840000"))).expects == 0);
  for (const auto* bad : {"", "008400", "0084000003010203ff01", "00840000ff01", "008400000000"})
    CHECK_FALSE(decode_command(hex(bad)));
  CHECK_FALSE(decode_response(hex("90")));
  CHECK(must(decode_response(hex("01026a82"))).status == file_not_found);
}

TEST_CASE("TLV: lengths of every form, and what is refused", "[smartcard]") {
  for (const auto size : std::initializer_list<std::size_t>{0, 1, 127, 128, 255, 256, 4000}) {
    const auto whole = tlv(0x7F49, {bytes(size, 1)});
    bytes_view in{whole};
    const auto object = must(next_object(in));
    CHECK(object.tag == 0x7F49);
    CHECK(object.value.size() == size);
    CHECK(in.empty());
  }
  for (const auto* bad : {"80", "8002ff", "8080", "8083000001ff", "7f", "7f8101"}) {
    const auto octets = hex(bad);
    bytes_view in{octets};
    CHECK_FALSE(next_object(in));
    CHECK(in.size() == octets.size());
  }
}

TEST_CASE("the key derivation of PACE: check vector of its definition", "[smartcard][pace]") {
  // SHA-1("1234567890" ‖ 00000003), cut to 16 octets: openssl gives the same.
  const auto [code, text] =
      crypto::test::run("printf '1234567890\\000\\000\\000\\003' | openssl dgst -sha1 -r | cut -c1-32");
  REQUIRE(code == 0);
  const auto key = must(pace_parts::derive(as_bytes("1234567890"), pace_parts::key_use::password));
  CHECK(to_hex(key.reveal()) + "\n" == text);
}

TEST_CASE("no changed bit on the way to a card or back is accepted once the session stands", "[smartcard][pace]") {
  constexpr std::size_t first_secured = 7, last = 10;  // six exchanges of PACE, three that read a file, one that acts
  const auto card = must(sim::card_module::make({}));
  const auto pin = sim::card_options{}.pin;
  for (const bool to_card : {true, false})
    for (std::size_t at = first_secured; at <= last; ++at)
      for (std::size_t octet = 0; octet < 120; ++octet) {
        auto way = std::make_unique<meddling>(*card);
        way->at = at;
        way->octet = octet;
        way->flip = static_cast<std::uint8_t>(1U << (octet % 8));
        way->to_card = to_card;
        auto opened = session::open(std::move(way), secret{as_bytes(pin)});
        INFO((to_card ? "to the card, APDU " : "from the card, APDU ") << at << ", octet " << octet);
        if (at < last) {
          CHECK_FALSE(opened);
        } else {
          REQUIRE(opened);
          CHECK_FALSE(opened->generate(first_static, curve::brainpool_p256r1, usage_sign));
        }
      }
}

TEST_CASE("PACE that was meddled with gives no session, or one that works", "[smartcard][pace]") {
  const auto card = must(sim::card_module::make({}));
  const auto pin = sim::card_options{}.pin;
  std::size_t refused = 0;
  for (const bool to_card : {true, false})
    for (std::size_t at = 1; at <= 6; ++at)
      for (std::size_t octet = 0; octet < 100; octet += 7) {
        auto way = std::make_unique<meddling>(*card);
        way->at = at;
        way->octet = octet;
        way->flip = static_cast<std::uint8_t>(1U << (octet % 8));
        way->to_card = to_card;
        auto opened = session::open(std::move(way), secret{as_bytes(pin)});
        if (opened) {
          CHECK(must(opened->generate(first_static, curve::brainpool_p256r1, usage_sign)).size() == 65);
        } else {
          ++refused;
          must(session::open(std::make_unique<meddling>(*card), secret{as_bytes(pin)}));  // the tries are three again
        }
      }
  CHECK(refused > 100);
}

TEST_CASE("a session after PACE is between two who know the PIN; a recorded command does not work again",
          "[smartcard]") {
  const auto card = must(sim::card_module::make({}));
  class recorder final : public link {
   public:
    explicit recorder(sim::card_module& c) : card_(c) {}
    expected<bytes> transmit(bytes_view apdu) override {
      last.assign(apdu.begin(), apdu.end());
      return card_.transmit(apdu);
    }
    bytes last;

   private:
    sim::card_module& card_;
  };
  auto way = std::make_unique<recorder>(*card);
  auto* heard = way.get();
  auto opened = must(session::open(std::move(way), secret{as_bytes(sim::card_options{}.pin)}));
  bytes random(16);
  must(opened.random(random));
  CHECK(must(decode_response(card->transmit(heard->last))).status == secure_messaging_wrong);
  const auto after = opened.random(random);
  REQUIRE_FALSE(after);
  CHECK(after.error().code == errc::unavailable);
}

TEST_CASE("the key directory goes there and back, and a changed octet is seen", "[smartcard]") {
  directory d{7, {}};
  for (const auto on : all_curves) {
    const auto label = std::string(to_string(on));
    d.keys.emplace(label, kept_key{static_cast<std::uint8_t>(1 + static_cast<unsigned>(on)),
                                   {label, on, key_purpose::tls, bytes(point_size(on), 4)}});
  }
  const auto whole = encode(d);
  const auto again = must(decode_directory(whole));
  CHECK(again.generation == 7);
  REQUIRE(again.keys.size() == d.keys.size());
  CHECK(again.keys.at("secp256r1").info == d.keys.at("secp256r1").info);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto changed = whole;
    changed[at] ^= 0x20;
    CHECK_FALSE(decode_directory(changed));
    CHECK_FALSE(decode_directory(bytes_view{whole}.first(at)));
  }
}
