// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/hdlc/pairing.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace smgw;
using namespace smgw::hdlc::sym;

namespace {

const secret master{*from_hex("000102030405060708090a0b0c0d0e0f")};
const auto meter = device_id::parse("1MTR0E00000123")->server_id();
const abilities gateway_offers{{0xC02B, 0x1301}, {0x0017, 0x001A}};
const abilities meter_offers{{0xC02B}, {0x001A}};
const bytes certificate(500, 0x30);

secret key_material() { return secret{bytes(620, 0x44)}; }

pairing begin(pairing::goal what, const secret& key = master, counters last = {}) {
  return pairing{what, {key.clone(), meter, last, gateway_offers, certificate, key_material()}};
}
pairable factory_fresh() { return pairable{master.clone(), meter, meter_offers}; }

expected<pairing::verdict> exchange(pairing& g, pairable& m) {
  const auto said = g.say();
  REQUIRE(said);
  const auto answer = m.answer(*said);
  REQUIRE(answer);
  return g.take(*answer);
}

expected<pairing::verdict> run(pairing& g, pairable& m) {
  for (int i = 0; i < 3; ++i)
    if (auto v = exchange(g, m); !v || *v == pairing::verdict::done) return v;
  return fail(errc::internal);
}

errc opened(bytes altered) {
  const auto e = look(altered, meter);
  return e ? open(master, meter, *e).error().code : e.error().code;
}

}  // namespace

TEST_CASE("keys of the symmetric procedure are those of figure 8.2",
          "[hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  const auto up = derive(master, true, 512, meter), down = derive(master, false, 512, meter);
  REQUIRE((up && down));
  CHECK(to_hex(up->encrypt.reveal()) == "4ea7cec4f4f9a65d3284b8552c2cc4f7");
  CHECK(to_hex(up->mac.reveal()) == "4915a9ba05d9485bebb91008670f9e76");
  CHECK(to_hex(down->encrypt.reveal()) == "5d06b4f165350c4827fa37d78a16864a");
  CHECK(to_hex(down->mac.reveal()) == "4b41db528e545f2f9fe82b5e739d4a58");
  CHECK(derive(secret{bytes(15)}, true, 1, meter).error().code == errc::malformed);
}

TEST_CASE("a message of the symmetric procedure is encrypted, then MACed, octet by octet",
          "[hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  const std::string_view text = "self-made sample";
  const auto m = seal(master, meter, type::done, 512, as_bytes(text));
  REQUIRE(m);
  CHECK(to_hex(bytes_view{*m}.first(18)) == "05000a014d54520e0000007b000002000020");
  CHECK(to_hex(bytes_view{*m}.subspan(18, 32)) == "3bad27657f92a157107ad0d419d879c287bb74f15d009127aa64103c232eb1e9");
  CHECK(m->size() == 18 + 32 + 16);
  const auto back = open(master, meter, look(*m, meter).value());
  REQUIRE(back);
  CHECK(std::ranges::equal(back->content.reveal(), as_bytes(text)));
  CHECK(back->counter == 512);
}

TEST_CASE("no octet of a symmetric message can be changed, none can be missing", "[hdlc][sym]") {
  const auto good = seal(master, meter, type::meter_key, 7, bytes(33, 0x5A)).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 0x01;
    CAPTURE(i);
    const auto code = opened(bad);
    CHECK((code == errc::untrusted || code == errc::malformed));
    bad.assign(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(look(bad, meter));
  }
  CHECK(seal(master, meter, type::meter_key, 7, bytes(max_content + 1)).error().code == errc::exhausted);
  CHECK(seal(master, meter, type::meter_key, 7, bytes(max_content)).value().size() <= 2034);
  // A MAC that verifies over padding that is none: the key holder's mistake, told only after the MAC.
  const auto long_one = seal(master, meter, type::hello, 1, bytes(15, 0)).value();
  CHECK(look(long_one, device_id::parse("1MTR0E00000124")->server_id()).error().code == errc::malformed);
}

TEST_CASE("abilities are told and read", "[hdlc][sym]") {
  const auto text = encode(gateway_offers);
  CHECK(to_hex(text) ==
        "02c02b130102"
        "0017001a");
  CHECK(decode_abilities(text).value() == gateway_offers);
  for (std::size_t i = 0; i < text.size(); ++i) CHECK_FALSE(decode_abilities(bytes_view{text}.first(i)));
  auto more = text;
  more.push_back(0);
  CHECK(decode_abilities(more).error().code == errc::malformed);
}

TEST_CASE("a factory-fresh meter is paired: certificates are exchanged and the key pair is handed over",
          "[hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  auto g = begin(pairing::goal::pair);
  auto m = factory_fresh();
  REQUIRE(run(g, m).value() == pairing::verdict::done);
  CHECK(m.paired());
  CHECK(m.gateway_certificate() == certificate);
  CHECK(std::ranges::equal(m.certificate_and_key().reveal(), key_material().reveal()));
  CHECK(g.of_meter() == meter_offers);
  CHECK(g.counted() == counters{3, 3});
}

