// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "radio.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/mbus/record_writer.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::sim {
namespace {

constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}
constexpr timestamp installed{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
constexpr std::uint8_t volume_in_litres = 0x13;

}  // namespace

expected<mbus::identity> radio_identity(const device_id& id) {
  const auto text = id.text();
  SMGW_TRY(const auto maker, mbus::manufacturer_code(text.substr(1, 3)));
  mbus::identity who{.manufacturer = maker};
  std::from_chars(text.data() + 4, text.data() + 6, who.version, 16);
  std::from_chars(text.data() + 6, text.data() + 14, who.id, 16);  // BCD
  for (unsigned type = 0; type < 0x40; ++type) {
    who.type = static_cast<std::uint8_t>(type);
    if (const auto back = mbus::device_id_of(who); back && *back == id) return who;
  }
  return fail(errc::malformed, std::string(text) + ": no radio meter has this medium");
}

std::int64_t radio_meter::litres(timestamp at) const noexcept {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(at - installed).count();
  return minutes * static_cast<std::int64_t>(mix(seed) % 5 + 1) / 4;
}

bytes radio_meter::next_frame(timestamp at) {
  bytes records;
  SMGW_ASSERT(mbus::put_number(records, mbus::coding::int32, {}, bytes{volume_in_litres}, litres(at)));
  ++counter;
  const wmbus::sender who{.link = id, .application = {}, .access = static_cast<std::uint8_t>(counter)};
  auto cipher = wmbus::meter_cipher::make(secret{bytes_view{key}}).value();
  const auto message = [&]() -> expected<wmbus::protected_message> {
    switch (mode) {
      case radio_mode::plain: return wmbus::plain_message(who, records);
      case radio_mode::mode5: return wmbus::mode5_message(who, cipher, records);
      case radio_mode::mode7: return wmbus::mode7_message(who, cipher, counter, records);
      case radio_mode::mode10: return wmbus::mode10_message(who, cipher, counter, records);
    }
    return fail(errc::internal);
  }();
  SMGW_ASSERT(message);
  return wmbus::frames_of(who, *message).value().at(0);
}

std::string receiver_line(bytes_view frame) {
  return "T1;1;1;2026-01-01 00:00:00.000;120;95;00000000;0x" + to_hex(frame) + "\n";
}

air::air(options o, std::vector<radio_meter> meters, timestamp start)
    : options_(o), meters_(std::move(meters)), state_(mix(o.seed)) {
  for (std::size_t i = 0; i < meters_.size(); ++i)
    next_.push_back(start + std::chrono::milliseconds{draw() % static_cast<std::uint64_t>(o.interval.count())});
}

std::uint64_t air::draw() noexcept { return mix(state_ += 0x9E3779B97F4A7C15ULL); }

timestamp air::after(timestamp t) noexcept {
  const auto span = options_.interval.count() * options_.jitter_percent / 100;
  const auto shift = span == 0 ? 0 : static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(2 * span)) - span;
  return t + options_.interval + std::chrono::milliseconds{shift};
}

std::vector<bytes> air::pass(timestamp until) {
  struct sending {
    timestamp begin, end;
    bytes frame;
  };
  std::vector<sending> all;
  for (std::size_t i = 0; i < meters_.size(); ++i)
    while (next_[i] < until) {
      auto frame = meters_[i].next_frame(next_[i]);
      // 3 of 6 coding: twelve chips an octet, preamble and CRCs on top.
      const auto chips = 12 * (frame.size() + frame.size() / 8 + 10);
      const auto length = std::chrono::milliseconds{1 + chips * 1000 / options_.chips_per_second};
      all.push_back({next_[i], next_[i] + length, std::move(frame)});
      next_[i] = after(next_[i]);
    }
  std::ranges::sort(all, {}, &sending::begin);
  std::vector<bytes> heard;
  timestamp busy{};  // end of all that began before
  for (std::size_t i = 0; i < all.size(); ++i) {
    ++counters_.sent;
    const bool before = all[i].begin < busy;
    const bool behind = i + 1 < all.size() && all[i + 1].begin < all[i].end;
    busy = std::max(busy, all[i].end);
    if (before || behind) {
      ++counters_.collided;
    } else if (draw() % 100 < options_.loss_percent) {
      ++counters_.lost;
    } else {
      ++counters_.heard;
      heard.push_back(std::move(all[i].frame));
    }
  }
  return heard;
}

}  // namespace smgw::sim
