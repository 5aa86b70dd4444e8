// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/messages/lmn.hpp"

#include <map>

namespace smgw {

/// Meters without a profile that are remembered on one port; more are counted only.
inline constexpr std::size_t max_strangers = 1024;

/// Who was heard on one port, and how it went.
class roster {
 public:
  static constexpr std::chrono::hours silence{1};
  roster(std::string port, const std::vector<device_id>& with_profile);

  /// The meter of this index gave values.
  void accepted(std::size_t meter, timestamp when);
  /// A frame of the meter gave none.
  void refused(std::size_t meter, frame_fault why, timestamp when);
  /// Whether people should hear of this fault now: not if they did within `silence`, however often it came and went.
  /// Who floods a port must not flood the log.
  [[nodiscard]] bool worth_telling(std::size_t meter, frame_fault why, timestamp when);
  void strength(std::size_t meter, std::optional<int> rssi_dbm);
  /// A meter without a profile; true if it is a new one.
  bool stranger(const std::string& who, timestamp when, std::optional<int> rssi_dbm = {});
  /// Octets of nobody.
  void noise(frame_fault why) { ++faults_[static_cast<std::size_t>(why)]; }

  [[nodiscard]] const std::string& name(std::size_t meter) const { return meters_[meter].meter; }
  [[nodiscard]] std::optional<frame_fault> last_fault(std::size_t meter) const { return meters_[meter].last_fault; }
  /// All of the port together.
  [[nodiscard]] std::int64_t count(frame_fault f) const noexcept { return faults_[static_cast<std::size_t>(f)]; }
  [[nodiscard]] std::int64_t telegrams() const noexcept { return accepted_; }
  [[nodiscard]] std::int64_t foreign() const noexcept { return foreign_; }
  [[nodiscard]] std::vector<heard_meter> list() const;

 private:
  std::string port_;
  using by_fault = std::array<std::optional<timestamp>, frame_faults>;
  std::vector<heard_meter> meters_;
  std::vector<by_fault> told_;  ///< when people heard of each fault of each meter
  std::map<std::string, heard_meter> strangers_;
  std::array<std::int64_t, frame_faults> faults_{};
  std::int64_t accepted_ = 0, foreign_ = 0;
};

}  // namespace smgw
