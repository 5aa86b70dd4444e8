// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "front_panel.hpp"

namespace acme {

using smgw::ports::lamp;

smgw::expected<void> front_panel::show(const smgw::ports::lamps& now) {
  unsigned bits = 0;
  for (const auto l : {now.power, now.wan, now.wired, now.wireless}) bits = bits << 2U | static_cast<unsigned>(l);
  const std::scoped_lock lock(guard_);
  latch_ = static_cast<std::uint8_t>(bits);
  return {};
}

smgw::ports::lamps front_panel::seen() const {
  const std::scoped_lock lock(guard_);
  const auto at = [this](unsigned shift) { return static_cast<lamp>(latch_ >> shift & 3U); };
  return {at(6), at(4), at(2), at(0)};
}

}  // namespace acme
