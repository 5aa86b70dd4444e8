// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/evaluation.hpp"
#include "domain/profile/gateway.hpp"
#include "domain/profile/han.hpp"
#include "domain/profile/log.hpp"
#include "domain/profile/meter.hpp"
#include "domain/profile/problem.hpp"
#include "domain/profile/proxy.hpp"
#include "domain/profile/time.hpp"
#include "domain/profile/wan.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Profiles: JSON text in, checked values out. Each document says what it is: `"profile": "meter"`.
namespace smgw::profile {

inline constexpr std::size_t max_document = 1U << 20;  ///< octets of one profile (ours)
inline constexpr std::size_t max_profiles = 1024;      ///< documents of one set (ours)
inline constexpr std::size_t max_problems = 200;       ///< further ones are only counted in the last (ours)
inline constexpr std::size_t max_depth = 16;           ///< nesting of JSON (ours; the schemas need 7)

/// Everything the gateway is told, loaded together, references resolved.
struct profile_set {
  gateway self;
  profile::log log;
  std::vector<meter> meters;
  std::vector<wan> wans;
  std::vector<evaluation> evaluations;
  std::vector<han> hans;
  std::vector<proxy> proxies;
  std::optional<profile::time> time;

  [[nodiscard]] const lmn_port* find_port(std::string_view id) const noexcept;
  [[nodiscard]] const meter* find_meter(const device_id& id) const noexcept;
  [[nodiscard]] const wan* find_wan(std::string_view id) const noexcept;
  [[nodiscard]] const evaluation* find_evaluation(std::string_view id) const noexcept;
  [[nodiscard]] const han* find_han(std::string_view id) const noexcept;
  /// The proxy profile with this `localServerName`.
  [[nodiscard]] const proxy* find_proxy(std::string_view local_server_name) const noexcept;
  [[nodiscard]] const wan* administrator() const noexcept;
  [[nodiscard]] std::vector<const meter*> meters_on(std::string_view port) const;
  [[nodiscard]] std::vector<const evaluation*> evaluations_of(const device_id& meter, const obis& r) const;
  friend bool operator==(const profile_set&, const profile_set&) = default;
};

/// The set, or everything that is wrong with it; never both.
struct loaded {
  std::optional<profile_set> set;
  problems found;
};

/// Reads and checks documents by name (file name -> JSON text). Reports all problems at once, sorted by name.
[[nodiscard]] loaded load(const std::map<std::string, std::string>& documents);

enum class profile_kind : std::uint8_t { gateway, meter, wan, evaluation, log, han, proxy, time };
[[nodiscard]] std::string_view to_string(profile_kind k) noexcept;
enum class change_kind : std::uint8_t { created, updated, deleted };

/// One difference between two sets; each becomes a ledger record (event 5001).
struct change {
  change_kind what = change_kind::updated;
  profile_kind kind = profile_kind::gateway;
  std::string id;
  std::vector<std::string> consumers;  ///< whose log it concerns
  bool billing = false;                ///< belongs into the calibration log
  friend bool operator==(const change&, const change&) = default;
};
[[nodiscard]] std::vector<change> diff(const profile_set& old, const profile_set& fresh);

}  // namespace smgw::profile
