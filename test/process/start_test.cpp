// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Starts that must fail, and say why.
#include "actors/platform/files.hpp"
#include "audit.hpp"
#include "base/octets.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace smgw;
using namespace smgw::test;
namespace fs = std::filesystem;

namespace {

/// Runs `smgw run` that ends by itself.
struct failed_start {
  int code = 0;
  std::string text;
};

failed_start start_fails(const house& h) {
  auto gateway = process::run(h.configuration());
  const auto code = gateway.wait(patience);
  INFO(gateway.text());
  REQUIRE(code.has_value());
  return {*code, gateway.text()};
}

/// Values stored, stopped in order, opened and closed once more, so that tables are on disk.
void fill(house& h) {
  for (int i = 0; i < 2; ++i) {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line(": stored "));
    stop(gateway);
  }
}

void rewrite(const fs::path& file, const std::function<void(bytes&)>& change) {
  auto content = platform::read_file(file, 64U << 20);
  REQUIRE(content);
  change(*content);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << as_text(*content);
  REQUIRE(out.good());
}

std::vector<fs::path> files_ending(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  for (const auto& f : fs::recursive_directory_iterator(folder))
    if (f.is_regular_file() && f.path().extension() == extension) found.push_back(f.path());
  return found;
}

}  // namespace

TEST_CASE("a store whose files were altered does not start", "[process]") {
  house h;
  fill(h);
  const auto tables = files_ending(h.world().data() / "store", ".sst");
  REQUIRE_FALSE(tables.empty());
  for (const auto& table : tables)
    rewrite(table, [](bytes& b) {
      for (std::size_t i = 0; i < b.size(); i += 32) b[i] ^= 1;
    });
  const auto [code, text] = start_fails(h);
  INFO(text);
  CHECK(code == 1);
  CHECK(text.contains("store"));
  CHECK(text.contains(".sst"));
}

TEST_CASE("a storage key that was altered, and a wrong passphrase, do not start", "[process]") {
  house h;
  fill(h);
  const auto key = h.world().data() / "storage.key";
  rewrite(key, [](bytes& b) { b[b.size() / 2] ^= 1; });
  {
    const auto [code, text] = start_fails(h);
    INFO(text);
    CHECK(code == 1);
    CHECK(text.contains("storage.key: the storage key does not open with this key store"));
  }
  rewrite(key, [](bytes& b) { b[b.size() / 2] ^= 1; });
  const auto passphrase = h.world().data() / "keys.sealed.passphrase";
  rewrite(passphrase, [](bytes& b) { b[0] = b[0] == 'x' ? 'y' : 'x'; });
  {
    const auto [code, text] = start_fails(h);
    INFO(text);
    CHECK(code == 1);
    CHECK(text.contains("keys.sealed"));
    CHECK(text.contains("passphrase"));
    CHECK(std::ranges::count(text, '\n') == 1);
  }
}

TEST_CASE("profiles with faults: exit code 2, and all of them with place, reason and remedy", "[process]") {
  house h;
  const auto meter = h.configuration() / "meters/1smg0000000001.json";
  rewrite(meter, [](bytes& b) {
    auto j = nlohmann::json::parse(b);
    j["registration_period_s"] = 7;
    j["registers"][0]["obis"] = "1.8.0.0.0";
    const auto text = j.dump();
    b.assign(text.begin(), text.end());
  });
  rewrite(h.configuration() / "wan/stadtwerk.json", [](bytes& b) {
    auto j = nlohmann::json::parse(b);
    j["peer"] = "nowhere";
    j["colour"] = "blue";
    const auto text = j.dump();
    b.assign(text.begin(), text.end());
  });
  const auto [code, text] = start_fails(h);
  INFO(text);
  CHECK(code == 2);
  CHECK(text.contains("problems in the profiles"));
  CHECK(
      text.contains("meters/1smg0000000001.json /registration_period_s: the period does not divide the hour. Use 900"));
  CHECK(text.contains("meters/1smg0000000001.json /registers/0/obis: "));
  CHECK(text.contains("wan/stadtwerk.json /peer: "));
  CHECK(text.contains("wan/stadtwerk.json /colour: "));
}

TEST_CASE("SIGTERM ends the gateway in order", "[process]") {
  house h;
  h.open_market();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("acknowledged: "));
  const auto told = std::chrono::steady_clock::now();
  stop(gateway);
  CHECK(std::chrono::steady_clock::now() - told < 5s);
  CHECK_FALSE(records(h, "system", "the gateway stops").empty());
  CHECK_FALSE(fs::exists(h.world().data() / "console"));
  audit_chains(h);
}

TEST_CASE("SIGTERM ends the gateway within 5 s while it waits for connections that get no answer", "[process]") {
  house h;
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line(": stored "));
    h.deafen_market();
    REQUIRE(eventually([&] { return h.status().dump().contains("connecting"); }));
    stop(gateway);
  }
  h.deafen_meter(0);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  REQUIRE_FALSE(gateway.has_line("lmn0: port"));
  stop(gateway);
}
