// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/transparency.hpp"

#include "base/check.hpp"
#include "domain/calendar/periods.hpp"
#include "domain/status/status.hpp"
#include "protocols/trudi/document.hpp"

#include <algorithm>

namespace smgw::metering {
namespace {

trudi::value value_of(const list_entry& e) {
  return {.level = e.value.value,
          .captured = e.value.captured,
          .target = e.target,
          .status = e.value.status,
          .grade = status::ptb_grade(e.value.status),
          .signature = e.signature};
}

/// Medium of a device id (DIN 43849): which service it measures.
trudi::service service_of(const device_id& meter) {
  switch (meter.empty() ? '1' : meter.text().front()) {
    case '7': return trudi::service::gas;
    case '8':
    case '9': return trudi::service::water;
    case '4':
    case '6': return trudi::service::heat;
    case '5': return trudi::service::cold;
    default: return trudi::service::electricity;
  }
}

std::optional<trudi::list> original(const original_values& o, const transparency& t) {
  trudi::block b{.from = t.from, .to = t.to, .values = {}};
  auto measured = unit::none;
  for (const auto& e : o.entries) {
    if (e.target < t.from || e.target > t.to || !status::has_value(e.value.status)) continue;
    b.values.push_back(value_of(e));
    measured = e.value.measured;
  }
  if (b.values.empty()) return std::nullopt;
  return trudi::list{.meter = std::string(o.meter.text()),
                     .register_name = o.register_name,
                     .source = std::string(o.meter.text()),
                     .measured = measured,
                     .period = o.period,
                     .original = true,
                     .blocks = {std::move(b)}};
}

/// All meters of an evaluation, as they are combined.
std::string meters_of(const profile::evaluation& e) {
  std::string all;
  for (const auto& in : e.inputs) {
    const auto next = (all.empty() ? "" : in.sign < 0 ? "-" : "+") + std::string(in.meter.text());
    if (all.size() + next.size() > trudi::max_id) break;
    all += next;
  }
  return all;
}

/// Each register of the billing rows as a list: one block a period, with its one value.
expected<std::vector<trudi::list>> registers(const transparency& t) {
  std::vector<trudi::list> lists;
  if (t.billing.empty()) return lists;
  const auto first = t.billing.front().at;
  SMGW_TRY(auto zone, calendar::legal_time::load());
  const calendar::periods all(t.what.billing, t.what.valid_from, std::move(zone));
  auto from = std::max(all.current(first - std::chrono::milliseconds{1}), t.what.valid_from);
  for (const auto& row : t.billing) {
    for (const auto& e : row.registers) {
      auto found = std::ranges::find(lists, e.value.register_name, &trudi::list::register_name);
      if (found == lists.end())
        found = lists.insert(lists.end(), {.meter = meters_of(t.what),
                                           .register_name = e.value.register_name,
                                           .source = t.what.id,
                                           .measured = e.value.measured,
                                           .period = {},
                                           .original = false,
                                           .blocks = {}});
      found->blocks.push_back({.from = from, .to = row.at, .values = {value_of(e)}});
    }
    from = row.at;
  }
  return lists;
}

trudi::log_entry log_of(const ledger::record& r) {
  return {.number = r.number,
          .parent = r.parent == r.number ? 0 : r.parent,
          .repetitions = r.repetitions,
          .level = static_cast<std::uint8_t>(r.level),
          .outcome = static_cast<std::uint8_t>(r.outcome),
          .at = r.at,
          .event = static_cast<std::uint32_t>(r.id),
          .vendor = r.vendor,
          .text = r.text};
}

}  // namespace

expected<std::string> transparency_document(const transparency& t) {
  const auto taf = t.what.taf;
  if (taf != 1 && taf != 2 && taf != 6 && taf != 7)
    return fail(errc::unsupported, "the transparency software knows TAF 1, 2, 6 and 7");
  trudi::document d;
  d.kind = service_of(t.what.inputs.empty() ? device_id{} : t.what.inputs.front().meter);
  d.usage_point = t.what.usage_point;
  d.customer = t.what.consumer;
  d.invoicing_party = t.what.invoicing_party;
  if (d.invoicing_party.empty() && !t.what.recipients.empty()) d.invoicing_party = t.what.recipients.front().wan;
  d.smgw = t.gateway.text();
  d.firmware = t.firmware;
  d.certificate.content = t.certificate;
  d.tariff = t.what.tariff.empty() ? t.what.id : t.what.tariff;
  for (const auto& o : t.originals)
    if (auto l = original(o, t)) d.lists.push_back(std::move(*l));
  if (d.lists.size() == 2 && t.what.inputs.size() == 2 && taf <= 2)
    d.math = trudi::combination{.first = 0, .second = 1, .subtract = t.what.inputs[1].sign < 0};
  if (taf <= 2) {
    SMGW_TRY(auto derived, registers(t));
    std::ranges::move(derived, std::back_inserter(d.lists));
  }
  if (d.lists.empty()) return fail(errc::unavailable, "there are no values in that time");
  for (const auto& r : t.log) d.log.push_back(log_of(r));
  return trudi::write(d);
}

}  // namespace smgw::metering
