// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The claim: an idle gateway with two meters takes less than 0.5 % of a core and less than 40 MiB, and hardly wakes up.
// usage: idle_bench [SECONDS]

#include "actors/platform/console.hpp"
#include "meter.hpp"
#include "process_cost.hpp"
#include "world.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
using namespace smgw::bench;
namespace fs = std::filesystem;

struct sample {
  double cpu_seconds = 0;
  std::int64_t wakes = 0;  ///< context switches of all threads
  std::int64_t resident_kib = 0, anonymous_kib = 0;
  std::size_t threads = 0;
};

sample look(pid_t pid) {
  const fs::path proc = "/proc/" + std::to_string(pid);
  sample s;
  s.cpu_seconds = bench::cpu_seconds(pid);
  s.resident_kib = proc_field(proc / "status", "VmRSS:");
  s.anonymous_kib = proc_field(proc / "status", "RssAnon:");
  for (const auto& task : fs::directory_iterator(proc / "task")) {
    ++s.threads;
    s.wakes += proc_field(task.path() / "status", "voluntary_ctxt_switches:") +
               proc_field(task.path() / "status", "nonvoluntary_ctxt_switches:");
  }
  return s;
}

void measure(const std::string& label, const fs::path& folder, std::chrono::milliseconds interval,
             std::chrono::seconds length) {
  auto first = sim::meter::start({.id = *device_id::parse("1SMG0000000001"), .seed = 1, .interval = interval});
  auto second = sim::meter::start({.id = *device_id::parse("1SMG0000000002"),
                                   .seed = 2,
                                   .interval = interval,
                                   .device = (folder / "tty").string()});
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto world =
      sim::make_world({.folder = folder,
                       .gateway = *device_id::parse("ESMG0000000001"),
                       .meters = {{*device_id::parse("1SMG0000000001"), "127.0.0.1", (*first)->port(), ""},
                                  {*device_id::parse("1SMG0000000002"), "", 0, (folder / "tty").string()}},
                       .emt_port = 9,
                       .period = std::chrono::minutes{15},
                       .billing = std::chrono::hours{24},
                       .delivery = std::chrono::hours{1},
                       .window = std::chrono::milliseconds{0},
                       .now = now});
  if (!first || !second || !world) {
    std::cerr << "the world cannot be made: " << (world ? "" : world.error().what) << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe)
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(SMGW_PROGRAM, SMGW_PROGRAM, "run", "--quiet", "--config", world->configuration().c_str(), nullptr);
    ::_exit(127);
  }
  for (int i = 0; i < 100 && !platform::ask_console(world->data(), "status"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  std::this_thread::sleep_for(std::chrono::seconds{2});
  const auto before = look(pid);
  std::this_thread::sleep_for(length);
  const auto after = look(pid);
  ::kill(pid, SIGTERM);
  ::waitpid(pid, nullptr, 0);
  const double seconds = static_cast<double>(length.count());
  const double cpu = 100.0 * (after.cpu_seconds - before.cpu_seconds) / seconds;
  std::cout << std::format("{:<34} {:>7.3f} {:>10.1f} {:>9.1f} {:>9.1f} {:>8}\n", label, cpu,
                           static_cast<double>(after.wakes - before.wakes) / seconds,
                           static_cast<double>(after.resident_kib) / 1024,
                           static_cast<double>(after.anonymous_kib) / 1024, after.threads);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto length = std::chrono::seconds{argc > 1 ? std::max(1, std::atoi(argv[1])) : 20};
  std::string pattern = (fs::temp_directory_path() / "smgw-idle-XXXXXX").string();
  const fs::path top = ::mkdtemp(pattern.data());
  std::cout << "goals: below 0.5 % of a core, below 40 MiB resident\n"
            << std::format("{:<34} {:>7} {:>10} {:>9} {:>9} {:>8}\n", "", "CPU %", "wakes/s", "RSS MiB", "anon MiB",
                           "threads");
  fs::create_directories(top / "a");
  fs::create_directories(top / "b");
  measure("two meters, a telegram a second", top / "a", std::chrono::seconds{1}, length);
  measure("two silent meters", top / "b", std::chrono::hours{1}, length);
  fs::remove_all(top);
  return 0;
}
