// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Where the administrator was before its profile changed: until the gateway has reached it under the new address, the
/// old one is not given up. A wrong address would otherwise be the last thing a gateway is ever told.

#include "actors/configuration.hpp"
#include "domain/profile/profile_set.hpp"

namespace smgw::former {

/// Where it is kept; empty octets: the profile in force has worked.
inline constexpr std::string_view state_name = "administrator/former";

/// The administrator's profile, and the certificates it names.
struct documents {
  std::map<std::string, bytes> profiles;  ///< one
  std::map<std::string, bytes> certificates;
  friend bool operator==(const documents&, const documents&) = default;
};

/// Nothing: there is no administrator.
[[nodiscard]] std::optional<documents> documents_of(const configuration& told, const profile::profile_set& set);
/// Whether who is dialled, or how it proves itself, is another.
[[nodiscard]] bool moved(const documents& before, const std::optional<documents>& after);
/// The configuration with the former profile in the place of the one in force.
[[nodiscard]] configuration restored(const configuration& told, const profile::profile_set& set, const documents& d);

[[nodiscard]] bytes encode(const documents& d);
/// malformed: the octets are not of `encode`.
[[nodiscard]] expected<documents> decode(bytes_view octets);

}  // namespace smgw::former
