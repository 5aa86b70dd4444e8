// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/profile.hpp"

#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/mbus/crc.hpp"
#include "protocols/mbus/format.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }

record find_profile(bytes_view octets) {
  record_reader reader{octets};
  record r;
  while (reader.next(r).value())
    if (r.kind == value_kind::profile) return r;
  FAIL("no profile");
  return r;
}
std::vector<profile_point> points(bytes_view octets) {
  const auto profile = find_profile(octets);
  auto reader = profile_reader::over(profile, find_base(octets, profile)).value();
  std::vector<profile_point> all;
  profile_point p;
  while (reader.next(p)) all.push_back(p);
  return all;
}
}  // namespace

TEST_CASE("an inverse profile runs back from its base", "[mbus][REQ.WMBUS.apl.10]") {
  // Storage 8: 2026-02-01 and 272; then monthly 627, 395, "no value".
  const auto octets = hex("82046c41328b046e7202008d04ee130b3bfe270600950300ffffff");
  const auto all = points(octets);
  REQUIRE(all.size() == 3);
  CHECK(all[0].value.storage == 9);
  CHECK(all[0].value.value == decimal{627, 0});
  CHECK(to_iso8601(all[0].when.value()) == "2026-01-01T00:00:00Z");
  CHECK(to_iso8601(all[1].when.value()) == "2025-12-01T00:00:00Z");
  CHECK(all[2].value.kind == value_kind::not_available);
}

TEST_CASE("increments are taken from the base value", "[mbus][REQ.WMBUS.apl.10]") {
  // 10.000 m³ at 2022-09-15T19:08, then quarter-hours of 5 l, 3 l and a gap, one octet each.
  const auto octets = hex("046d0813cf290413102700000d931305510f0503ff");
  const auto all = points(octets);
  REQUIRE(all.size() == 3);
  CHECK(all[0].value.value == decimal{9995, -3});
  CHECK(to_iso8601(all[0].when.value()) == "2022-09-15T18:53:00Z");
  CHECK(all[1].value.value == decimal{9992, -3});
  CHECK(all[2].value.kind == value_kind::not_available);
}

TEST_CASE("decrements and signed differences, forward", "[mbus]") {
  const auto down = points(hex("0413102700000d931f03910105"));
  REQUIRE(down.size() == 1);
  CHECK(down[0].value.value == decimal{9995, -3});
  CHECK_FALSE(down[0].when.has_value());
  const auto both = points(hex("0413102700000d931f04d101fb05"));
  CHECK(both[0].value.value == decimal{9995, -3});
  CHECK(both[1].value.value == decimal{10000, -3});
  const auto no_base = points(hex("0d931f04d101fb05"));
  CHECK(no_base[0].value.kind == value_kind::not_available);
}

TEST_CASE("a profile is counted from the base of its own quantity and direction", "[mbus][REQ.WMBUS.apl.10]") {
  // Storage 1: 95000 Wh taken, 20 Wh fed in, and of each one quarter-hour: 4 Wh and 1 Wh.
  const auto octets =
      hex("440318730100"
          "44833c14000000"
          "4d831303510f04"
          "4d83bc1303510f01");
  std::vector<decimal> values;
  record_reader reader{octets};
  record r;
  while (reader.next(r).value()) {
    if (r.kind != value_kind::profile) continue;
    auto points = profile_reader::over(r, find_base(octets, r)).value();
    profile_point p;
    REQUIRE(points.next(p));
    values.push_back(p.value.value);
  }
  CHECK(values == std::vector<decimal>{{94996, 0}, {19, 0}});
  CHECK(points(hex("040a18730100"
                   "0d831303510f04"))[0]
            .value.kind == value_kind::not_available);  // J are not Wh
  CHECK(points(hex("041218730100"
                   "0d931303510f04"))[0]
            .value.value == decimal{94960, -4});  // 0.1 l and 1 l
}

TEST_CASE("the time of a base is neither that of a maximum nor one to come", "[mbus][REQ.WMBUS.apl.10]") {
  const auto octets =
      hex("146d000f0133"
          "04ed7e00000233"
          "046d000a0133"
          "0d931303110f04");
  CHECK(to_iso8601(points(octets)[0].when.value()) == "2024-03-01T09:45:00Z");
}

TEST_CASE("half months are days of one month", "[mbus]") {
  const auto days = [](std::string_view base) {
    std::vector<std::string> all;
    for (const auto& p : points(hex("026c" + std::string(base) + "0d93130831fd010203040506")))
      all.push_back(to_iso8601(p.when.value()).substr(0, 10));
    return all;
  };
  using list = std::vector<std::string>;
  CHECK(days("1033") == list{"2024-03-01", "2024-02-16", "2024-02-01", "2024-01-16", "2024-01-01", "2023-12-16"});
  CHECK(days("1f33") == list{"2024-03-15", "2024-02-29", "2024-02-15", "2024-01-31", "2024-01-15", "2023-12-31"});
  const auto ahead =
      points(hex("026c1033"
                 "0d931f0431fd0102"));
  CHECK(to_iso8601(ahead[0].when.value()) == "2024-04-01T00:00:00Z");
  CHECK(to_iso8601(ahead[1].when.value()) == "2024-04-16T00:00:00Z");
}

