// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Public captures, damaged in every way: nothing may be read outside the telegram (the sanitizers watch), and where a
// MAC protects it, nothing damaged may pass. That they decode when whole is checked by `smgw-vectors`.

#include "base/hex.hpp"
#include "protocols/mbus/response.hpp"
#include "protocols/wmbus/readings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace smgw;
using namespace smgw::wmbus;

namespace {

std::vector<nlohmann::json> rows(const char* file) {
  std::vector<nlohmann::json> all;
  std::ifstream in(std::string(SMGW_SOURCE_DIR "/test/vectors/") + file);
  for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
  REQUIRE_FALSE(all.empty());
  return all;
}

bytes octets(const nlohmann::json& hex) { return from_hex(hex.get<std::string>()).value_or(bytes{}); }

std::size_t walk(mbus::record_reader reader) {
  std::size_t n = 0;
  mbus::record r;
  while (reader.next(r).value_or(false)) ++n;
  return n;
}

struct listener {
  receiver radio;
  mbus::format_cache formats;
  std::vector<wireless_reading> readings;
  verdict take(bytes_view frame, const nlohmann::json& row) {
    meter_state meter;
    meter.policy.authenticated_only = false;
    meter.policy.accept_decrypted = !row.contains("key_hex");
    if (row.contains("key_hex"))
      if (auto key = meter_cipher::make(secret{bytes_view{octets(row["key_hex"])}})) meter.key = std::move(*key);
    (void)radio.peek(frame);
    const auto t = radio.open(frame, meter, &formats, {});
    if (t.result == verdict::accepted) {
      (void)walk(t.records());
      (void)read_values(t, {}, readings);
    }
    return t.result;
  }
};

bool has_mac(const nlohmann::json& row) { return row.contains("key_hex") && row["expected"].contains("afl"); }

}  // namespace

TEST_CASE("captures cut at every length", "[wmbus][REQ.WMBUS.Unidirektional.40][REQ.WMBUS.apl.20]") {
  listener l;
  for (const auto& row : rows("wmbus/public.jsonl")) {
    const auto frame = octets(row["frame_hex"]);
    for (std::size_t n = 0; n < frame.size(); ++n) {
      bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
      if (n <= frame[0]) CHECK(l.take(cut, row) == verdict::no_frame);
      if (n != 0) cut[0] = static_cast<std::uint8_t>(n - 1);
      const auto result = l.take(cut, row);
      if (has_mac(row)) CHECK(result != verdict::accepted);
    }
  }
}

TEST_CASE("captures with a changed octet", "[wmbus][REQ.WMBUS.Unidirektional.40][REQ.WMBUS.apl.20]") {
  listener l;
  for (const auto& row : rows("wmbus/public.jsonl")) {
    const auto frame = octets(row["frame_hex"]);
    for (std::size_t i = 0; i < frame.size(); ++i)
      for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
        auto bad = frame;
        bad[i] = static_cast<std::uint8_t>(bad[i] ^ change);
        const auto result = l.take(bad, row);
        if (has_mac(row) && i >= 17) CHECK(result != verdict::accepted);
      }
  }
}

TEST_CASE("authentic captures are accepted once", "[wmbus][REQ.WMBUS.Unidirektional.50][REQ.WMBUS.Unidirektional.60]") {
  receiver radio;
  std::size_t authentic = 0;
  for (const auto& row : rows("wmbus/public.jsonl")) {
    if (!has_mac(row)) continue;
    meter_state meter;
    meter.key = meter_cipher::make(secret{bytes_view{octets(row["key_hex"])}}).value();
    const auto frame = octets(row["frame_hex"]);
    const auto t = radio.open(frame, meter, nullptr, {});
    CHECK(t.result == verdict::accepted);
    CHECK(t.authenticated);
    CHECK(radio.open(frame, meter, nullptr, {}).result == verdict::replayed);
    ++authentic;
  }
  CHECK(authentic == 6);
}

TEST_CASE("wired captures cut and changed", "[mbus][REQ.WMBUS.apl.20]") {
  for (const auto& row : rows("mbus/wired_public.jsonl")) {
    const auto frame = octets(row["frame_hex"]);
    for (std::size_t n = 0; n < frame.size(); ++n) {
      bytes_view in = bytes_view{frame}.first(n);
      if (row["expected"]["link_frame_valid"] == true) CHECK_FALSE(mbus::take_wired(in).has_value());
      (void)walk(mbus::record_reader{bytes_view{frame}.subspan(n)});
      auto bad = frame;
      bad[n] ^= 0x10;
      in = bad;
      if (const auto f = mbus::take_wired(in)) (void)mbus::read_response(*f);
      if (bad.size() > 19) (void)walk(mbus::record_reader{bytes_view{bad}.subspan(19)});
    }
  }
}
