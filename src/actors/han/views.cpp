// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/views.hpp"

#include "actors/metering/delivery_document.hpp"
#include "domain/calendar/periods.hpp"

#include <algorithm>
#include <set>

namespace smgw::han {
namespace {

http::role role_of(profile::han_role r) {
  switch (r) {
    case profile::han_role::consumer: return http::role::consumer;
    case profile::han_role::technician: return http::role::technician;
    case profile::han_role::cls: return http::role::cls;
  }
  return http::role::cls;
}

std::string medium_of(status::meter_kind k) {
  return k == status::meter_kind::gas ? "gas" : k == status::meter_kind::wireless ? "wireless" : "electricity";
}

bool bills(const profile::evaluation& e) { return e.taf >= 1 && e.taf <= 6; }

/// Billing periods of the past and the one that runs, oldest first.
std::vector<period_view> periods_of(const profile::evaluation& e, timestamp now) {
  std::vector<period_view> out;
  const auto zone = calendar::legal_time::load();
  if (!bills(e) || !zone || !e.billing.valid()) return out;
  const calendar::periods all(e.billing, e.valid_from, *zone);
  const auto end = e.valid_until ? std::min(*e.valid_until, now) : now;
  for (auto to = end; to > e.valid_from && out.size() < max_periods;) {
    const auto from = std::max(all.current(to - std::chrono::milliseconds{1}), e.valid_from);
    out.insert(out.begin(), {from, to});
    to = from;
  }
  return out;
}

contract_view contract_of(const profile::evaluation& e, timestamp now) {
  contract_view c;
  c.id = e.id;
  c.taf = e.taf;
  c.tariff = e.tariff;
  c.usage_point = e.usage_point;
  c.consumer = e.consumer;
  for (const auto& i : e.inputs) c.inputs.push_back({i.meter, i.register_name, i.sign});
  c.register_name = e.register_name;
  c.profile_name = metering::profile_name(e.taf);
  c.period = e.period;
  if (bills(e)) c.billing = billing_span{e.billing.months, e.billing.days, e.billing.seconds};
  c.from = e.valid_from;
  c.until = e.valid_until;
  for (const auto& s : e.stages) c.stages.push_back({s.number, s.description});
  for (const auto& r : e.recipients) c.recipients.push_back({r.wan, r.pseudonym});
  c.periods = periods_of(e, now);
  return c;
}

}  // namespace

party party_of(const profile::profile_set& profiles, const profile::han& who, timestamp now) {
  party p;
  p.who = role_of(who.role);
  p.user = who.user.empty() ? who.id : who.user;
  if (p.who != http::role::consumer) return p;
  p.consumer = who.consumer;
  std::map<device_id, std::set<obis>> registers;
  for (const auto& e : profiles.evaluations) {
    if (e.consumer != who.consumer) continue;
    p.contracts.push_back(contract_of(e, now));
    for (const auto& i : e.inputs) registers[i.meter].insert(i.register_name);
  }
  for (const auto& [id, names] : registers) {
    const auto* m = profiles.find_meter(id);
    if (m == nullptr) continue;
    meter_view v{id, medium_of(m->medium), m->period, {}};
    for (const auto& r : m->registers)
      if (names.contains(r.name)) v.registers.push_back({r.name, r.measured});
    p.meters.push_back(std::move(v));
  }
  return p;
}

record_view view_of(const ledger::record& r) {
  record_view v;
  v.number = r.number;
  v.parent = r.parent;
  v.repetitions = r.repetitions;
  v.event = static_cast<std::uint32_t>(r.id);
  v.sub_event = r.sub_id;
  v.seconds_index = r.seconds_index;
  v.at = r.at;
  v.level = static_cast<unsigned>(r.level);
  v.success = r.outcome == ledger::outcome::success;
  v.vendor = r.vendor;
  v.subject = r.subject;
  v.user = r.user;
  v.destination = r.destination;
  v.text = r.text;
  v.extensions = r.extensions;
  v.evidence = r.evidence;
  return v;
}

std::vector<std::string> consumers_of(const profile::profile_set& profiles) {
  std::set<std::string> all;
  for (const auto& e : profiles.evaluations) all.insert(e.consumer);
  return {all.begin(), all.end()};
}

}  // namespace smgw::han
