// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What is heard on the ports.

#include "actors/discipline.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace smgw {

/// Why a frame of a meter gave no values: each is a different thing to do for who looks after the meter.
enum class frame_fault : std::uint8_t {
  no_frame,     ///< torn, or lengths that contradict each other
  bad_crc,      ///< damaged on the way
  no_key,       ///< encrypted, and the profile has no key
  mac_wrong,    ///< the authentication does not verify: another key, or forged
  implausible,  ///< decrypted to nonsense: another key
  replayed,     ///< authentic, but heard before
  unprotected,  ///< less protection than the profile asks for
  unsupported,  ///< a form that is not read here
  silent,       ///< asked, and did not answer
};
inline constexpr std::size_t frame_faults = 9;
[[nodiscard]] std::string_view to_string(frame_fault f) noexcept;

/// One meter on a port, with a profile or without.
struct heard_meter {
  std::string port;
  std::string meter;  ///< device id, or as the meter calls itself
  bool profile = false;
  std::int64_t telegrams = 0;  ///< frames that were its own
  std::int64_t accepted = 0;   ///< of them, with values
  std::array<std::int64_t, frame_faults> faults{};
  std::optional<timestamp> last;          ///< frame
  std::optional<frame_fault> last_fault;  ///< of the last frame; nothing: it was good
  std::optional<int> rssi_dbm;
};

/// Tell which meters were heard.
struct query_heard {};
/// Those with a profile, and strangers, in the order of their ports.
struct heard_list {
  std::vector<heard_meter> meters;
};

}  // namespace smgw

SMGW_MESSAGE(query_heard)
SMGW_MESSAGE(heard_list)
