// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Meters that babble, fall silent, or lose their port; and a capture of a real one.
#include "audit.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <random>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr auto meter1 = "meter 1SMG0000000001";
constexpr auto link0 = "link lmn0";

/// Good telegrams with rubbish between them.
class babble {
 public:
  bytes operator()(bytes telegram) {
    static constexpr std::array<std::uint8_t, 8> start{0x1B, 0x1B, 0x1B, 0x1B, 1, 1, 1, 1};
    bytes out;
    switch (turn_++ % 5) {
      case 0: break;
      case 1:
        for (int i = 0; i < 300; ++i) out.push_back(static_cast<std::uint8_t>(random_()));
        break;
      case 2: out.assign(telegram.begin(), telegram.begin() + static_cast<std::ptrdiff_t>(telegram.size() / 2)); break;
      case 3:
        for (int i = 0; i < 5; ++i) put(out, start);
        break;
      case 4:
        out = telegram;
        out[out.size() / 2] ^= 0x40;
        break;
    }
    put(out, telegram);
    return out;
  }

 private:
  std::mt19937 random_{7};
  unsigned turn_ = 0;
};

/// Each value of the list is what the meter showed about that time.
void check_values(const std::vector<list_entry>& entries, std::uint64_t seed) {
  const sim::household home(seed);
  for (const auto& e : entries) {
    if (is_gap(e)) continue;
    REQUIRE(e.value.value.scaler == -1);
    CHECK(e.value.value.value >= home.energy(e.value.captured - 2s));
    CHECK(e.value.value.value <= home.energy(e.value.captured + 1s));
  }
}

std::size_t gaps_in(const std::vector<list_entry>& entries) {
  return static_cast<std::size_t>(std::ranges::count_if(entries, is_gap));
}

/// A capture of test/vectors/sml by its name.
bytes capture(std::string_view name) {
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/sml/meters.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    if (row["name"] == name) return *from_hex(row["frame_hex"].get<std::string>());
  }
  FAIL("no such capture");
  return {};
}

}  // namespace

TEST_CASE("rubbish between telegrams costs no telegram and makes no value", "[process]") {
  house h;
  h.open_market();
  h.start_meter(0, {.id = {}, .tcp_host = "127.0.0.1", .device = {}, .replay = {}, .disturb = babble()});
  auto gateway = process::run(h.configuration());
  REQUIRE(eventually([&] { return h.number(meter1, "stored") >= 5; }));
  CHECK(h.number(link0, "noise octets") > 100);
  CHECK(h.number(link0, "torn") > 0);
  CHECK(h.number(link0, "bad checksum") > 0);
  CHECK(h.number(link0, "openings") == 1);
  stop(gateway);
  announcements told;
  told.add(gateway.lines());
  audit_lists(h, told);
  audit_chains(h);
  check_values(original_list(h, 0, 1s), 1);
}

TEST_CASE("slots of a silent meter and of a lost port stay gaps", "[process]") {
  house h;
  h.open_market();
  std::atomic<bool> silent{false};
  h.start_meter(0, {.id = {}, .tcp_host = "127.0.0.1", .device = {}, .replay = {}, .disturb = [&silent](bytes t) {
                      return silent ? bytes{} : t;
                    }});
  auto gateway = process::run(h.configuration());
  const auto stored_after = [&](std::int64_t n) { return eventually([&] { return h.number(meter1, "stored") > n; }); };
  const auto gaps_after = [&](std::int64_t n) { return eventually([&] { return h.number(meter1, "gaps") > n; }); };
  REQUIRE(stored_after(1));

  silent = true;
  const auto gaps_before = h.number(meter1, "gaps");
  REQUIRE(gaps_after(gaps_before + 1));
  const auto before_return = h.number(meter1, "stored");
  silent = false;
  REQUIRE(stored_after(before_return));
  CHECK(h.number(link0, "openings") == 1);

  const auto gaps_with_port = h.number(meter1, "gaps");
  h.stop_meter(0);
  REQUIRE(gateway.await_line("lmn0: port lost"));
  REQUIRE(gaps_after(gaps_with_port + 1));
  const auto before_reopening = h.number(meter1, "stored");
  h.start_meter(0);
  REQUIRE(stored_after(before_reopening + 1));
  CHECK(h.number(link0, "openings") == 2);

  const auto gaps = h.number(meter1, "gaps");
  stop(gateway);
  announcements told;
  told.add(gateway.lines());
  audit_lists(h, told);
  audit_deliveries(h, 1);
  audit_chains(h);
  const auto entries = original_list(h, 0, 1s);
  CHECK(gaps >= 4);
  CHECK(static_cast<std::int64_t>(gaps_in(entries)) >= gaps);
  CHECK_FALSE(records(h, "system", "no value in the window").empty());
  check_values(entries, 1);
}

TEST_CASE("the value of a real meter's capture arrives decrypted at the market participant", "[process]") {
  house_options options;
  options.first_meter = *device_id::parse("1EMH0010599732");
  house h(options);
  h.open_market();
  h.start_meter(
      0, {.id = {}, .tcp_host = "127.0.0.1", .device = {}, .replay = capture("EMH_mME40-AE6AKF0K0#1"), .disturb = {}});
  auto gateway = process::run(h.configuration());
  const auto found = [&] {
    for (const auto& d : h.documents("taf7-1.sm"))
      for (const auto& c : d.what.content.channels)
        for (const auto& e : c.entries)
          if (c.logical_name() == "0100010800ff.1emh0010599732.sm" && !is_gap(e)) {
            CHECK(e.value.value.text() == "428896.4");
            CHECK(e.value.measured == unit::watt_hour);
            CHECK(e.value.status.meter == 0x001C0104);
            return true;
          }
    return false;
  };
  CHECK(eventually(found));
  stop(gateway);
}