TEST_CASE("spacing octets", "[mbus]") {
  const auto keep = hex("0d931303010f05");
  CHECK(read_spacing(find_profile(keep)).value().period == std::chrono::seconds{15});
  const std::pair<std::string_view, int> months[] = {{"0d93130211fe", 6}, {"0d93130221fe", 3}, {"0d93130231fe", 1}};
  for (const auto& [text, n] : months) {
    const auto octets = hex(text);
    CHECK(read_spacing(find_profile(octets)).value().months == n);
  }
  const auto half = hex("0d93130231fd");
  CHECK(read_spacing(find_profile(half)).value().half_months);
  for (const auto* text : {"0d93130221fd", "0d93130201fe", "0d93130201ff", "0d93130201fb"}) {
    const auto octets = hex(text);
    CHECK(read_spacing(find_profile(octets)).error().code == errc::unsupported);
  }
  for (const auto* text : {"0d931300", "0d93130101", "0d9313030d0105", "0d9313040f010505", "0d931303020105"}) {
    const auto octets = hex(text);
    CHECK(read_spacing(find_profile(octets)).error().code == errc::malformed);
  }
}

TEST_CASE("the nominal time is within one hundredth of the period", "[mbus][REQ.WMBUS.apl.10]") {
  const auto at = [](std::string_view t) { return parse_iso8601(t).value(); };
  const std::chrono::minutes quarter{15};
  CHECK(nominal_time(at("2026-05-14T22:15:08Z"), quarter).value() == at("2026-05-14T22:15:00Z"));
  CHECK(nominal_time(at("2026-05-14T22:14:51Z"), quarter).value() == at("2026-05-14T22:15:00Z"));
  CHECK(nominal_time(at("2026-05-14T22:15:10Z"), quarter).error().code == errc::expired);
  CHECK(nominal_time(at("1969-12-31T23:59:58Z"), quarter).value() == at("1970-01-01T00:00:00Z"));
  CHECK(nominal_time(at("2026-05-14T22:15:10Z"), std::chrono::seconds{0}).error().code == errc::malformed);
}

TEST_CASE("compact frames: headers by signature", "[mbus]") {
  // A heat meter: full frame, then the same with values only.
  const auto full = hex("03062c000043060000000314630000426c7f2a022d130001ff2100");
  const auto data = hex("2c00000000006300007f2a130000");
  format_cache cache;
  const auto signature = cache.learn(full).value();
  CHECK(cache.learn(full).value() == signature);
  CHECK(cache.entries().size() == 1);
  const auto headers = cache.find(signature);
  CHECK(to_hex(headers) == "030643060314426c022d01ff21");
  CHECK(full_frame_crc(headers, data).value() == crc_of(full));
  CHECK(cache.find(static_cast<std::uint16_t>(signature + 1)).empty());
  CHECK(full_frame_crc(headers, bytes_view{data}.first(5)).error().code == errc::truncated);
  format_cache again;
  CHECK(again.add(headers).value() == signature);
  CHECK(again.entries() == cache.entries());
  CHECK(cache.learn(hex("0f0102")).error().code == errc::unsupported);
  CHECK(cache.learn(hex("0413")).error().code == errc::truncated);
  // without the values, the second and third header would be the text of the first
  CHECK(cache.learn(hex("00fc00042c2b010203042c2b05060708")).error().code == errc::unsupported);
  CHECK(cache.add(bytes(256)).error().code == errc::exhausted);
}

TEST_CASE("format frames: length, signature, headers", "[mbus]") {
  const auto headers = hex("030643060314426c022d01ff21");
  const auto signature = crc_of(headers);
  for (const std::size_t length : {headers.size(), headers.size() + 2}) {
    bytes frame{static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(signature),
                static_cast<std::uint8_t>(signature >> 8U)};
    frame.insert(frame.end(), headers.begin(), headers.end());
    for (const std::size_t fillers : {0U, 5U}) {
      frame.insert(frame.end(), fillers, 0x2F);
      format_cache cache;
      CHECK(cache.add_frame(frame).value() == signature);
      CHECK(to_hex(cache.find(signature)) == to_hex(headers));
    }
    frame[1] ^= 1;
    format_cache cache;
    CHECK(cache.add_frame(frame).error().code == errc::malformed);
    for (std::size_t n = 0; n < headers.size() + 3; ++n)
      CHECK_FALSE(cache.add_frame(bytes_view{frame}.first(n)).has_value());
  }
}

TEST_CASE("the oldest format makes room", "[mbus]") {
  format_cache cache;
  std::uint16_t first = 0;
  for (std::size_t i = 0; i <= max_formats; ++i) {
    const bytes headers{0x04, static_cast<std::uint8_t>(i)};
    const auto signature = cache.add(headers).value();
    if (i == 0) first = signature;
  }
  CHECK(cache.entries().size() == max_formats);
  CHECK(cache.find(first).empty());
}
