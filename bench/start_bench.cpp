// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The claim: from the start of the program to the first stored reading it takes less than a second, also after SIGKILL
// with 100,000 readings in the store. The meter sends ten telegrams a second and the registration period is a second,
// and the program starts a quarter of a second before a slot: a slot is settled 0.6 s after its instant (its window and
// the delivery latency), which no gateway can hurry. Writes to the working directory: where /tmp is memory, a sync
// there says nothing. usage: start_bench [READINGS]

#include "actors/platform/assembly.hpp"
#include "actors/platform/console.hpp"
#include "meter.hpp"
#include "store/database.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

const auto meter_name = *device_id::parse("1SMG0000000001");
constexpr auto period = 1s;

[[noreturn]] void give_up(std::string_view why) {
  std::cerr << why << "\n";
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

/// The running program; its lines are read here.
struct running {
  pid_t pid = -1;
  int out = -1;
};

running start(const fs::path& configuration) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("no pipe");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], 1);
    ::dup2(ends[1], 2);
    ::execl(SMGW_PROGRAM, SMGW_PROGRAM, "run", "--config", configuration.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

/// Seconds until a line holds `part`; what was read goes into `text`.
double until(const running& gateway, std::string_view part, steady::time_point from, std::string& text) {
  std::array<char, 4096> some{};
  while (text.find(part) == text.npos) {
    const auto n = ::read(gateway.out, some.data(), some.size());
    if (n <= 0) give_up("the gateway ended:\n" + text);
    text.append(some.data(), static_cast<std::size_t>(n));
  }
  return std::chrono::duration<double>(steady::now() - from).count();
}

void end(running& gateway, int signal) {
  ::kill(gateway.pid, signal);
  ::waitpid(gateway.pid, nullptr, 0);
  ::close(gateway.out);
}

/// Until a quarter of a second before a full second.
void await_phase() {
  const auto now = std::chrono::system_clock::now();
  std::this_thread::sleep_until(std::chrono::ceil<std::chrono::seconds>(now + 250ms) - 250ms);
}

/// Puts readings of the past into the store, as the gateway would have: 1,000 in a sync.
void fill(const sim::world& world, std::size_t readings, timestamp until_when) {
  const auto keys = platform::open_key_store("soft:keys.sealed", world.data());
  if (!keys) give_up(keys.error().what);
  auto db = platform::open_store(world.data(), **keys);
  if (!db) give_up(db.error().what);
  auto target = std::chrono::floor<std::chrono::seconds>(until_when) - period * readings;
  for (std::size_t done = 0; done < readings;) {
    store::batch changes;
    for (std::size_t i = 0; i < 1000 && done < readings; ++i, ++done, target += period) {
      list_entry entry{.target = target, .value = {}, .signature = {}};
      entry.value = {.meter = meter_name,
                     .register_name = {{1, 0, 1, 8, 0, 255}},
                     .value = {static_cast<std::int64_t>(done), -1},
                     .measured = unit::watt_hour,
                     .captured = target,
                     .status = {}};
      changes.append(period, entry);
    }
    if (const auto r = db->commit(changes, store::durability::synced); !r) give_up(r.error().what);
  }
}

void measure(const std::string& label, const fs::path& folder, std::size_t readings, bool killed) {
  std::vector<double> up, first;
  for (int i = 0; i < 5; ++i) {
    const auto here = folder / std::to_string(i);
    fs::create_directories(here);
    auto meter = sim::meter::start({.id = meter_name, .seed = 1, .interval = 100ms});
    if (!meter) give_up(meter.error().what);
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto world = sim::make_world({.folder = here,
                                        .gateway = *device_id::parse("ESMG0000000001"),
                                        .meters = {{meter_name, "127.0.0.1", (*meter)->port(), ""}},
                                        .emt_port = 9,
                                        .period = period,
                                        .billing = 24h,
                                        .delivery = 1h,
                                        .window = 100ms,
                                        .now = now - period * readings});
    if (!world) give_up(world.error().what);
    if (readings != 0) fill(*world, readings, now);
    if (killed) {
      std::string text;
      auto victim = start(world->configuration());
      (void)until(victim, ": stored ", steady::now(), text);
      end(victim, SIGKILL);
    }
    std::string text;
    await_phase();
    const auto from = steady::now();
    auto gateway = start(world->configuration());
    up.push_back(until(gateway, "gateway: running", from, text));
    first.push_back(until(gateway, ": stored ", from, text));
    end(gateway, SIGTERM);
  }
  std::ranges::sort(up);
  std::ranges::sort(first);
  std::cout << std::format("{:<48} {:>9.3f} {:>9.3f} {:>9.3f}\n", label, up[2], first[2], first[4]);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto readings = static_cast<std::size_t>(argc > 1 ? std::max(1, std::atoi(argv[1])) : 100'000);
  const fs::path top = fs::current_path() / "start_bench.data";
  fs::remove_all(top);  // of a run that was broken off
  std::cout << "seconds from exec, medians of five (goal: below 1; 0.85 of it is the slot itself)\n"
            << std::format("{:<48} {:>9} {:>9} {:>9}\n", "", "running", "stored", "slowest");
  measure("empty store", top / "empty", 0, false);
  measure(std::format("{} readings, after SIGKILL", readings), top / "killed", readings, true);
  fs::remove_all(top);
  return 0;
}
