// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/export.hpp"

#include "base/hex.hpp"
#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace smgw;
using namespace smgw::ledger;
using nlohmann::json;

TEST_CASE("an export can be verified by whoever has nothing but the export", "[FAU_STG.2]") {
  auto l = chains::make_log(12);
  std::vector<keyed> read_back;
  for (const auto& r : l.records) {
    const auto line = json::parse(show(r.stored, show_as::evidence).value());
    read_back.push_back(
        {line["record"]["recordNumber"].get<std::uint32_t>(), *from_hex(line["stored"].get<std::string>())});
    CHECK(line["hash"].get<std::string>() == to_hex(decode_stored(r.stored)->hash));
  }
  CHECK_FALSE(verify(l.start, l.end, chains::read(read_back), chains::mixing));
  read_back[5].stored[20] ^= 1;
  CHECK(verify(l.start, l.end, chains::read(read_back), chains::mixing));
}

TEST_CASE("the end of an export names its borders and the signed checkpoint") {
  const auto l = chains::make_log(3);
  const checkpoint c{.at = l.end, .signed_at = lists::at("2026-06-01T00:00:00Z"), .signature = {1, 2}};
  const auto end = json::parse(export_end(l.start, 3, c));
  CHECK(end["first"] == 1);
  CHECK(end["last"] == 3);
  CHECK(end["checkpoint"]["signature"] == "0102");
  CHECK(end["checkpoint"]["hash"] == to_hex(l.end.hash));
  CHECK_FALSE(json::parse(export_end(l.start, 3, {})).contains("checkpoint"));
}

TEST_CASE("text and JSON show the same record; octets that are none are refused") {
  const auto l = chains::make_log(1);
  CHECK(show(l.records[0].stored, show_as::text)->find("#1") != std::string::npos);
  CHECK(json::parse(show(l.records[0].stored, show_as::json).value())["recordNumber"] == 1);
  CHECK_FALSE(show(bytes(5), show_as::text));
}
