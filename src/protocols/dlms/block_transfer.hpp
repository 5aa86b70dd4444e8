// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dlms/apdu.hpp"

namespace smgw::dlms {

/// Puts the blocks of a general block transfer together (IEC 62056-5-3, GBT protocol). Pushes are sent without
/// confirmation, so a block that is lost cannot be asked for: the telegram is dropped, and the next first block begins
/// anew.
class block_transfer {
 public:
  block_transfer() { data_.reserve(max_telegram); }

  /// The APDU, once its last block came: valid until the next call. Nothing: more blocks are to come, or the block
  /// came a second time. conflict: a block is missing, or the first one was not seen. exhausted: max_telegram.
  [[nodiscard]] expected<std::optional<bytes_view>> add(const block& b);
  /// Forgets what came so far.
  void reset() noexcept;
  [[nodiscard]] bool pending() const noexcept { return next_ > 1; }

 private:
  bytes data_;
  std::uint32_t next_ = 1;  // wider than the number, so that 65535 has a successor
};

/// An APDU as blocks of at most `size` octets each, numbered from 1, unconfirmed: one block APDU an entry.
[[nodiscard]] std::vector<bytes> split_into_blocks(bytes_view whole, std::size_t size);

}  // namespace smgw::dlms
