// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: an opened wireless telegram, link layer to exact values, costs at most 10,000 instructions in mode 5 and
// 15,000 in mode 7, and a fifth of what wmbusmeters 3.0 takes, without allocation. Its numbers: callgrind, gcc 12 -O2,
// one key a meter, in a loop in memory over captures of the same collection (mixed 174,586 instructions, mode 5
// 186,531, mode 7 251,108; 35,000, 39,600 and 31,500 telegrams a second; about 227 allocations each).

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/wmbus/readings.hpp"
#include "protocols/wmbus/transmit.hpp"
#include "rounds.hpp"

#include <nlohmann/json.hpp>

#include <deque>
#include <fstream>
#include <memory>

using namespace smgw;
using namespace smgw::wmbus;

namespace {

constexpr double peer_mixed = 174'586;
constexpr double peer_mode5 = 186'531;
constexpr double peer_mode7 = 251'108;

// A water meter: twelve records, about 90 octets on the air.
const std::string_view records_hex =
    "0c13670512004c1361100300426cbf2ccc081344501100c2086cdf28326cffff046d0813cf2902fd1700000b3b290200025a6800";
const sender who{{0x36682268, 0x4493, 0x35, 0x07}, {}, 0x44, 0x72, 0, true};

/// A telegram and the meter that it is of.
struct arrival {
  bytes frame;
  frame_format format = frame_format::a;
  meter_state meter;
};
using arrivals = std::deque<arrival>;  // a meter's state does not move

receiver radio;

std::size_t open_all(arrivals& all) {
  std::array<std::uint8_t, max_frame> buffer;
  std::size_t records = 0;
  for (auto& a : all) {
    a.meter.counter.reset();  // the same telegram again
    const auto plain = strip(a.format, a.frame, buffer);
    const auto t = radio.open(*plain, a.meter, nullptr, {});
    if (t.result != verdict::accepted) std::abort();
    auto reader = t.records();
    mbus::record r;
    while (reader.next(r).value_or(false)) ++records;
  }
  return records;
}

bench::job job_of(const char* name, std::shared_ptr<arrivals> all, double most, double peer) {
  bench::job j{.name = name, .telegrams = all->size(), .most_instructions = most, .peer_instructions = peer};
  for (const auto& a : *all) j.octets += a.frame.size();
  j.round = [all] { return open_all(*all); };
  return j;
}

std::shared_ptr<arrivals> simulated(int mode) {
  const auto all = std::make_shared<arrivals>();
  auto key = meter_cipher::make(secret{16}).value();
  const auto records = from_hex(records_hex).value();
  for (std::uint32_t i = 1; i <= 200; ++i) {
    const auto m = mode == 0   ? plain_message(who, records)
                   : mode == 5 ? mode5_message(who, key, records).value()
                   : mode == 7 ? mode7_message(who, key, i, records).value()
                               : mode10_message(who, key, i, records).value();
    auto& a = all->emplace_back();
    a.frame = with_crc(frame_format::a, frames_of(who, m).value()[0]).value();
    a.meter.key = meter_cipher::make(secret{16}).value();
    a.meter.policy.authenticated_only = false;
  }
  return all;
}

// Captures that are read to the end; `mode`: those with a key in this security mode, or all.
std::shared_ptr<arrivals> captured(std::optional<int> mode) {
  const auto all = std::make_shared<arrivals>();
  std::ifstream in(SMGW_SOURCE_DIR "/test/vectors/wmbus/public.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto row = nlohmann::json::parse(line);
    const auto& tpl = row["expected"]["tpl"];
    if (mode && (!row.contains("key_hex") || tpl["sec_mode"] != *mode)) continue;
    arrival a{.frame = from_hex(row["frame_hex"].get<std::string>()).value_or(bytes{}),
              .format = frame_format::stripped,
              .meter = {}};
    a.meter.policy.authenticated_only = false;
    a.meter.policy.accept_decrypted = true;
    const auto key = from_hex(row.value("key_hex", "")).value_or(bytes{});
    if (key.size() == key_size) a.meter.key = meter_cipher::make(secret{bytes_view{key}}).value();
    std::array<std::uint8_t, max_frame> buffer;
    const auto plain = strip(a.format, a.frame, buffer);
    if (!plain || radio.open(*plain, a.meter, nullptr, {}).result != verdict::accepted) continue;
    all->push_back(std::move(a));
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run(argc, argv,
                    {job_of("plain", simulated(0), 0, 0), job_of("mode5", simulated(5), 10'000, peer_mode5),
                     job_of("mode7", simulated(7), 15'000, peer_mode7), job_of("mode10", simulated(10), 15'000, 0),
                     job_of("captured", captured({}), peer_mixed / 5, peer_mixed),
                     job_of("captured5", captured(5), peer_mode5 / 5, peer_mode5),
                     job_of("captured7", captured(7), peer_mode7 / 5, peer_mode7)});
}
