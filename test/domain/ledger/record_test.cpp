// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace smgw;
using namespace smgw::ledger;

TEST_CASE("the canonical encoding is fixed") {
  record r = make(event::started, outcome::success, lists::at("2026-05-14T22:00:01Z"), "up");
  r.number = 1;
  r.parent = 1;
  r.seconds_index = 7;
  CHECK(to_hex(*encode(r)) ==
        "01"                          // version
        "000000010000000100000001"    // number, parent, repetitions
        "0000019e2880f6e8"            // milliseconds
        "0000000000000007"            // seconds index
        "04534d4757000003e900000000"  // vendor, event, sub id
        "0100"                        // level, outcome
        "000000"                      // subject, user, destination
        "00027570"                    // text
        "0000");                      // extensions, evidence
}

TEST_CASE("what is encoded is decoded again") {
  for (unsigned i = 0; i < 20; ++i) {
    auto r = chains::sample(i);
    r.number = i + 1;
    r.parent = 1;
    r.repetitions = i * 7 + 1;
    CHECK(decode_record(*encode(r)) == r);
  }
}

TEST_CASE("every cut and every appended octet is refused") {
  const auto whole = *encode(chains::sample(3));
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK(decode_record(bytes_view{whole}.first(n)).error().code == errc::truncated);
  auto longer = whole;
  longer.push_back(0);
  CHECK(decode_record(longer).error().code == errc::malformed);
  auto other = whole;
  other[0] = 2;
  CHECK(decode_record(other).error().code == errc::unsupported);
}

TEST_CASE("whatever decodes is the canonical form") {
  const auto whole = *encode(chains::sample(3));
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed = whole;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1U << bit));
      if (const auto r = decode_record(changed)) CHECK(*encode(*r) == changed);
    }
}

TEST_CASE("members beyond their bounds are refused") {
  const auto refused = [](const auto& change) {
    auto r = chains::sample(1);
    change(r);
    const auto e = encode(r);
    return !e && e.error().code == errc::exhausted;
  };
  CHECK(refused([](record& r) { r.text.assign(max_text + 1, 'x'); }));
  CHECK(refused([](record& r) { r.user.assign(max_identity + 1, 'x'); }));
  CHECK(refused([](record& r) { r.extensions.assign(max_extensions + 1, "x"); }));
  CHECK(refused([](record& r) { r.extensions = {std::string(max_extension + 1, 'x')}; }));
  CHECK(refused([](record& r) { r.evidence.assign(max_evidence + 1, 0); }));
  auto widest = chains::sample(1);
  widest.text.assign(max_text, 'x');
  for (auto* text : {&widest.vendor, &widest.subject, &widest.user, &widest.destination})
    text->assign(max_identity, 'y');
  widest.extensions.assign(max_extensions, std::string(max_extension, 'z'));
  widest.evidence.assign(max_evidence, 0);
  CHECK(encode(widest)->size() <= max_encoded);
}

TEST_CASE("make takes the level from the catalogue") {
  CHECK(make(event::clock_set, outcome::success, {}, "").level == level::warning);
  CHECK(make(event::self_test, outcome::success, {}, "").level == level::info);
  CHECK(make(event::self_test, outcome::failure, {}, "").level == level::fatal);
  CHECK(make(static_cast<event>(4711), outcome::failure, {}, "").level == level::error);
}

TEST_CASE("export to text is one line, whatever a text holds") {
  auto r = chains::sample(0);
  r.number = 17;
  r.repetitions = 3;
  CHECK(
      to_text(r) ==
      "2026-05-14T22:00:00Z #17 INFO SMGW.6002.0 SUCCESS 96 values (3 times) by=contract-7 for=consumer-1 to=supplier "
      "[from 2026-05-13] [number 0]");
  r.text = "a\n2026-05-14T22:00:00Z #18 forged\x1b[2J";
  CHECK(to_text(r).find_first_of("\n\x1b") == std::string::npos);
}

TEST_CASE("export to JSON is one valid object, whatever a text holds") {
  auto r = chains::sample(0);
  using namespace std::string_view_literals;
  r.text =
      "quote \" back \\ line \n nul \0 del \x7f umlaut \xC3\xA4 euro \xE2\x82\xAC clef \xF0\x9D\x84\x9E "
      "bad \xFF cut \xE2\x82 surrogate \xED\xA0\x80 overlong \xC0\x80"sv;
  const auto line = to_json_line(r);
  CHECK(line.find('\n') == std::string::npos);
  const auto parsed = nlohmann::json::parse(line, nullptr, false);
  REQUIRE_FALSE(parsed.is_discarded());
  CHECK(parsed["eventId"] == 6002);
  CHECK(parsed["level"] == "INFO");
  CHECK(parsed["messageExtensions"].size() == 2);
  CHECK(parsed["text"].get<std::string>().find(
            "umlaut \xC3\xA4 euro \xE2\x82\xAC clef \xF0\x9D\x84\x9E bad \xEF\xBF\xBD") != std::string::npos);
}
