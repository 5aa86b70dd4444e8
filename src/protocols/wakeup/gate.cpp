// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/wakeup/gate.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace smgw::wakeup {

gate::gate(gate_rules rules, verify_function verify, std::optional<timestamp> last)
    : rules_(std::move(rules)), verify_(std::move(verify)), last_(last) {}

bool gate::may_verify(time_point now) {
  std::erase_if(verified_, [&](time_point t) { return now - t >= std::chrono::minutes{1}; });
  if (verified_.size() >= rules_.verifications_per_minute) return false;
  if (!verified_.empty() && now - verified_.back() < rules_.pause) return false;
  verified_.push_back(now);
  return true;
}

expected<packet> gate::check(bytes_view datagram, std::optional<timestamp> legal, time_point now) {
  SMGW_TRY(const auto p, parse(datagram, rules_.half, rules_.order));
  if (p.recipient != rules_.own) return fail(errc::denied, "for another gateway");
  if (!legal) return fail(errc::unavailable, "the own time is not valid");
  if (std::chrono::abs(*legal - p.time) > rules_.window) return fail(errc::expired, "outside the time window");
  if (last_ && p.time <= *last_) return fail(errc::conflict, "not newer than the last one");
  SMGW_TRY(const auto used, to_scheme(p.oid));
  if (!std::ranges::contains(rules_.permitted, used)) return fail(errc::denied, "signature algorithm");
  if (!may_verify(now)) return fail(errc::exhausted, "too many verifications");
  SMGW_CHECK(verify_(used, p.covered, p.signature));
  last_ = p.time;
  return p;
}

}  // namespace smgw::wakeup
