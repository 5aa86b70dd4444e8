// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// SML that meters push: quirks by the meter's profile, and what a line tells of telegrams that gave no values.

#include "actors/lmn/line.hpp"
#include "sml_files.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::sml_files;
using namespace std::chrono_literals;

namespace {

const auto holley = *device_id::parse("1HLY0200000001");
const auto other = *device_id::parse("1EMH0000000002");

profile::meter meter_of(const device_id& id, std::vector<profile::quirk> quirks = {}) {
  profile::meter m;
  m.id = id;
  m.quirks = std::move(quirks);
  return m;
}

struct pushed {
  std::unique_ptr<lmn::line> line;
  lmn::instant now{timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}}, time_point{} + 1h};

  explicit pushed(std::vector<profile::meter> meters)
      : line(*lmn::make_line({.id = "p", .protocol = profile::lmn_protocol::sml}, std::move(meters))) {}

  lmn::output feed(bytes_view in) {
    lmn::output out;
    now.utc += 1s;
    now.steady += 1s;
    line->feed(in, now, out);
    return out;
  }
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view field) const {
    status_report r;
    line->report(r);
    for (const auto& [name, value] : r.fields)
      if (name == field) return std::get<std::int64_t>(value);
    return std::nullopt;
  }
};

std::string only_value(const lmn::output& out) {
  REQUIRE(out.telegrams.size() == 1);
  REQUIRE(out.telegrams[0].read.values.size() == 1);
  return out.telegrams[0].read.values[0].value.text();
}

}  // namespace

TEST_CASE("one bad telegram does not shut a meter out", "[lmn][sml]") {
  pushed p({meter_of(other)});
  const std::vector entries{watt_hours(123)};
  const auto good = push(other.server_id(), entries);
  auto bad = good;
  bad[40] ^= 1;
  for (int round = 0; round < 3; ++round) {
    CHECK(p.feed(bad).telegrams.empty());
    CHECK(only_value(p.feed(good)) == "12.3");
  }
  CHECK(p.number("bad checksum") == 3);
  CHECK(p.line->heard().list().at(0).accepted == 3);
  CHECK(p.line->heard().list().at(0).last == p.now.utc);
}

TEST_CASE("CRC-16/KERMIT is read from the meter whose profile names the quirk, and told of any other", "[lmn][sml]") {
  const std::vector entries{watt_hours(5)};
  pushed strict({meter_of(holley)});
  CHECK(strict.feed(push(holley.server_id(), entries, true)).telegrams.empty());
  CHECK(strict.number("Kermit CRC") == 1);
  CHECK_FALSE(strict.number("quirk: Kermit CRC"));

  pushed both({meter_of(holley, {profile::quirk::holley_time_and_crc}), meter_of(other)});
  CHECK(only_value(both.feed(push(holley.server_id(), entries, true))) == "0.5");
  CHECK(both.number("quirk: Kermit CRC") == 1);
  // a neighbour on the same port does not get the quirk of another
  const auto refused = both.feed(push(other.server_id(), entries, true));
  CHECK(refused.telegrams.empty());
  CHECK(refused.news.size() == 1);
  CHECK(both.line->heard().list().at(1).last_fault == frame_fault::bad_crc);
  CHECK(both.number("quirk: Kermit CRC") == 1);
  CHECK(only_value(both.feed(push(other.server_id(), entries))) == "0.5");
}

TEST_CASE("a power of DZG and times of others are bent by the profile of their meter only", "[lmn][sml]") {
  const std::vector entries{watts(-25536, 2)};
  pushed straight({meter_of(other)});
  CHECK(only_value(straight.feed(push(other.server_id(), entries))) == "-255.36");
  CHECK_FALSE(straight.number("quirk: unsigned power"));
  pushed bent({meter_of(other, {profile::quirk::dzg_unsigned_power})});
  CHECK(only_value(bent.feed(push(other.server_id(), entries))) == "400.00");
  CHECK(bent.number("quirk: unsigned power") == 1);

  const std::vector timed{watt_hours(5, bare(7)), watt_hours(6, {sml::moment::form::three_values, 8, 60, 0})};
  pushed times({meter_of(other, {profile::quirk::holley_time_and_crc, profile::quirk::three_value_time})});
  CHECK(times.feed(push(other.server_id(), timed)).telegrams.size() == 1);
  CHECK(times.number("quirk: bare time") == 1);
  CHECK(times.number("quirk: three-value time") == 1);
}

TEST_CASE("the gateway's clock stamps a push, whatever the meter's second index says", "[lmn][sml]") {
  pushed p({meter_of(other)});
  const std::vector entries{watt_hours(5, index(1'900'000'000))};
  const auto out = p.feed(push(other.server_id(), entries));
  REQUIRE(out.telegrams.size() == 1);
  CHECK(out.telegrams[0].read.captured == p.now.utc);
}

TEST_CASE("a list without a server id is of the server that opened the file", "[lmn][sml]") {
  pushed p({meter_of(other)});
  const std::vector entries{watt_hours(5)};
  CHECK(only_value(p.feed(push(other.server_id(), entries, false, false))) == "0.5");
}

TEST_CASE("who floods a port with bad telegrams does not flood the log", "[lmn][sml]") {
  pushed p({meter_of(holley, {profile::quirk::holley_time_and_crc}), meter_of(other)});
  const std::vector entries{watt_hours(5)};
  const auto bad = push(other.server_id(), entries, true);
  const auto good = push(other.server_id(), entries);
  std::size_t told = 0;
  for (int i = 0; i < 100; ++i) told += p.feed(bad).news.size() + p.feed(good).news.size();
  CHECK(told == 1);
  CHECK(p.line->heard().count(frame_fault::bad_crc) == 100);
  p.now.utc += roster::silence;
  CHECK(p.feed(bad).news.size() == 1);
  p.now.utc -= std::chrono::days{30};  // a clock that was wrong
  CHECK(p.feed(bad).news.size() == 1);
}
