// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Any octets through the stream readers and the decoder of pushes. The first octet picks transport and piece size.

#include "base/check.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"
#include "protocols/dlms/records.hpp"

#include <algorithm>

using namespace smgw;
using namespace smgw::dlms;

namespace {

struct world {
  reader line;
  push_decoder decoder;
  cipher keys{secret{bytes_view{bytes(16, 1)}}, secret{bytes_view{bytes(16, 2)}}};
  counter_state counters;
};

void take(world& w, const expected<telegram>& t) {
  if (!t) return;
  SMGW_ASSERT(!t->apdu.empty() && t->apdu.size() <= max_telegram);
  const auto p = w.decoder.decode(t->apdu, &w.keys, &w.counters);
  if (!p || !*p) return;
  record_cursor records{(**p).body()};
  record r;
  std::size_t n = 0;
  while (records.next(r)) ++n;
  SMGW_ASSERT(n <= axdr::max_elements);
  SMGW_ASSERT(records.status() || (**p).body().empty());  // decode() has checked the body as a whole
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  bytes_view in{data + 1, size - 1};
  world w{.line = reader{static_cast<transport>(data[0] & 3)}, .decoder = {}, .counters = {}};
  const std::size_t step = (data[0] & 4) != 0 ? 1U + (data[0] >> 3) : 4096U;
  time_point now{};
  while (!in.empty()) {
    auto piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    while (auto t = w.line.feed(piece, now)) take(w, *t);
    SMGW_ASSERT(piece.empty());
    now += std::chrono::milliseconds{10};
  }
  now += std::chrono::hours{1};
  while (auto t = w.line.tick(now)) take(w, *t);
  SMGW_ASSERT(!w.line.wake_at());
  return 0;
}
