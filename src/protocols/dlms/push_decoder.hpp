// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From the telegrams of one meter to its notifications: block transfer, protection, A-XDR check in one place.

#include "protocols/dlms/block_transfer.hpp"
#include "protocols/dlms/security.hpp"

namespace smgw::dlms {

/// One push, ready for record_cursor.
struct push {
  std::variant<notification, event_notification, std::string_view> content;  ///< text: an encrypted P1 telegram
  bytes_view octets;                   ///< the APDU in plain: what was sent, or what the protection held
  std::optional<ciphered> protection;  ///< the ciphered APDU it came in, if it did
  bool authenticated = false;          ///< its tag was there and verified

  /// The A-XDR value; empty for a P1 text.
  [[nodiscard]] bytes_view body() const noexcept;
};

/// The state of one meter between its telegrams. No telegram leaves it in a state that refuses the next one.
class push_decoder {
 public:
  /// Takes one APDU. Nothing: it was a block, and more are to come. The push is valid until the next call, and as long
  /// as `apdu_octets`. `keys` and `counters` may be null. Body and text have been checked as a whole.
  /// Errors as read_apdu, block_transfer, cipher::open (`why` tells its cases apart) and axdr::check.
  [[nodiscard]] expected<std::optional<push>> decode(bytes_view apdu_octets, cipher* keys, counter_state* counters,
                                                     protection_fault* why = nullptr);

 private:
  block_transfer blocks_;
};

}  // namespace smgw::dlms
