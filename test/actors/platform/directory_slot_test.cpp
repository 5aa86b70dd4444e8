// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/directory_slot.hpp"

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <fstream>

using namespace smgw;

namespace {

struct folder {
  std::filesystem::path path = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "smgw-slot-XXXXXX").string();
    return std::filesystem::path(::mkdtemp(pattern.data()));
  }();
  ~folder() { std::filesystem::remove_all(path); }
  /// A start of the machine.
  [[nodiscard]] std::unique_ptr<update_slot> start() const { return platform::directory_slot::open(path).value(); }
  [[nodiscard]] std::string boot() const {
    std::ifstream in(path / "boot");
    std::string line;
    std::getline(in, line);
    return line;
  }
};

}  // namespace

TEST_CASE("an image grows over starts, is staged, tried and confirmed; then the other slot is written") {
  const folder f;
  auto slot = f.start();
  CHECK(slot->size().value() == 0);
  REQUIRE(slot->append(bytes{1, 2, 3}));
  slot = f.start();
  CHECK(slot->size().value() == 3);
  REQUIRE(slot->append(bytes{4}));
  CHECK(slot->read(1, 10).value() == bytes{2, 3, 4});
  REQUIRE(slot->activate());
  CHECK(slot->append(bytes{5}).error().code == errc::conflict);
  CHECK(slot->clear().error().code == errc::conflict);
  slot = f.start();
  CHECK(slot->state().value() == slot_state::trial);
  REQUIRE(slot->confirm());
  CHECK(f.boot() == "b");
  CHECK(slot->size().value() == 0);  // slot a now
  REQUIRE(slot->append(bytes{9}));
  CHECK(std::filesystem::exists(f.path / "slot-a"));
}

TEST_CASE("what is not confirmed goes back: by order at once, by a second start without one") {
  const folder f;
  auto slot = f.start();
  REQUIRE(slot->append(bytes{1}));
  REQUIRE(slot->activate());
  REQUIRE(slot->roll_back());  // before it ever ran
  CHECK(f.boot() == "a");
  CHECK(slot->roll_back().error().code == errc::conflict);
  CHECK(slot->confirm().error().code == errc::conflict);

  REQUIRE(slot->activate());
  slot = f.start();
  REQUIRE(slot->roll_back());
  CHECK(f.boot() == "a");

  slot = f.start();
  REQUIRE(slot->activate());
  slot = f.start();  // on trial
  slot = f.start();  // it died before anyone confirmed it
  CHECK(slot->state().value() == slot_state::settled);
  CHECK(f.boot() == "a");
}

TEST_CASE("a boot file of another form is not guessed at") {
  const folder f;
  std::ofstream(f.path / "boot") << "next c after a";
  const auto opened = platform::directory_slot::open(f.path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::malformed);
}
