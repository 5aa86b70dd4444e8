// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/dissect.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/hdlc/frame.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace smgw;
using dissect::outcome;
using nlohmann::json;

namespace {

bytes hex_of(const json& row, const char* field) {
  return row.contains(field) ? from_hex(row[field].get<std::string>()).value_or(bytes{}) : bytes{};
}

std::vector<dissect::telegram> decode(bytes_view in, bytes_view key = {}, bytes_view auth_key = {}) {
  auto d = dissect::dissector::make({secret{key}, secret{auth_key}});
  REQUIRE(d);
  return d->all(in);
}

std::vector<json> rows(const std::string& file) {
  std::ifstream in(std::string(SMGW_SOURCE_DIR) + "/test/vectors/" + file);
  std::vector<json> all;
  for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
  REQUIRE_FALSE(all.empty());
  return all;
}

/// Every octet of every layer has exactly one line.
void check_covered(const std::vector<dissect::telegram>& all) {
  for (const auto& t : all)
    for (const auto& l : t.layers) {
      std::size_t at = 0;
      for (const auto& f : l.fields) {
        REQUIRE(f.offset == at);
        REQUIRE(f.size > 0);
        at += f.size;
      }
      REQUIRE(at == l.octets.size());
    }
  REQUIRE(json::accept(dissect::to_json(all)));
  for (const auto& t : all) REQUIRE_FALSE(dissect::to_text(t).empty());
}

std::size_t undescribed(const std::vector<dissect::telegram>& all) {
  std::size_t n = 0;
  for (const auto& t : all)
    for (const auto& l : t.layers)
      for (const auto& f : l.fields) n += f.name == "not described" ? f.size : 0;
  return n;
}

bool has_value(const std::vector<dissect::telegram>& all, std::string_view name, std::string_view text) {
  for (const auto& t : all)
    for (const auto& v : t.values)
      if ((v.obis == name || v.quantity == name) && v.text == text) return true;
  return false;
}

}  // namespace

TEST_CASE("every public SML telegram is taken apart", "[lmn-decode][sml]") {
  for (const auto* file : {"sml/meters.jsonl", "sml/requests.jsonl", "sml/signed.jsonl"})
    for (const auto& row : rows(file)) {
      CAPTURE(row["name"].get<std::string>());
      const auto all = decode(hex_of(row, "frame_hex"));
      check_covered(all);
      REQUIRE(undescribed(all) == 0);
      REQUIRE_FALSE(all.empty());
      CHECK(all[0].kind == "sml");
      const auto& e = row["expected"];
      const bool refused = e.value("verdict", "accept") == "reject" || e.value("transport_crc", "") == "bad";
      CHECK((all.size() == 1 && all[0].result == outcome::good) != refused);
    }
}

TEST_CASE("every public wireless telegram is taken apart in all its forms", "[lmn-decode][wmbus]") {
  std::size_t good = 0, forms = 0;
  for (const auto& row : rows("wmbus/public.jsonl")) {
    CAPTURE(row["name"].get<std::string>());
    const bool wired = row["expected"].value("frame_type", "wmbus") == "mbus";
    for (const auto* field : {"frame_hex", "frame_format_a_with_crc_hex", "frame_format_b_with_crc_hex"}) {
      if (!row.contains(field)) continue;
      auto frame = hex_of(row, field);
      // Captures without a form with CRCs have a wrong L.
      if (!wired && !row.contains("frame_format_a_with_crc_hex"))
        frame[0] = static_cast<std::uint8_t>(frame.size() - 1);
      const auto all = decode(frame, hex_of(row, "key_hex").size() == 16 ? hex_of(row, "key_hex") : bytes{});
      check_covered(all);
      REQUIRE(all.size() == 1);
      CHECK(all[0].kind == (wired ? "mbus" : "wmbus"));
      ++forms;
      if (all[0].result == outcome::good) ++good;
      if (all[0].result == outcome::good && !wired) CHECK(undescribed(all) == 0);
    }
  }
  CHECK(forms > 740);
  // The rest: compact frames whose format another telegram told, keys that nobody published, modes of vendors.
  CHECK(good * 100 > forms * 90);
}

TEST_CASE("every public wired M-Bus telegram is taken apart", "[lmn-decode][mbus]") {
  for (const auto& row : rows("mbus/wired_public.jsonl")) {
    CAPTURE(row["name"].get<std::string>());
    const auto frame = hex_of(row, "frame_hex");
    const auto all = decode(frame);
    check_covered(all);
    if (row["expected"]["link_frame_valid"] == true) {
      REQUIRE_FALSE(all.empty());
      CHECK(all[0].kind == "mbus");
    } else {
      CHECK(std::ranges::none_of(all, [](const auto& t) { return t.kind == "mbus" && t.result == outcome::good; }));
    }
  }
}

