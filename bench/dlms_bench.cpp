// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// DLMS pushes from the octets of the line to records with exact values: telegrams and allocations, plain and protected.
// Instructions: valgrind --tool=callgrind --toggle-collect='work*' build/release/bench/dlms_bench 1000 [case]

#include "base/hex.hpp"
#include "malloc_count.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"
#include "protocols/dlms/records.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace smgw;
using namespace smgw::dlms;

namespace {

struct meter {
  std::string name;
  bytes frame;
  reader line;
  push_decoder decoder;
  cipher keys;
  bool has_keys;
  std::uint64_t sum = 0;  // keeps the work
  std::size_t records = 0;
};

bytes field(const nlohmann::json& row, const char* key) {
  return row.contains(key) ? *from_hex(row.at(key).get<std::string>()) : bytes{};
}

// One telegram through everything; the names of the benchmark's function are what callgrind is told to collect.
[[gnu::noinline]] void work(meter& m) {
  bytes_view in = m.frame;
  const time_point now{};
  while (auto t = m.line.feed(in, now)) {
    if (!*t) continue;
    const auto p = m.decoder.decode((*t)->apdu, m.has_keys ? &m.keys : nullptr, nullptr);
    if (!p || !*p) continue;
    record_cursor records{(**p).body()};
    record r;
    while (records.next(r)) {
      ++m.records;
      if (r.number) m.sum += static_cast<std::uint64_t>(r.number->value);
    }
  }
}

std::vector<meter> meters() {
  std::vector<meter> out;
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/dlms/dlms_public.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    auto frame = field(row, "frame_hex");
    const auto t = guess_transport(frame);
    if (row.at("expected").at("verdict") != "decoded" || t == transport::raw) continue;
    out.push_back(
        {.name = row.at("name"),
         .frame = frame,
         .line = reader{t},
         .decoder = {},
         .keys = cipher{secret{bytes_view{field(row, "key_hex")}}, secret{bytes_view{field(row, "auth_key_hex")}}},
         .has_keys = row.contains("key_hex")});
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const std::string_view only = argc > 2 ? argv[2] : "";
  auto all = meters();
  std::printf("%-52s %6s %8s %12s %10s %12s\n", "telegram", "bytes", "records", "telegrams/s", "MB/s", "allocations");
  double seconds = 0;
  double octets = 0;
  int done = 0;
  for (auto& m : all) {
    if (!only.empty() && m.name != only) continue;
    work(m);  // makes the cipher objects
    m.records = 0;
    const auto before = allocations;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work(m);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const auto per_second = rounds / took.count();
    std::printf("%-52s %6zu %8zu %12.0f %10.1f %12.2f\n", m.name.c_str(), m.frame.size(),
                m.records / static_cast<std::size_t>(rounds), per_second,
                per_second * static_cast<double>(m.frame.size()) / 1e6,
                static_cast<double>(allocations - before) / rounds);
    seconds += took.count();
    octets += static_cast<double>(m.frame.size()) * rounds;
    done += rounds;
  }
  std::printf("all: %.0f telegrams/s, %.1f MB/s, one core\n", done / seconds, octets / seconds / 1e6);
}
