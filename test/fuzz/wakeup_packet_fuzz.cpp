// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Wake-up datagrams: what is read is written again as the same octets.

#include "base/check.hpp"
#include "protocols/wakeup/gate.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::wakeup;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  for (const std::size_t half : {std::size_t{32}, std::size_t{48}, std::size_t{64}})
    for (const auto order : {time_order::least_significant_first, time_order::most_significant_first}) {
      const auto p = parse(in, half, order);
      if (!p) continue;
      SMGW_ASSERT(std::ranges::equal(covered_octets(p->recipient, p->time, order), p->covered));
      const auto s = to_scheme(p->oid);
      if (s) SMGW_ASSERT(std::ranges::equal(encode(p->covered, *s, p->signature), in));
      gate g{{.own = p->recipient, .half = half, .window = std::chrono::seconds{1}, .order = order},
             [](scheme, bytes_view, bytes_view) { return expected<void>{}; }};
      const auto accepted = g.check(in, p->time, {});
      SMGW_ASSERT(accepted.has_value() == (s && *s == scheme::ecdsa_plain_sha256));
    }
  return 0;
}
