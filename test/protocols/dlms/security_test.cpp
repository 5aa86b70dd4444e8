// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/security.hpp"

#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using samples::hex;

namespace {

struct verdict {
  errc code;
  protection_fault why;
  friend bool operator==(const verdict&, const verdict&) = default;
};

verdict refusal(bytes_view octets, cipher* keys, counter_state* counters = nullptr) {
  const auto a = read_apdu(octets);
  REQUIRE(a);
  protection_fault why{};
  const auto got = open(std::get<ciphered>(*a), keys, counters, &why);
  REQUIRE_FALSE(got);
  return {got.error().code, why};
}

bytes protect(cipher& keys, std::uint8_t control, std::uint32_t counter = 5,
              apdu_tag tag = apdu_tag::general_glo_ciphering) {
  const auto out = keys.protect(samples::notification_octets(), control, samples::title(), counter, tag);
  REQUIRE(out);
  return *out;
}

// What general-ciphering has before its content: transaction, system titles of both sides, no time, nothing else.
bytes general_header(const char* transaction) {
  bytes header;
  for (const auto* field : {transaction, "534d470000000001", "534d4700000000ff", "", ""}) {
    const auto octets = hex(field);
    header.push_back(static_cast<std::uint8_t>(octets.size()));
    put(header, octets);
  }
  return header;
}

cipher meter_keys(std::size_t size = 16) { return cipher{samples::key(1, size), samples::key(2, size)}; }

}  // namespace

TEST_CASE("AES-GCM of DLMS agrees with the example of the standard") {
  // DLMS UA 1000-2, 9.2.7.2.4: protection of the APDU C0 01 00 00 08 00 00 01 00 00 FF 02 00. The plaintext is no push,
  // so it is read through what stays of it: the tag verifies, and the content is then refused as no APDU of a push.
  cipher keys{secret{bytes_view{hex("000102030405060708090a0b0c0d0e0f")}},
              secret{bytes_view{hex("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf")}}};
  const auto text = hex("c0010000080000010000ff0200");
  const auto title = hex("4d4d4d0000bc614e");
  const auto both = keys.protect(text, 0x30, title, 0x01234567);
  REQUIRE(both);
  CHECK(to_hex(*both) == "db084d4d4d0000bc614e1e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b");
  CHECK(to_hex(*keys.protect(text, 0x10, title, 0x01234567)) ==
        "db084d4d4d0000bc614e1e1001234567c0010000080000010000ff020006725d910f9221d263877516");
  CHECK(to_hex(*keys.protect(text, 0x20, title, 0x01234567)) ==
        "db084d4d4d0000bc614e122001234567411312ff935a47566827c467bc");
  CHECK(refusal(*both, &keys) == verdict{errc::malformed, protection_fault::plaintext_implausible});
}

TEST_CASE("protection round-trips in all suites and forms") {
  for (const auto suite : {0, 1, 2})
    for (const auto form : {0x10, 0x20, 0x30, 0x70})
      for (const auto tag : {apdu_tag::general_glo_ciphering, apdu_tag::general_ded_ciphering}) {
        auto keys = meter_keys(suite == 2 ? 32 : 16);
        const auto sent = protect(keys, static_cast<std::uint8_t>(form | suite), 5, tag);
        counter_state counters;
        const auto got = keys.open(std::get<ciphered>(*read_apdu(sent)), &counters);
        REQUIRE(got);
        CHECK(bytes(got->plaintext.begin(), got->plaintext.end()) == samples::notification_octets());
        CHECK(got->authenticated == ((form & 0x10) != 0));
        CHECK(counters.seen == got->authenticated);
      }
}

TEST_CASE("telegrams of all protections are opened by one cipher in any order, broken ones and own ones between") {
  auto keys = meter_keys();
  const auto opens = [&keys](const bytes& octets) {
    const auto got = keys.open(std::get<ciphered>(*read_apdu(octets)), nullptr);
    return got && std::ranges::equal(got->plaintext, samples::notification_octets());
  };
  std::vector<bytes> sent;
  for (const auto control : {0x30, 0x10, 0x20, 0x31, 0x11, 0x70})
    sent.push_back(protect(keys, static_cast<std::uint8_t>(control)));
  for (const auto* transaction : {"0101", "0102"})
    for (const auto control : {0x10, 0x30})
      sent.push_back(*keys.protect(samples::notification_octets(), static_cast<std::uint8_t>(control), samples::title(),
                                   5, apdu_tag::general_ciphering, general_header(transaction)));
  for (const auto& first : sent)
    for (const auto& second : sent) {
      CHECK(opens(first));
      CHECK(opens(second));
      auto broken = first;
      broken.back() ^= 1U;
      CHECK_FALSE(opens(broken));
      CHECK(opens(second));
      CHECK(opens(protect(keys, 0x30)));
      CHECK(opens(first));
    }
}

TEST_CASE("a service-specific notification takes the system title of the meter") {
  auto keys = meter_keys();
  keys.set_system_title({0x53, 0x4D, 0x47, 0, 0, 0, 0, 1});
  bytes note;
  put_event_notification(note, std::nullopt, 1, *obis::parse("0-0:97.98.0"), 2, hex("1105"));
  const auto sent = keys.protect(note, 0x30, {}, 9, apdu_tag::glo_event_notification);
  REQUIRE(sent);
  CHECK((*sent)[0] == 0xCA);
  push_decoder decoder;
  const auto got = decoder.decode(*sent, &keys, nullptr);
  REQUIRE(got);
  CHECK(std::get<event_notification>((**got).content).attribute == 2);
  auto other = meter_keys();
  CHECK(refusal(*sent, &other) == verdict{errc::unavailable, protection_fault::no_key});
}

