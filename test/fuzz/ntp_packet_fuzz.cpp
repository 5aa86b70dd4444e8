// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/ntp/client.hpp"
#include "protocols/ntp/server.hpp"

#include <algorithm>
#include <cstdlib>

using namespace smgw;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
  if (const auto p = ntp::decode(in); p && !std::ranges::equal(ntp::encode(*p), in)) std::abort();
  ntp::client c;
  (void)c.request(now, time_point{}, 0x0102030405060708);
  const auto m = c.feed(in, now, time_point{} + std::chrono::seconds{1}, size % 2 == 0);
  if (m && *m && (*m)->maximum_error < std::chrono::milliseconds{0}) std::abort();
  if (const auto a = ntp::answer(in, now, now, {.synchronised = size % 2 == 0}); a && !ntp::decode(*a)) std::abort();
  return 0;
}
