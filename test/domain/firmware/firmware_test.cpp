// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/firmware/update.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace smgw;
using namespace smgw::firmware;

namespace {

manifest sample() {
  manifest m{"smgw", {{0, 2, 0}}, 1234, {}, "firmware/0.2.0.img"};
  m.sha256.fill(0xAB);
  return m;
}

}  // namespace

TEST_CASE("a manifest is read as it was written; what is not one is refused with the member's name") {
  const auto text = write_manifest(sample());
  CHECK(read_manifest(text) == sample());
  const auto spoilt = [&](std::string_view from, std::string_view to) {
    auto t = text;
    t.replace(t.find(from), from.size(), to);
    const auto got = read_manifest(t);
    REQUIRE_FALSE(got);
    return got.error();
  };
  CHECK(spoilt("0.2.0\"", "0.2\"").code == errc::malformed);
  CHECK(spoilt("0.2.0\"", "0.2.65536\"").code == errc::malformed);
  CHECK(spoilt("1234", "0").code == errc::exhausted);
  CHECK(spoilt("1234", "99999999999").code == errc::exhausted);
  CHECK(spoilt("abab", "ab").code == errc::malformed);
  CHECK(spoilt("firmware/", "../").code == errc::malformed);
  CHECK(spoilt("firmware/", "/etc/").code == errc::malformed);
  CHECK(spoilt("\"firmware\":1", "\"firmware\":2").code == errc::unsupported);
  CHECK(spoilt("\"product\"", "\"colour\"").what.contains("product"));
  CHECK(spoilt("{", "{\"more\":1,").code == errc::malformed);
}

TEST_CASE("only newer firmware of the same product is taken") {
  auto m = sample();
  CHECK(check(m, "smgw", {{0, 1, 9}}));
  CHECK(check(m, "smgw", {{0, 2, 0}}).error().code == errc::conflict);
  CHECK(check(m, "smgw", {{0, 10, 0}}).error().code == errc::conflict);
  CHECK(check(m, "toaster", {{0, 1, 0}}).error().code == errc::denied);
}

TEST_CASE("the way of an update: every step that is not written down here is refused") {
  const std::map<std::pair<phase, step>, phase> allowed{
      {{phase::idle, step::order}, phase::loading},       {{phase::confirmed, step::order}, phase::loading},
      {{phase::rejected, step::order}, phase::loading},   {{phase::rolled_back, step::order}, phase::loading},
      {{phase::loading, step::order}, phase::loading},    {{phase::verified, step::order}, phase::loading},
      {{phase::loading, step::arrive}, phase::loaded},    {{phase::loaded, step::match}, phase::verified},
      {{phase::loaded, step::mismatch}, phase::rejected}, {{phase::verified, step::activate}, phase::activated},
      {{phase::activated, step::start}, phase::trial},    {{phase::activated, step::give_up}, phase::rolled_back},
      {{phase::trial, step::confirm}, phase::confirmed},  {{phase::trial, step::give_up}, phase::rolled_back},
      {{phase::loading, step::abandon}, phase::idle},     {{phase::loaded, step::abandon}, phase::idle},
      {{phase::verified, step::abandon}, phase::idle}};
  for (const auto from : all_phases)
    for (const auto by : all_steps) {
      const auto to = next(from, by);
      const auto wanted = allowed.find({from, by});
      INFO(to_string(from));
      if (wanted == allowed.end())
        CHECK(to.error().code == errc::conflict);
      else
        CHECK(to.value() == wanted->second);
    }
}

TEST_CASE("progress is kept; damage leads back to idle") {
  const progress p{phase::verified, sample()};
  CHECK(decode(encode(p)) == p);
  CHECK(decode({}) == progress{});
  CHECK(decode(bytes{99}) == progress{});
  auto damaged = encode(p);
  damaged[5] ^= 1;
  CHECK(decode(damaged) == progress{});
}
