// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/roster.hpp"

#include "base/check.hpp"

namespace smgw {

std::string_view to_string(frame_fault f) noexcept {
  constexpr std::string_view words[] = {"no frame", "bad CRC",     "no key",      "MAC wrong", "implausible",
                                        "replayed", "unprotected", "unsupported", "silent"};
  return words[static_cast<std::size_t>(f)];
}

roster::roster(std::string port, const std::vector<device_id>& with_profile) : port_(std::move(port)) {
  for (const auto& id : with_profile)
    meters_.push_back({.port = port_, .meter = std::string(id.text()), .profile = true});
  told_.resize(meters_.size());
}

void roster::accepted(std::size_t meter, timestamp when) {
  SMGW_ASSERT(meter < meters_.size());
  auto& m = meters_[meter];
  ++m.telegrams;
  ++m.accepted;
  ++accepted_;
  m.last = when;
  m.last_fault.reset();
}

void roster::refused(std::size_t meter, frame_fault why, timestamp when) {
  SMGW_ASSERT(meter < meters_.size());
  auto& m = meters_[meter];
  if (why != frame_fault::silent) {
    ++m.telegrams;
    m.last = when;
  }
  ++m.faults[static_cast<std::size_t>(why)];
  m.last_fault = why;
  noise(why);
}

bool roster::worth_telling(std::size_t meter, frame_fault why, timestamp when) {
  auto& told = told_[meter][static_cast<std::size_t>(why)];
  // A clock that was set back must not silence anything for good.
  if (told && when >= *told && when - *told < silence) return false;
  told = when;
  return true;
}

void roster::strength(std::size_t meter, std::optional<int> rssi_dbm) { meters_[meter].rssi_dbm = rssi_dbm; }

bool roster::stranger(const std::string& who, timestamp when, std::optional<int> rssi_dbm) {
  ++foreign_;
  auto found = strangers_.find(who);
  const bool fresh = found == strangers_.end();
  if (fresh && strangers_.size() == max_strangers) return false;
  if (fresh) found = strangers_.emplace(who, heard_meter{.port = port_, .meter = who}).first;
  ++found->second.telegrams;
  found->second.last = when;
  found->second.rssi_dbm = rssi_dbm;
  return fresh;
}

std::vector<heard_meter> roster::list() const {
  auto all = meters_;
  for (const auto& [who, m] : strangers_) all.push_back(m);
  return all;
}

}  // namespace smgw
