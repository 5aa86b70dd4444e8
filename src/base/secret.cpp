// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/secret.hpp"

#include <atomic>

namespace smgw {

void wipe(std::span<std::uint8_t> memory) noexcept {
  for (volatile auto& octet : memory) octet = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

bool equal_constant_time(bytes_view a, bytes_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace smgw
