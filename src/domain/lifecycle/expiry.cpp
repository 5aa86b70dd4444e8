// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/lifecycle/expiry.hpp"

#include <algorithm>
#include <format>

namespace smgw::lifecycle {

std::vector<std::string> expiry_warnings(std::span<const certificate_end> all, timestamp now) {
  std::vector<certificate_end> near;
  std::ranges::copy_if(all, std::back_inserter(near),
                       [&](const certificate_end& c) { return c.not_after - now <= expiry_notice; });
  std::ranges::stable_sort(near, {}, &certificate_end::not_after);
  std::vector<std::string> lines;
  for (const auto& c : near) {
    const auto day = std::format("{:%F}", std::chrono::floor<std::chrono::days>(c.not_after));
    const auto left = std::chrono::floor<std::chrono::days>(c.not_after - now).count();
    lines.push_back(c.not_after <= now ? std::format("certificate expired: {}, on {}", c.name, day)
                                       : std::format("certificate expires: {}, on {} (in {} days)", c.name, day, left));
  }
  return lines;
}

std::optional<timestamp> first_end(std::span<const certificate_end> all) {
  const auto first = std::ranges::min_element(all, {}, &certificate_end::not_after);
  if (first == all.end()) return std::nullopt;
  return first->not_after;
}

}  // namespace smgw::lifecycle
