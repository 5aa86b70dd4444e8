// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/ledger/chain.hpp"

namespace smgw::ledger {

inline constexpr std::uint32_t checkpoint_records = 256;
inline constexpr std::chrono::hours checkpoint_age{24};

/// A signed statement that a chain ended here: whoever holds it can prove later changes. PROPOSED.
struct checkpoint {
  head at;
  timestamp signed_at{};
  bytes signature;  ///< by the gateway's SIG key over `to_be_signed`, plain r‖s
  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};
/// The octets a checkpoint's signature covers.
[[nodiscard]] bytes to_be_signed(const head& at, timestamp signed_at);
/// Signs through the function given (the key never comes here).
using sign_function = std::function<expected<bytes>(bytes_view)>;
[[nodiscard]] expected<checkpoint> make_checkpoint(const head& at, timestamp now, const sign_function& sign);
[[nodiscard]] bytes encode(const checkpoint& c);
[[nodiscard]] expected<checkpoint> decode_checkpoint(bytes_view in);

/// 256 records or 24 hours after the last one, whichever comes first; never without new records.
[[nodiscard]] bool checkpoint_due(const head& now_at, const std::optional<checkpoint>& last, timestamp now) noexcept;

}  // namespace smgw::ledger
