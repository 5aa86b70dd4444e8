// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "mbus_slaves.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/record_writer.hpp"
#include "radio.hpp"

#include <algorithm>
#include <limits>

namespace smgw::sim {
namespace {

constexpr std::uint8_t volume_in_litres = 0x13;
constexpr std::uint8_t without_fcb = 0xCF;  // frame count bit and its validity
constexpr std::uint8_t snd_nke = 0x40;
constexpr std::uint8_t req_ud2 = 0x4B;
constexpr std::uint8_t rsp_ud = 0x08;
constexpr std::uint8_t test_address = 254;
constexpr std::size_t max_delay = 24;  // characters: 11 to 330 bit times (EN 13757-2, 5.5), and shorter than a telegram

/// What one slave says to one frame.
bytes answer(mbus_slave& s, const mbus::wired_frame& f, timestamp now) {
  if (const auto whom = mbus::read_selection(f)) {
    s.selected = whom->covers(s.id);
    return s.selected ? bytes{mbus::acknowledge_octet} : bytes{};
  }
  const bool by_selection = f.address == mbus::selected_address && s.selected;
  if (f.kind != mbus::wired_kind::short_frame || (f.address != s.primary && f.address != test_address && !by_selection))
    return {};
  switch (f.control & without_fcb) {
    case snd_nke:
      if (by_selection) s.selected = false;
      return {mbus::acknowledge_octet};
    case req_ud2: return s.telegram(now);
    default: return {};
  }
}

/// What the wires carry from the first start bit on.
class collision {
 public:
  void add(bytes_view said, std::size_t delay) {
    if (said.empty()) return;
    begin_ = std::min(begin_, delay);
    if (octets_.size() < delay + said.size()) octets_.resize(delay + said.size(), 0xFF);
    for (std::size_t i = 0; i < said.size(); ++i) octets_[delay + i] &= said[i];
  }
  [[nodiscard]] bytes heard() const {
    return {octets_.begin() + static_cast<std::ptrdiff_t>(std::min(begin_, octets_.size())), octets_.end()};
  }

 private:
  bytes octets_;
  std::size_t begin_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace

std::size_t mbus_slave::delay() const noexcept { return seed % max_delay; }

bytes mbus_slave::telegram(timestamp at) const {
  bytes data;
  put_le(data, id.id);
  put_le(data, id.manufacturer);
  put(data, bytes{id.version, id.type, 1, 0, 0, 0});
  const auto litres = radio_meter{.id = id, .seed = seed}.litres(at);
  SMGW_ASSERT(mbus::put_number(data, mbus::coding::int32, {}, bytes{volume_in_litres}, litres));
  return mbus::long_frame(rsp_ud, primary, 0x72, data);
}

bytes mbus_slaves::hear(bytes_view in, timestamp now) {
  put(pending_, in);
  bytes_view left = pending_;
  bytes wires;
  while (!left.empty()) {
    const auto frame = mbus::take_wired(left);
    if (!frame && frame.error().code == errc::truncated && left.size() < mbus::max_wired_frame) break;
    if (!frame) {
      left = left.subspan(1);  // noise
      continue;
    }
    collision met;  // a master that says something more has given up waiting
    for (auto& s : slaves_) {
      const auto said = answer(s, *frame, now);
      met.add(said, said.size() == 1 ? 0 : s.delay());
    }
    wires = met.heard();
  }
  pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(left.size()));
  return wires;
}

}  // namespace smgw::sim
