// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "audit.hpp"
#include "small_disk.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>

using namespace smgw;
using namespace smgw::test;

namespace fs = std::filesystem;

namespace {

/// So many meters fill what RocksDB has reserved for its log within a minute: only then does the disk count as full.
constexpr std::size_t meters = 8;

/// The gateway's data move to the small disk; its configuration finds them where they were.
void move_data(const house& h, const fs::path& to) {
  fs::copy(h.data(), to, fs::copy_options::recursive);
  fs::remove_all(h.data());
  fs::create_directory_symlink(to, h.data());
}

/// A gateway that has delivered something finds its disk full: the line after the one that says so.
std::size_t run_until_full(process& gateway, const small_disk& disk) {
  REQUIRE(gateway.await_line("acknowledged: TAF 7"));
  disk.fill();
  const auto full = gateway.await_line("not stored, trying again");
  INFO(gateway.text());
  REQUIRE(full);
  return *full;
}

const house_options busy{
    .meters = meters, .interval = 60ms, .window = 100ms, .delivery = 2s, .billing = 6s, .retry = 100ms};

}  // namespace

TEST_CASE("a full disk costs no value: they wait in memory and are stored when there is space", "[process]") {
  const auto disk = small_disk::make(6);
  if (!disk) SKIP("this system gives an ordinary process no user namespace, so no small disk");
  house h(busy);
  move_data(h, disk->path());
  h.open_market();
  announcements told;
  {
    auto gateway = process::run(h.configuration());
    const auto full = run_until_full(gateway, *disk);
    REQUIRE_FALSE(gateway.wait(5s));  // it goes on, and so do the slots
    disk->free();
    const auto again = gateway.await_line(": stored ", full);
    REQUIRE(again);
    REQUIRE(gateway.await_line("acknowledged: TAF 7", *again));
    stop(gateway);
    told.add(gateway.lines());
  }
  audit_lists(h, told);
  for (std::size_t meter = 0; meter < meters; ++meter) CHECK(std::ranges::none_of(original_list(h, meter, 1s), is_gap));
  audit_deliveries(h, 1);
  audit_chains(h);
}

TEST_CASE("a gateway whose disk was full when it was killed starts again and has lost nothing acknowledged",
          "[process]") {
  const auto disk = small_disk::make(6);
  if (!disk) SKIP("this system gives an ordinary process no user namespace, so no small disk");
  house h(busy);
  move_data(h, disk->path());
  h.open_market();
  announcements told;
  {
    auto gateway = process::run(h.configuration());
    run_until_full(gateway, *disk);
    gateway.signal(SIGKILL);
    REQUIRE(gateway.wait(patience) == 128 + SIGKILL);
    told.add(gateway.lines());
  }
  disk->free();
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("acknowledged: TAF 7"));
    stop(gateway);
    told.add(gateway.lines());
  }
  audit_lists(h, told);
  audit_deliveries(h, 1);
  audit_chains(h);
}
