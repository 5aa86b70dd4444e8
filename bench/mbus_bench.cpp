// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a wired frame, check sum to exact values with units, is read faster than libmbus parses its structure
// (724,000 frames/s, 7,706 instructions each), without allocation.

#include "base/hex.hpp"
#include "protocols/mbus/response.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace smgw;

namespace {

std::vector<bytes> load(const char* path) {
  std::vector<bytes> frames;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    if (row["expected"]["verdict"] == "accept") frames.push_back(from_hex(row["frame_hex"].get<std::string>()).value());
  }
  return frames;
}

[[gnu::noinline]] std::size_t read_all(const std::vector<bytes>& frames) {
  std::size_t records = 0;
  for (const auto& frame : frames) {
    bytes_view in = frame;
    const auto link = mbus::take_wired(in);
    const auto answer = mbus::read_response(*link);
    mbus::record_reader reader{answer->records};
    mbus::record r;
    while (reader.next(r).value_or(false)) ++records;
  }
  return records;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 2000;
  const auto frames = load(SMGW_SOURCE_DIR "/test/vectors/mbus/wired_public.jsonl");
  if (frames.empty()) return 1;
  std::size_t octets = 0;
  for (const auto& f : frames) octets += f.size();
  const auto start = std::chrono::steady_clock::now();
  std::size_t records = 0;
  for (int i = 0; i < rounds; ++i) records += read_all(frames);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const auto n = static_cast<double>(frames.size()) * rounds;
  std::printf("%zu frames of %.0f octets and %.1f records: %.0f frames/s, %.1f MB/s\n", frames.size(),
              static_cast<double>(octets) / static_cast<double>(frames.size()), static_cast<double>(records) / n,
              n / took.count(), static_cast<double>(octets) * rounds / took.count() / 1e6);
  return 0;
}
