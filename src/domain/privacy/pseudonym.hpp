// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/tariff/contract.hpp"

#include <array>
#include <functional>

/// What leaves without a name (overview 14; PP-0073 FPR_PSE.1).
namespace smgw::privacy {

/// HMAC-SHA-256 under a key that never leaves the gateway, passed in by whoever has one.
using mac_function = std::function<std::array<std::uint8_t, 32>(bytes_view)>;

inline constexpr std::size_t pseudonym_length = 16;  ///< 80 bits in base32
/// A pseudonym stands where a logical device stands, with this ending in place of `.sm`.
inline constexpr std::string_view pseudonym_suffix = ".ps";

/// For whom and for how long a pseudonym holds. Two recipients cannot compare theirs; one cannot follow a household
/// from one epoch into the next.
struct audience {
  std::string usage_point;
  std::string recipient;  ///< id of the WAN profile
  timestamp epoch{};      ///< begin of the billing period
};

/// PROPOSED: base32(HMAC(K, usage point ‖ 00 ‖ recipient ‖ 00 ‖ epoch ‖ 00 ‖ subject))[0..15] + `.ps`, in lower case so
/// that it may stand in a logical name. `subject` tells the devices behind one usage point apart; empty: the usage
/// point itself.
[[nodiscard]] std::string pseudonym(const audience& for_whom, std::string_view subject, const mac_function& mac);

/// The epoch of an instant: the billing period it lies in.
[[nodiscard]] timestamp epoch_of(const profile::evaluation& e, timestamp at, const calendar::legal_time& zone);

/// Takes out of results what would name the device although its id is replaced: inner signatures, which only the
/// gateway's certificate verifies, and notes.
void strip(std::vector<tariff::result>& results);

/// Lower-case base32 (RFC 4648, without padding).
[[nodiscard]] std::string base32(bytes_view data);

}  // namespace smgw::privacy
