// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/model.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

bool reads(const contract_view& c, const device_id& meter, const obis& r) noexcept {
  return std::ranges::any_of(c.inputs, [&](const auto& i) { return i.meter == meter && i.register_name == r; });
}

}  // namespace

std::string_view without_suffix(std::string_view id) noexcept {
  return id.ends_with(".sm") ? id.substr(0, id.size() - 3) : id;
}

const contract_view* party::find_contract(std::string_view id) const noexcept {
  const auto found = std::ranges::find(contracts, without_suffix(id), &contract_view::id);
  return found == contracts.end() ? nullptr : &*found;
}

const meter_view* party::find_meter(std::string_view id) const noexcept {
  const auto asked = device_id::parse(without_suffix(id));
  if (!asked) return nullptr;
  const auto found = std::ranges::find(meters, *asked, &meter_view::id);
  return found == meters.end() ? nullptr : &*found;
}

bool sees(const party& p, const device_id& meter, const obis& register_name, timestamp target) noexcept {
  return p.who == http::role::consumer && std::ranges::any_of(p.contracts, [&](const contract_view& c) {
           return reads(c, meter, register_name) && target >= c.from && (!c.until || target <= *c.until);
         });
}

bool permits(const party& p, const wishes& need) noexcept {
  const bool consumer = p.who == http::role::consumer;
  const auto own_list = [&](const list_wish& w) {
    return std::ranges::any_of(p.contracts, [&](const auto& c) { return reads(c, w.meter, w.register_name); });
  };
  const auto own_contract = [&](const std::string& id) { return p.find_contract(id) != nullptr; };
  const auto own_meter = [&](const device_id& id) {
    return std::ranges::find(p.meters, id, &meter_view::id) != p.meters.end();
  };
  if (!consumer && (!need.lists.empty() || !need.rows.empty() || !need.live.empty() || need.document))
    return false;  // neither technicians nor controllable systems see values
  if (need.log && need.log->system && p.who != http::role::technician) return false;
  if (need.log && !need.log->system && !consumer) return false;
  if (need.self_test && p.who == http::role::cls) return false;
  return std::ranges::all_of(need.lists, own_list) &&
         std::ranges::all_of(need.rows, [&](const row_wish& w) { return own_contract(w.contract); }) &&
         std::ranges::all_of(need.live, own_meter) && (!need.document || own_contract(need.document->contract));
}

}  // namespace smgw::han
