// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/delivery_document.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/cosem/delivery.hpp"

#include <algorithm>
#include <format>

namespace smgw::metering {
namespace {

/// `taf7-1` as it may stand in a logical device name: lower case letters, digits, dot and hyphen.
std::string device_name(std::string_view id) {
  std::string name;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    const bool capital = c >= 'A' && c <= 'Z';
    name.push_back(plain ? c : capital ? static_cast<char>(c - 'A' + 'a') : '-');
  }
  return name + ".sm";
}

}  // namespace

obis profile_name(unsigned taf) {
  // 0x20 + TAF is seen for 1 and 7 (CONEXA), 0x3F for 10 (a delivery in the field); the others follow the first rule.
  const auto f = taf == 10 ? 0x3FU : 0x20U + taf;
  return {{1, 0, 94, 49, 128, static_cast<std::uint8_t>(f)}};
}

expected<bytes> delivery_document(const std::vector<tariff::result>& results) {
  if (results.empty()) return fail(errc::internal, "a delivery without results");
  cosem::delivery d{profile_name(results.front().taf), device_name(results.front().contract), {}};
  for (const auto& r : results)
    d.channels.push_back(
        {r.register_name, r.meter.empty() ? device_name(r.contract) : r.meter.lower() + ".sm", r.entries});
  SMGW_TRY(const auto text, cosem::write(d));
  const auto octets = as_bytes(text);
  return bytes(octets.begin(), octets.end());
}

std::uint32_t count_values(const std::vector<tariff::result>& results) {
  std::size_t n = 0;
  for (const auto& r : results) n += r.entries.size();
  return static_cast<std::uint32_t>(n);
}

std::string describe(const std::vector<tariff::result>& results) {
  auto from = timestamp::max();
  auto to = timestamp::min();
  for (const auto& r : results) {
    from = std::min(from, r.from);
    to = std::max(to, r.to);
  }
  return std::format("TAF {} {}: {} values from {} to {}", results.front().taf, results.front().contract,
                     count_values(results), to_iso8601(from), to_iso8601(to));
}

}  // namespace smgw::metering
