// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/stick.hpp"

#include "base/octets.hpp"

namespace smgw::wmbus {

void stick::feed(bytes_view in, const frame_sink& sink) {
  put(pending_, in);
  bytes_view left = pending_;
  while (!left.empty()) {
    auto n = take(left, sink);
    if (n == 0) {
      if (left.size() <= max_stick_message) break;
      n = 1;
      count_damaged();
    }
    left = left.subspan(n);
  }
  pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(left.size()));
}

}  // namespace smgw::wmbus
