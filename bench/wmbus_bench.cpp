// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: an opened wireless telegram, link layer to exact values, costs at most 10,000 instructions in mode 5 and
// 15,000 in mode 7, without allocation. Telegrams per second here; instructions with
// `valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*open_all*' build/release/bench/wmbus_bench 1000
// 7`.

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/wmbus/readings.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace smgw;
using namespace smgw::wmbus;

namespace {

// A water meter: twelve records, about 90 octets on the air.
const std::string_view records_hex =
    "0c13670512004c1361100300426cbf2ccc081344501100c2086cdf28326cffff046d0813cf2902fd1700000b3b290200025a6800";
const sender who{{0x36682268, 0x4493, 0x35, 0x07}, {}, 0x44, 0x72, 0, true};

struct job {
  const char* name;
  std::vector<bytes> frames;
};

job make(const char* name, int mode, std::size_t count, meter_cipher& key) {
  job j{name, {}};
  const auto records = from_hex(records_hex).value();
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto m = mode == 0   ? plain_message(who, records)
                   : mode == 5 ? mode5_message(who, key, records).value()
                   : mode == 7 ? mode7_message(who, key, i, records).value()
                               : mode10_message(who, key, i, records).value();
    j.frames.push_back(with_crc(frame_format::a, frames_of(who, m).value()[0]).value());
  }
  return j;
}

[[gnu::noinline]] std::size_t open_all(const std::vector<bytes>& frames, receiver& radio, meter_state& meter) {
  std::array<std::uint8_t, max_frame> buffer;
  std::size_t records = 0;
  for (const auto& frame : frames) {
    const auto plain = strip(frame_format::a, frame, buffer);
    const auto t = radio.open(*plain, meter, nullptr, {});
    if (t.result != verdict::accepted) std::abort();
    auto reader = t.records();
    mbus::record r;
    while (*reader.next(r)) ++records;
  }
  return records;
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = argc > 1 ? static_cast<std::size_t>(std::atoi(argv[1])) : 20000U;
  const int only = argc > 2 ? std::atoi(argv[2]) : -1;
  auto key = meter_cipher::make(secret{16}).value();
  std::printf("%-8s %8s %12s %10s %12s\n", "mode", "octets", "telegrams/s", "MB/s", "allocations");
  for (const int mode : {0, 5, 7, 10}) {
    if (only != -1 && only != mode) continue;
    const auto j = make(mode == 0 ? "plain" : mode == 5 ? "5" : mode == 7 ? "7" : "10", mode, count, key);
    receiver radio;
    meter_state meter;
    meter.key = meter_cipher::make(secret{16}).value();
    meter.policy.authenticated_only = false;
    const std::vector<bytes> first(j.frames.begin(), j.frames.begin() + 1);
    (void)open_all(first, radio, meter);  // keys are set up once
    meter.counter.reset();
    const auto before = allocations;
    const auto start = std::chrono::steady_clock::now();
    const auto records = open_all(j.frames, radio, meter);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const auto made = allocations - before;
    const auto size = static_cast<double>(j.frames[0].size());
    const auto rate = static_cast<double>(count) / took.count();
    std::printf("%-8s %8.0f %12.0f %10.1f %12zu   (%zu records each)\n", j.name, size, rate, rate * size / 1e6, made,
                records / count);
  }
  return 0;
}