TEST_CASE("the key pair is not in the octets of the line", "[hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  auto g = begin(pairing::goal::pair);
  auto m = factory_fresh();
  REQUIRE(exchange(g, m));
  REQUIRE(exchange(g, m));
  REQUIRE(g.saying() == type::meter_key);
  const auto said = g.say().value();
  const bytes part(16, 0x44);
  CHECK(std::ranges::search(said, part).empty());
}

TEST_CASE("a lost answer costs one more question, with a higher counter", "[hdlc][sym]") {
  auto g = begin(pairing::goal::pair);
  auto m = factory_fresh();
  for (const auto what : {type::hello, type::gateway_certificate, type::meter_key}) {
    REQUIRE(g.saying() == what);
    (void)m.answer(g.say().value());  // lost
    REQUIRE(exchange(g, m));
  }
  CHECK(m.paired());
  CHECK(g.counted().gateway == 6);
}

TEST_CASE("another key than the meter's is told as that, from either side",
          "[hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  const secret other{bytes(16, 0x77)};
  auto g = begin(pairing::goal::pair, other);
  auto m = factory_fresh();
  const auto v = exchange(g, m);
  REQUIRE_FALSE(v);
  CHECK(v.error().code == errc::untrusted);
  CHECK(v.error().what.contains("the key in its profile is not the meter's"));
  CHECK_FALSE(m.paired());
  // A meter that answers under a key of its own.
  pairable liar{other.clone(), meter, meter_offers};
  auto honest = begin(pairing::goal::pair);
  const auto hello = begin(pairing::goal::pair, other).say().value();
  const auto lie = liar.answer(hello).value();
  (void)honest.say();
  CHECK(honest.take(lie).error().code == errc::untrusted);
}

TEST_CASE("what was said before is not accepted again", "[hdlc][sym]") {
  auto g = begin(pairing::goal::pair);
  auto m = factory_fresh();
  const auto hello = g.say().value();
  const auto answer = m.answer(hello).value();
  REQUIRE(g.take(answer));
  CHECK(g.take(answer).error().code == errc::conflict);
  const auto again = look(m.answer(hello).value(), meter).value();
  CHECK(again.refused == refusal::counter);
  // The counter ends, it does not wrap (3116 7.1).
  auto last = begin(pairing::goal::pair, master, {std::numeric_limits<std::uint32_t>::max(), 0});
  CHECK(last.say().error().code == errc::exhausted);
}

TEST_CASE("a meter that belongs to a gateway is paired again only after a crypto reset",
          "[hdlc][sym][REQ.SYMHDLC.SMGW.RemovePairingInMtr.10]") {
  auto first = begin(pairing::goal::pair);
  auto m = factory_fresh();
  REQUIRE(run(first, m));
  auto second = begin(pairing::goal::pair, master, first.counted());
  CHECK(exchange(second, m).error().code == errc::conflict);
  auto reset = begin(pairing::goal::remove, master, second.counted());
  CHECK(reset.saying() == type{6});
  const auto said = reset.say().value();
  const auto answer = m.answer(said).value();
  CHECK(answer[0] == 7);
  CHECK(reset.take(answer).value() == pairing::verdict::done);
  CHECK_FALSE(m.paired());
  CHECK(m.certificate_and_key().reveal().empty());
  CHECK(m.gateway_certificate().empty());
  auto third = begin(pairing::goal::pair, master, reset.counted());
  CHECK(run(third, m).value() == pairing::verdict::done);
}

TEST_CASE("a crypto reset needs the meter's key", "[hdlc][sym][REQ.SYMHDLC.SMGW.RemovePairingInMtr.10]") {
  auto g = begin(pairing::goal::pair);
  auto m = factory_fresh();
  REQUIRE(run(g, m));
  auto reset = begin(pairing::goal::remove, secret{bytes(16, 1)}, g.counted());
  CHECK(exchange(reset, m).error().code == errc::untrusted);
  CHECK(m.paired());
}

TEST_CASE("a meter does what comes next and nothing else", "[hdlc][sym]") {
  auto m = factory_fresh();
  const auto refused = [&](type what, std::uint32_t counter, const bytes& content) {
    return look(m.answer(seal(master, meter, what, counter, content).value()).value(), meter).value().refused;
  };
  CHECK(refused(type::meter_key, 1, {1}) == refusal::order);
  CHECK(refused(type::gateway_certificate, 2, {1}) == refusal::order);
  CHECK(refused(type::hello, 3, {9}) == refusal::content);
  CHECK(refused(type::reset, 4, {9}) == refusal::content);
  CHECK_FALSE(m.answer(seal(master, meter, type::done, 5, bytes{3}).value()));
  CHECK_FALSE(m.answer(bytes{0x16, 3, 3}));
}
