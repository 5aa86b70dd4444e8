// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A search by secondary addresses on a bus that says anything: it ends, by itself or after its steps; it never speaks
// while it listens; and whom it found did answer alone. Each piece of the input is a length octet and what the bus says
// next; length 0: silence until the search is tired of it; FF: the bus was used for something else.

#include "base/check.hpp"
#include "protocols/mbus/secondary.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::mbus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes_view in{data, size};
  search s{{.patience = std::chrono::milliseconds{100}, .quiet = std::chrono::milliseconds{50}, .most_steps = 300}};
  time_point now{};
  expected<search::output> out = s.start(now);
  unsigned calls = 0;
  while (out && !out->done) {
    SMGW_ASSERT(out->wake_at.has_value());
    SMGW_ASSERT(++calls < 100'000);
    const std::size_t n = in.empty() ? 0 : in[0];
    if (!in.empty()) in = in.subspan(1);
    if (n == 0) {
      now = std::max(now, *out->wake_at);
      out = s.tick(now);
      continue;
    }
    if (n == 0xFF) {
      if (s.between_steps()) out = s.again(now);
      continue;
    }
    const auto heard = in.first(std::min(n, in.size()));
    in = in.subspan(heard.size());
    now += std::chrono::milliseconds{1};
    const bool alone = s.between_steps() && heard.size() == 1 && heard[0] == acknowledge_octet;
    out = s.feed(heard, now);
    SMGW_ASSERT(out && out->found.empty() && alone == !out->transmit.empty());
  }
  SMGW_ASSERT(s.counted().selections <= 300);
  SMGW_ASSERT(!s.between_steps() && s.again(now).transmit.empty());
  return 0;
}
