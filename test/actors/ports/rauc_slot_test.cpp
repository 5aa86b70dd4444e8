// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include <smgw/linux_ports.hpp>

#include <catch2/catch_test_macros.hpp>
#include <sys/stat.h>

#include <cstdlib>
#include <format>
#include <fstream>

using namespace smgw;

namespace {

namespace fs = std::filesystem;

/// What RAUC tells of the slot that does not run.
struct other_slot {
  std::string version = "2.0", installed = "2026-03-01T10:00:00Z", activated;
};

/// RAUC's command line in the words of its version 1.13, over what the test says of the slots; the image's tests have
/// the real one.
struct rauc_machine {
  fs::path folder = [] {
    std::string pattern = (fs::temp_directory_path() / "smgw-rauc-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return fs::path(pattern);
  }();
  std::shared_ptr<ports::update_slot> slots;

  rauc_machine() {
    const auto program = folder / "rauc";
    std::ofstream(program) << "#!/bin/sh\ncd '" << folder.string() << "' || exit 1\necho \"$*\" >>asked\n"
                           << "case $1,$2 in\n"
                           << "  status,--detailed) cat status ;;\n"
                           << "  info,*) echo '{\"update\":{\"version\":\"2.0\"}}' ;;\n"
                           << "  install,* | status,mark-*) ;;\n"
                           << "  *) exit 1 ;;\nesac\n";
    REQUIRE(::chmod(program.c_str(), 0700) == 0);
    slots = linux_ports::rauc({.program = program, .folder = folder / "image"});
  }
  ~rauc_machine() { fs::remove_all(folder); }
  rauc_machine(const rauc_machine&) = delete;
  rauc_machine& operator=(const rauc_machine&) = delete;

  void tell(const std::string& primary, const other_slot& other, const std::string& running = "1.0") const {
    const auto activated =
        other.activated.empty() ? "" : std::format(R"("activated":{{"timestamp":"{}","count":1}},)", other.activated);
    std::ofstream(folder / "status") << std::format(
        R"({{"compatible":"smgw","booted":"a","boot_primary":"{}","slots":[)"
        R"({{"rootfs.0":{{"class":"rootfs","bootname":"a","state":"booted","boot_status":"good",)"
        R"("slot_status":{{"bundle":{{"version":"{}"}},"status":"ok"}}}}}},)"
        R"({{"rootfs.1":{{"class":"rootfs","bootname":"b","state":"inactive","boot_status":"bad",)"
        R"("slot_status":{{"bundle":{{"version":"{}"}},"installed":{{"timestamp":"{}","count":1}},{}"status":"ok"}}}}}}]}})",
        primary, running, other.version, other.installed, activated);
  }
  [[nodiscard]] std::string staged() const {
    const auto state = slots->inspect();
    REQUIRE(state);
    return state->staged;
  }
};

}  // namespace

TEST_CASE("a firmware is staged until its trial, and no longer when it has fallen back") {
  const rauc_machine m;
  m.tell("rootfs.0", {});
  CHECK(m.staged() == "2.0");
  CHECK(m.slots->inspect()->running == "1.0");
  CHECK(m.slots->inspect()->confirmed);

  m.tell("rootfs.1", {.activated = "2026-03-01T10:05:00Z"});  // it starts next
  CHECK(m.staged() == "2.0");
  CHECK(m.slots->activate());

  m.tell("rootfs.0", {.activated = "2026-03-01T10:05:00Z"});  // it has failed
  CHECK(m.staged().empty());
  const auto again = m.slots->activate();
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::conflict);

  m.tell("rootfs.0", {.version = "2.1", .installed = "2026-03-02T09:00:00Z", .activated = "2026-03-01T10:05:00Z"});
  CHECK(m.staged() == "2.1");
}

TEST_CASE("the firmware before the running one is not staged") {
  const rauc_machine m;
  m.tell("rootfs.0", {.version = "1.0", .installed = "2026-01-01T08:00:00Z", .activated = "2026-01-01T08:00:00Z"},
         "2.0");
  CHECK(m.staged().empty());
  CHECK(m.slots->inspect()->running == "2.0");
}

TEST_CASE("what was installed just now is staged, though the clock was set back since the trial before") {
  const rauc_machine m;
  m.tell("rootfs.0", {.installed = "1970-01-01T00:10:00Z", .activated = "2026-03-01T10:05:00Z"});
  CHECK(m.staged().empty());
  REQUIRE(m.slots->begin(4));
  REQUIRE(m.slots->write(bytes{1, 2, 3, 4}));
  REQUIRE(m.slots->finish() == "2.0");
  CHECK(m.staged() == "2.0");
  CHECK(m.slots->activate());
  CHECK(m.staged().empty());
}

TEST_CASE("what is not RAUC's JSON says so") {
  const rauc_machine m;
  std::ofstream(m.folder / "status") << "nothing";
  const auto state = m.slots->inspect();
  REQUIRE_FALSE(state);
  CHECK(state.error().code == errc::malformed);
}