TEST_CASE("every public DLMS push is taken apart", "[lmn-decode][dlms]") {
  for (const auto& row : rows("dlms/dlms_public.jsonl")) {
    CAPTURE(row["name"].get<std::string>());
    const auto all = decode(hex_of(row, "frame_hex"), hex_of(row, "key_hex"), hex_of(row, "auth_key_hex"));
    check_covered(all);
    REQUIRE_FALSE(all.empty());
    const auto verdict = row["expected"]["verdict"].get<std::string>();
    const bool good = std::ranges::any_of(
        all, [](const auto& t) { return t.kind == "dlms" && t.result == outcome::good && !t.values.empty(); });
    if (verdict == "decoded" && !row["expected"]["apdus"][0].contains("encrypted")) CHECK(good);
    if (verdict == "reject") CHECK_FALSE(good);
  }
}

TEST_CASE("every public readout is taken apart", "[lmn-decode][d0]") {
  for (const auto& row : rows("d0/d0_public.jsonl")) {
    CAPTURE(row["name"].get<std::string>());
    const auto all = decode(hex_of(row, "frame_hex"));
    check_covered(all);
    REQUIRE(undescribed(all) == 0);
    REQUIRE_FALSE(all.empty());
    CHECK((all[0].kind == "d0" || all[0].kind == "p1"));
    const auto& e = row["expected"];
    CHECK((all[0].result == outcome::good) == (e.value("crc16_ok", true) && e.value("bcc_ok", true)));
    CHECK_FALSE(all[0].values.empty());
  }
}

TEST_CASE("an LMN frame shows its addresses, and a broken one its check", "[lmn-decode][hdlc][REQ.TLSHDLC.SMGW.20]") {
  bytes line;
  const bytes record{0x16, 3, 3, 0, 2, 1, 2};
  REQUIRE(hdlc::put_frame(line, {{1, 5}, {1, 1}, hdlc::control::information(3, 2), record}));
  const auto all = decode(line);
  check_covered(all);
  REQUIRE(all.size() == 1);
  CHECK(all[0].kind == "hdlc");
  CHECK(all[0].result == outcome::good);
  const auto text = dissect::to_text(all[0]);
  CHECK(text.find("I: information, N(S) 3, N(R) 2") != text.npos);
  CHECK(text.find("TLS record: handshake") != text.npos);
  line[line.size() - 3] ^= 1U;
  CHECK(decode(line)[0].result == outcome::damaged);
}

TEST_CASE("a wrong key, no key and a line of a receiver", "[lmn-decode][wmbus]") {
  const auto all_rows = rows("wmbus/public.jsonl");
  const auto row =
      *std::ranges::find_if(all_rows, [](const json& r) { return r["name"] == "apator162-15-reenc-mode5"; });
  const auto frame = hex_of(row, "frame_hex");
  CHECK(decode(frame)[0].result == outcome::no_key);
  CHECK(decode(frame, bytes(16, 7))[0].result == outcome::wrong_key);
  const auto line = "T1;1;1;2026-11-25 10:00:00.000;120;80;00148686;0x" + row["frame_hex"].get<std::string>() + "\n";
  const auto read = decode(as_bytes(line), hex_of(row, "key_hex"));
  REQUIRE(read.size() == 1);
  CHECK(read[0].result == outcome::good);
  CHECK(read[0].meter.starts_with("00148686 APA water"));
  CHECK_FALSE(dissect::dissector::make({secret{5}, {}}));
}

TEST_CASE("telegrams in a row, noise between them", "[lmn-decode]") {
  const auto sml = hex_of(rows("sml/meters.jsonl")[0], "frame_hex");
  auto stream = sml;
  put(stream, bytes{0xAA, 0xBB, 0xCC});
  put(stream, sml);
  const auto all = decode(stream);
  check_covered(all);
  REQUIRE(all.size() == 3);
  CHECK(all[0].result == outcome::good);
  CHECK(all[1].kind == "unknown");
  CHECK(all[1].layers[0].octets == bytes{0xAA, 0xBB, 0xCC});
  CHECK(all[2].result == outcome::good);
  CHECK(has_value(all, "1-0:1.8.2*255", "177360.9"));
}
