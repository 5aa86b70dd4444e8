// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a gateway is told, as text: profiles and the certificates they name. The folder of the configuration is where
/// it begins; what the administrator changes lies in the store, over it.

#include "store/batch.hpp"

#include <map>
#include <string>

namespace smgw {

/// Certificates of one configuration, at most (ours): as many as profiles.
inline constexpr std::size_t max_certificates = 1024;

struct configuration {
  std::map<std::string, std::string> profiles;  ///< JSON by document name
  std::map<std::string, bytes> certificates;    ///< PEM or DER by file name
  std::uint32_t revision = 0;                   ///< grows with each change by the administrator; 0: none yet
  friend bool operator==(const configuration&, const configuration&) = default;
};

/// The changes that lead from one to the other, for one atomic commit: each document gets the new revision. What was
/// removed keeps an empty version, so that the folder's does not come back.
void put_changes(store::batch& into, const configuration& from, const configuration& to);

/// What the store holds, laid over what the folder holds.
[[nodiscard]] configuration overlay(configuration base, const std::vector<store::profile_blob>& stored);

}  // namespace smgw
