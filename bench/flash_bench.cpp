// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What a day of eight meters writes to flash: quarter hours, TAF 1 and 7 for each, values sent every hour; the real
// tree and store in virtual time, with every sync. Counted by the kernel (/proc/self/io): what the program passes to
// write(), and what of it goes to the storage in whole pages; a file system's own journal is not in it.
// Writes to the working directory: where /tmp is memory, nothing goes to storage. usage: flash_bench [DAYS]

#include "process_cost.hpp"
#include "story.hpp"

#include <cstdlib>
#include <filesystem>
#include <format>
#include <iostream>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;

constexpr int meters = 8;

struct written {
  double passed = static_cast<double>(proc_field("/proc/self/io", "wchar:"));
  double stored = static_cast<double>(proc_field("/proc/self/io", "write_bytes:"));
};

}  // namespace

int main(int argc, char** argv) {
  const int days = argc > 1 ? std::max(1, std::atoi(argv[1])) : 2;
  ::setenv("TMPDIR", std::filesystem::current_path().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  test::story s;
  for (int i = 1; i <= meters; ++i) {
    const auto id = std::format("1SMG{:010}", i);
    s.add_meter(id, 15min);
    for (const unsigned taf : {1U, 7U}) s.add_evaluation(taf, id);
  }
  s.start();
  s.live(2h, 5min);  // the first values
  const written before;
  const auto sent = s.emt.got.size();
  s.live(days * 24h, 5min);
  const written after;
  const auto passed = (after.passed - before.passed) / days, stored = (after.stored - before.stored) / days;
  constexpr double values = meters * 96;
  std::cout << std::format(
      "{} meters, {:.0f} values and {} deliveries a day: {:.2f} MiB passed to write(), {:.2f} MiB to storage\n"
      "{:.0f} octets passed and {:.0f} stored a value; storage {:.1f} times what was passed; {:.1f} GiB a year\n",
      meters, values, (s.emt.got.size() - sent) / static_cast<std::size_t>(days), passed / (1 << 20),
      stored / (1 << 20), passed / values, stored / values, stored / passed, stored * 365 / (1 << 30));
  s.stop();
  return 0;
}
