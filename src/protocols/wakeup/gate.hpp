// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wakeup/packet.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace smgw::wakeup {

/// What the gate is told once. The window and the permitted schemes are configuration (detail specification 2.1).
struct gate_rules {
  device_id own;
  std::size_t half = 32;           ///< octets of r and s on the curve of GWA_WAN_SIG_CRT
  std::chrono::seconds window{0};  ///< largest difference between the packet's time and the gateway's
  std::vector<scheme> permitted{scheme::ecdsa_plain_sha256};
  time_order order = time_order::least_significant_first;
  /// Verifications cost a public-key operation each: at most this many in any minute of the monotonic clock.
  std::size_t verifications_per_minute = 10;
  std::chrono::milliseconds pause{0};  ///< between two verifications at least: a flood does not use up a minute at once
};

/// Verifies plain r‖s over the digest of `covered` with the key of GWA_WAN_SIG_CRT; untrusted.
using verify_function = std::function<expected<void>(scheme s, bytes_view covered, bytes_view signature)>;

/// Decides which datagrams wake the gateway: cheap tests first, then the signature, and no packet twice.
/// Nothing is ever sent back, whatever arrives.
class gate {
 public:
  /// `last`: the time of the last packet accepted, from before a restart.
  gate(gate_rules rules, verify_function verify, std::optional<timestamp> last = {});

  /// malformed, unsupported; denied (another gateway, a scheme that is not permitted); unavailable (the own clock is
  /// not valid: `legal` is empty); expired (outside the window); conflict (not newer than the last one accepted);
  /// exhausted (too many verifications); untrusted (signature).
  [[nodiscard]] expected<packet> check(bytes_view datagram, std::optional<timestamp> legal, time_point now);
  /// To be kept across a restart.
  [[nodiscard]] std::optional<timestamp> last() const noexcept { return last_; }

 private:
  [[nodiscard]] bool may_verify(time_point now);
  gate_rules rules_;
  verify_function verify_;
  std::optional<timestamp> last_;
  std::vector<time_point> verified_;  ///< within the last minute
};

}  // namespace smgw::wakeup
