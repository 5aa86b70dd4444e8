// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/block_transfer.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw::dlms {

void block_transfer::reset() noexcept {
  data_.clear();
  next_ = 1;
}

expected<std::optional<bytes_view>> block_transfer::add(const block& b) {
  if (b.number == 1 && next_ != 2) reset();
  if (next_ > 1 && b.number == next_ - 1) return std::nullopt;
  if (b.number != next_) {
    reset();
    return fail(errc::conflict, "a block is missing");
  }
  if (next_ == 1) data_.clear();
  if (data_.size() + b.data.size() > max_telegram) {
    reset();
    return fail(errc::exhausted, "blocks exceed the longest telegram");
  }
  put(data_, b.data);
  ++next_;
  if (!b.last) return std::nullopt;
  next_ = 1;
  return bytes_view{data_};
}

std::vector<bytes> split_into_blocks(bytes_view whole, std::size_t size) {
  std::vector<bytes> blocks;
  std::uint16_t number = 0;
  do {
    const auto part = whole.first(std::min(size, whole.size()));
    whole = whole.subspan(part.size());
    put_block(blocks.emplace_back(),
              {.last = whole.empty(), .streaming = !whole.empty(), .number = ++number, .data = part});
  } while (!whole.empty());
  return blocks;
}

}  // namespace smgw::dlms