TEST_CASE("general-ciphering binds the fields before its content to the tag") {
  auto keys = meter_keys();
  const auto header = general_header("0123456789012345");
  for (const auto control : {0x10, 0x20, 0x30}) {
    const auto sent = keys.protect(samples::notification_octets(), static_cast<std::uint8_t>(control), samples::title(),
                                   5, apdu_tag::general_ciphering, header);
    REQUIRE(sent);
    push_decoder decoder;
    const auto got = decoder.decode(*sent, &keys, nullptr);
    REQUIRE(got);
    CHECK(bytes((**got).octets.begin(), (**got).octets.end()) == samples::notification_octets());
    auto moved = *sent;
    moved[3] ^= 1;  // of the transaction id
    CHECK(decoder.decode(moved, &keys, nullptr).has_value() == (control == 0x20));
  }
}

TEST_CASE("each reason why a telegram stays closed has its own word") {
  auto keys = meter_keys();
  const auto sent = protect(keys, 0x30);
  using enum protection_fault;

  CHECK(refusal(sent, nullptr) == verdict{errc::unavailable, no_key});
  cipher nothing{secret{}};
  CHECK(refusal(sent, &nothing) == verdict{errc::unavailable, no_key});
  cipher half{samples::key(1)};
  CHECK(refusal(sent, &half) == verdict{errc::denied, no_authentication_key});
  cipher wrong_key{samples::key(3), samples::key(2)};
  CHECK(refusal(sent, &wrong_key) == verdict{errc::untrusted, tag_wrong});
  cipher wrong_authentication{samples::key(1), samples::key(3)};
  CHECK(refusal(sent, &wrong_authentication) == verdict{errc::untrusted, tag_wrong});
  const auto open_text = protect(keys, 0x20);
  CHECK(refusal(open_text, &wrong_key) == verdict{errc::malformed, plaintext_implausible});

  const auto with_control = [&](std::uint8_t control) {
    auto changed = sent;
    changed[11] = control;
    return refusal(changed, &keys);
  };
  CHECK(with_control(0x33) == verdict{errc::unsupported, unsupported});  // suite 3
  CHECK(with_control(0xB0) == verdict{errc::unsupported, unsupported});  // compressed
  CHECK(with_control(0x00) == verdict{errc::unsupported, unsupported});  // no protection
  CHECK(with_control(0x32) == verdict{errc::unsupported, unsupported});  // suite 2 with keys of 16 octets
  cipher uneven{samples::key(1), samples::key(2, 32)};
  CHECK(refusal(sent, &uneven) == verdict{errc::unsupported, unsupported});
}

TEST_CASE("an octet changed anywhere behind the system title length is found") {
  auto keys = meter_keys();
  const auto sent = protect(keys, 0x30);
  for (std::size_t i = 2; i < sent.size(); ++i)
    for (const auto flip : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
      auto changed = sent;
      changed[i] ^= flip;
      const auto a = read_apdu(changed);
      if (a) CHECK_FALSE(keys.open(std::get<ciphered>(*a), nullptr));
    }
}

TEST_CASE("a telegram is taken once") {
  auto keys = meter_keys();
  counter_state counters;
  const auto open_at = [&](std::uint32_t counter) {
    const auto sent = protect(keys, 0x30, counter);
    protection_fault why{};
    const auto got = keys.open(std::get<ciphered>(*read_apdu(sent)), &counters, &why);
    return got ? protection_fault::none : why;
  };
  CHECK(open_at(0) == protection_fault::none);
  CHECK(open_at(0) == protection_fault::replayed);
  CHECK(open_at(10) == protection_fault::none);
  CHECK(open_at(9) == protection_fault::replayed);
  CHECK(counters == counter_state{.last = 10, .seen = true});
  CHECK(open_at(0xFFFFFFFF) == protection_fault::none);

  // what carries no tag does not move the counter: anybody could send it
  counter_state fresh;
  const auto unsigned_telegram = protect(keys, 0x20, 0xFFFFFFFF);
  REQUIRE(keys.open(std::get<ciphered>(*read_apdu(unsigned_telegram)), &fresh));
  CHECK_FALSE(fresh.seen);
  // nor does a wrong tag
  auto broken = protect(keys, 0x30, 77);
  broken.back() ^= 1;
  CHECK(refusal(broken, &keys, &fresh) == verdict{errc::untrusted, protection_fault::tag_wrong});
  CHECK_FALSE(fresh.seen);
}

TEST_CASE("what cannot be opened is not made") {
  auto keys = meter_keys();
  const auto text = samples::notification_octets();
  CHECK(keys.protect(text, 0x03, samples::title(), 1).error().code == errc::unsupported);
  CHECK(keys.protect(text, 0x30, hex("0102"), 1).error().code == errc::malformed);
  CHECK(keys.protect(text, 0x30, {}, 1).error().code == errc::unavailable);
}
