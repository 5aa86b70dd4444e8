// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/octets.hpp"
#include "protocols/han/api.hpp"
#include "protocols/han/dialects.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace smgw::han::test {

using nlohmann::json;
using namespace std::chrono_literals;

inline const timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 15} + 12h};
inline const obis import_register{{1, 0, 1, 8, 0, 255}};

/// A household: one meter, TAF 1 and TAF 7, and a gateway that has its quarter hours of the last day.
struct household {
  device_id meter = *device_id::parse("1SMG0000000001");
  party consumer;
  party technician{.who = http::role::technician, .user = "technician"};
  gateway_view gateway{.id = *device_id::parse("ESMG0000000001"), .version = "0.1.0", .firmware_hash = "ab12"};

  household() {
    consumer.user = "user1";
    consumer.consumer = "consumer1";
    consumer.token = "00ff";
    consumer.meters.push_back({meter, "electricity", 900s, {{import_register, unit::watt_hour}}});
    for (const unsigned taf : {1U, 7U}) {
      contract_view c;
      c.id = "taf" + std::to_string(taf) + "-1";
      c.taf = taf;
      c.tariff = "Strom";
      c.usage_point = "DE0001";
      c.consumer = "consumer1";
      c.inputs = {{meter, import_register, 1}};
      c.register_name = import_register;
      c.profile_name = {{1, 0, 94, 49, 128, static_cast<std::uint8_t>(0x20 + taf)}};
      c.from = noon - 240h;
      c.recipients = {{"emt1", false}};
      if (taf == 1) c.periods = {{noon - 240h, noon}};
      consumer.contracts.push_back(std::move(c));
    }
  }

  [[nodiscard]] list_entry entry(timestamp target) const {
    list_entry e;
    e.target = target;
    const auto quarters = (target - (noon - 240h)) / 15min;
    e.value = {meter, import_register, {1'000'000 + quarters * 2500, -1}, unit::watt_hour, target + 1s, {5, 4}};
    return e;
  }
  /// What a store with every quarter hour up to noon has.
  [[nodiscard]] findings find(const wishes& need) const {
    findings f;
    f.now = noon;
    f.elapsed = 7ms;
    f.gateway = gateway;
    for (const auto& w : need.lists) {
      std::vector<list_entry> list;
      for (auto t = noon - 240h + 15min; t <= noon; t += 15min)
        if (t >= w.from && t < w.to && (w.limit == 0 || w.newest || list.size() < w.limit)) list.push_back(entry(t));
      if (w.newest && list.size() > 1) list = {list.back()};
      f.lists.push_back(std::move(list));
    }
    for (const auto& w : need.rows) {
      std::vector<row_view> rows;
      for (auto t = noon - 240h + 24h; t <= noon; t += 24h)
        if (t >= w.from && t <= w.to) rows.push_back({t, std::nullopt, {entry(t)}});
      f.rows.push_back(std::move(rows));
    }
    for (const auto& id : need.live) {
      live_view v{.meter = id, .captured = noon - 1s, .status = {5, 4}, .ok = true};
      v.values = {{import_register, {17'654'321, -1}, unit::watt_hour},
                  {{{1, 0, 16, 7, 0, 255}}, {4312, -1}, unit::watt}};
      f.live.push_back(std::move(v));
    }
    if (need.log)
      f.log.push_back({.number = 3, .event = 3007, .at = noon - 1h, .vendor = "SMGW", .text = "user1 \"logged\" in"});
    f.document = {'<', 'x', '/', '>'};
    f.self_test = true;
    return f;
  }
  [[nodiscard]] http::response carry_out(const decision& d, const party& p) const {
    if (!d) return d.error();
    REQUIRE(permits(p, d->need));
    return d->render(find(d->need));
  }
  [[nodiscard]] http::response carry_out(const decision& d) const { return carry_out(d, consumer); }
};

inline http::request get(std::string target) {
  return {http::method::get, std::move(target), {{"Host", "x"}}, {}, true};
}
inline http::request post(std::string target, std::string_view body) {
  http::request r{http::method::post, std::move(target), {{"Host", "x"}}, {}, true};
  put(r.body, body);
  return r;
}
inline std::string body_of(const http::response& r) { return std::string{as_text(r.body)}; }
inline json json_of(const http::response& r) { return json::parse(body_of(r)); }

}  // namespace smgw::han::test
