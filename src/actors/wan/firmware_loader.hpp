// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/interfaces/foundation.hpp"
#include "actors/interfaces/wan.hpp"
#include "actors/root.hpp"

namespace smgw {

/// PROPOSED: the certificate that manifests are signed with lies under this name beside the profiles (GWH).
inline constexpr std::string_view manufacturer_certificate = "manufacturer-sig.pem";
inline constexpr std::string_view firmware_state_name = "firmware/progress";
/// One request of an image. A lost connection costs no more than this.
inline constexpr std::uint64_t image_part = std::uint64_t{128} << 10;
/// So long a started image has to be confirmed; then the old one comes back (ours).
inline constexpr std::chrono::minutes trial_time{15};

struct firmware_parts {
  std::function<std::shared_ptr<const tree_parts>()> current;
  store_actor store;
  ledger_actor ledger;
  std::string product = "smgw";
};

struct firmware_core;
struct firmware_state {
  std::shared_ptr<firmware_core> core;
  static inline const char* name = "firmware";
};

/// An update in the steps of domain/firmware: only what the manufacturer signed and the administrator ordered, never
/// older than what runs; fetched in parts, going on where it was; started on trial, confirmed or rolled back.
[[nodiscard]] firmware_actor::behavior_type firmware_loader(firmware_actor::stateful_pointer<firmware_state> self,
                                                            firmware_parts parts);

}  // namespace smgw
