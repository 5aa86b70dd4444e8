// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Readouts by IEC 62056-21 and P1 from the octets of the line to exact quantities: readouts, allocations.
// Instructions: valgrind --tool=callgrind --toggle-collect='work*' build/release/bench/d0_bench 1000 [case]

#include "base/hex.hpp"
#include "malloc_count.hpp"
#include "protocols/d0/reader.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace smgw;
using namespace smgw::d0;

namespace {

struct meter {
  std::string name;
  bytes frame;
  reader line{{.pause = default_pause, .accept_damaged = true}};
  std::uint64_t sum = 0;
  std::size_t values = 0;
};

[[gnu::noinline]] void work(meter& m) {
  bytes_view in = m.frame;
  while (auto got = m.line.feed(in, {})) {
    if (!*got) continue;
    line_cursor lines{(*got)->data};
    while (auto line = lines.next()) {
      if (!*line) continue;
      if (const auto name = name_of((*line)->code)) m.sum += name->code[2];
      while (const auto v = (*line)->next()) {
        ++m.values;
        if (const auto q = quantity_of(*v)) m.sum += static_cast<std::uint64_t>(q->number.value);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const std::string_view only = argc > 2 ? argv[2] : "";
  std::printf("%-52s %6s %8s %12s %10s %12s\n", "readout", "bytes", "values", "readouts/s", "MB/s", "allocations");
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/d0/d0_public.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    meter m{.name = row.at("name"), .frame = *from_hex(row.at("frame_hex").get<std::string>())};
    if (!only.empty() && m.name != only) continue;
    work(m);
    work(m);  // a readout without trailer ends with the one behind it
    m.values = 0;
    const auto before = allocations;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work(m);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const auto per_second = rounds / took.count();
    std::printf("%-52s %6zu %8zu %12.0f %10.1f %12.2f\n", m.name.c_str(), m.frame.size(),
                m.values / static_cast<std::size_t>(rounds), per_second,
                per_second * static_cast<double>(m.frame.size()) / 1e6,
                static_cast<double>(allocations - before) / rounds);
  }
}
