// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/port_slot.hpp"

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <thread>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// A device whose `finish` takes as long as the test wants.
struct slow_slot final : ports::update_slot {
  expected<ports::firmware_state> inspect() override { return ports::firmware_state{}; }
  expected<void> begin(std::uint64_t) override { return {}; }
  expected<void> write(bytes_view) override { return {}; }
  expected<std::string> finish() override {
    began.set_value();
    end.get_future().wait();
    return "2.0";
  }
  expected<void> activate() override { return {}; }
  expected<void> confirm() override { return {}; }
  std::promise<void> began, end;
};

}  // namespace

TEST_CASE("slots are at work while a call is under way, for as long as that is believed") {
  const auto device = std::make_shared<slow_slot>();
  const auto slots = platform::one_at_a_time(device);
  CHECK_FALSE(platform::at_work(slots.get(), 1min));
  CHECK_FALSE(platform::at_work(nullptr, 1min));
  CHECK_FALSE(platform::at_work(device.get(), 1min));  // nobody watches a bare device
  expected<std::string> version;
  std::jthread installs([&] { version = slots->finish(); });
  device->began.get_future().wait();
  CHECK(platform::at_work(slots.get(), 30min));
  CHECK_FALSE(platform::at_work(slots.get(), 0min));  // it has had its time: now it hangs
  device->end.set_value();
  installs.join();
  CHECK(version == "2.0");
  CHECK_FALSE(platform::at_work(slots.get(), 30min));
}
