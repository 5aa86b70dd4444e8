// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/delivery_document.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "domain/privacy/pseudonym.hpp"
#include "protocols/cosem/delivery_json.hpp"

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

/// Takes the first max_delivery_values entries out of a list that is too long: two results, each with its own period.
tariff::result cut_front(tariff::result& r) {
  const auto end = r.entries.begin() + static_cast<std::ptrdiff_t>(max_delivery_values);
  auto rest = std::vector<list_entry>(std::make_move_iterator(end), std::make_move_iterator(r.entries.end()));
  r.entries.erase(end, r.entries.end());
  auto front = r;
  front.to = front.entries.back().target;
  r.entries = std::move(rest);
  r.from = front.to;
  return front;
}

}  // namespace

obis profile_name(unsigned taf) {
  // 0x20 + TAF is seen for 1 and 7 (CONEXA), 0x3F for 10 (a delivery in the field); the others follow the first rule.
  const auto f = taf == 10 ? 0x3FU : 0x20U + taf;
  return {{1, 0, 94, 49, 128, static_cast<std::uint8_t>(f)}};
}

std::vector<std::vector<tariff::result>> split_deliveries(std::vector<tariff::result> results) {
  std::vector<std::vector<tariff::result>> deliveries;
  std::size_t values = 0;
  const auto put = [&](tariff::result&& r) {
    const bool fits = !deliveries.empty() && deliveries.back().size() < cosem::max_channels &&
                      values + r.entries.size() <= max_delivery_values && deliveries.back().back().to == r.to;
    if (!fits) {
      deliveries.emplace_back();
      values = 0;
    }
    values += r.entries.size();
    deliveries.back().push_back(std::move(r));
  };
  for (auto& r : results) {
    while (r.entries.size() > max_delivery_values) put(cut_front(r));
    put(std::move(r));
  }
  return deliveries;
}

namespace {

/// `source` yields the logical device a result belongs to; of an empty one, that of the whole delivery.
template <class Source>
expected<bytes> document(const std::vector<tariff::result>& results, Source source, profile::body_format format) {
  if (results.empty()) return fail(errc::internal, "a delivery without results");
  cosem::delivery d{profile_name(results.front().taf), source(device_id{}), {}};
  for (const auto& r : results) d.channels.push_back({r.register_name, source(r.meter), r.entries});
  SMGW_TRY(const auto text, format == profile::body_format::json ? cosem::write_json(d) : cosem::write(d));
  const auto octets = as_bytes(text);
  return bytes(octets.begin(), octets.end());
}

}  // namespace

expected<bytes> delivery_document(const std::vector<tariff::result>& results, profile::body_format format) {
  const auto name = [&](const device_id& meter) {
    return meter.empty() ? device_name(results.front().contract) : meter.lower() + ".sm";
  };
  return document(results, name, format);
}

expected<bytes> pseudonymous_document(std::vector<tariff::result> results,
                                      const std::function<std::string(std::string_view device)>& name,
                                      profile::body_format format) {
  privacy::strip(results);
  const auto source = [&](const device_id& meter) { return name(meter.empty() ? std::string_view{} : meter.text()); };
  return document(results, source, format);
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
