// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/han/dialects.hpp"
#include "protocols/han/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <format>

namespace smgw::han {
namespace {

using namespace std::chrono;
using object = nlohmann::ordered_json;

/// One client ignores the scaler and takes thousandths for granted.
constexpr int scaler = -3;
constexpr unsigned max_months = 24;

http::response answer_of(const object& content) {
  return json_answer(content.dump(-1, ' ', false, object::error_handler_t::replace));
}
decision refuse(int status, std::string_view why) { return std::unexpected{http::refuse_with(status, why)}; }
decision at_once(const object& content) { return std::unexpected{answer_of(content)}; }

/// The month so many months ago, of UTC, as a window.
std::optional<period_view> month_of(std::string_view index, timestamp now) {
  unsigned n = 0;
  const auto [end, code] = std::from_chars(index.data(), index.data() + index.size(), n);
  if (code != std::errc{} || end != index.data() + index.size() || n > max_months) return std::nullopt;
  const year_month_day today{floor<days>(now)};
  const auto month = today.year() / today.month() - months{n};
  return period_view{sys_days{month / 1}, sys_days{(month + months{1}) / 1}};
}

object value_of(const obis& name, const decimal& value, unit measured, const device_id& meter,
                const std::string& signature) {
  return {{"logical_name", name.hex() + "." + meter.lower() + ".sm"},
          {"scaler", scaler},
          {"unit", static_cast<unsigned>(measured)},
          {"signature", signature},
          {"value", std::to_string(scaled_rounded(value, scaler))}};
}

/// The registers as they stand: of the newest telegram, else of the lists.
decision extended(const meter_view& m) {
  plan out;
  out.need.live = {m.id};
  std::vector<obis> shown;
  for (const auto& r : m.registers) {
    out.need.lists.push_back({m.id, r.name, m.period, timestamp{}, timestamp::max(), 1, true});
    shown.push_back(r.name);
  }
  out.render = [m, shown](const findings& f) {
    object values = object::array();
    timestamp captured{};
    status_word status;
    const auto& live = f.live[0];
    if (live.captured) {
      captured = *live.captured;
      status = live.status;
      for (const auto& v : live.values) values.push_back(value_of(v.name, v.value, v.measured, m.id, "-"));
    } else {
      for (std::size_t i = 0; i < shown.size(); ++i) {
        if (f.lists[i].empty() || !has_value(f.lists[i].back().value.status)) continue;
        const auto& e = f.lists[i].back();
        captured = std::max(captured, e.value.captured);
        status = e.value.status;
        values.push_back(
            value_of(shown[i], e.value.value, e.value.measured, m.id, e.signature.empty() ? "-" : to_hex(e.signature)));
      }
    }
    return answer_of({{"capture_time", to_iso8601(captured)},
                      {"timestamp", to_iso8601(captured)},
                      {"status", bit0_first(status.smgw) + bit0_first(status.meter)},
                      {"values", std::move(values)}});
  };
  return out;
}

decision month_list(const meter_view& m, const period_view& w) {
  plan out;
  for (const auto& r : m.registers) out.need.lists.push_back({m.id, r.name, m.period, w.from, w.to, 0, false});
  out.render = [m](const findings& f) {
    std::map<timestamp, object> rows;
    for (std::size_t i = 0; i < m.registers.size(); ++i)
      for (const auto& e : f.lists[i]) {
        auto& row = rows[e.target];
        if (row.is_null())
          row = {{"timestamp_act", to_iso8601(has_value(e.value.status) ? e.value.captured : e.target)},
                 {"timestamp_nom", to_iso8601(e.target)},
                 {"status", bit0_first(e.value.status.smgw) + bit0_first(e.value.status.meter)}};
        if (!has_value(e.value.status)) continue;
        const bool energy = m.registers[i].measured == unit::watt_hour;
        const decimal shown{e.value.value.value, static_cast<std::int8_t>(e.value.value.scaler - (energy ? 3 : 0))};
        row[m.registers[i].name.hex()] =
            shown.text() + (energy ? " kWh" : " " + std::string(symbol(m.registers[i].measured)));
      }
    object all = object::array();
    for (auto& [at, row] : rows) all.push_back(std::move(row));
    return answer_of(all);
  };
  return out;
}

decision origin(const std::vector<std::string>& s, const party& p, timestamp now) {
  if (s.size() == 3) {
    object ids = object::array();
    for (const auto& m : p.meters) ids.push_back(m.id.lower());
    return at_once(ids);
  }
  const auto* m = p.find_meter(s[3]);
  if (m == nullptr) return refuse(404, "no such meter");
  if (s.size() == 5 && s[4] == "extended") return extended(*m);
  const auto window = month_of(s.size() == 4 ? "0" : s[4], now);
  if (s.size() > 5 || !window) return refuse(404, "extended, or the number of a month: 0 is this one");
  return month_list(*m, *window);
}

object contract_json(const contract_view& c, const party& p) {
  object domains = object::array();
  for (const auto& i : c.inputs)
    if (const auto id = i.meter.lower(); std::ranges::find(domains, object(id)) == domains.end()) domains.push_back(id);
  return {{"active_tariff", 0},
          {"capture_period", c.period.count()},
          {"emt_channel_name", c.recipients.empty() ? "" : c.recipients.front().id},
          {"logical_name",
           (c.inputs.empty() ? c.register_name : c.inputs.front().register_name).hex() + "." + c.id + ".sm"},
          {"metering_point_id", c.usage_point},
          {"sensor_domains", std::move(domains)},
          {"taf_identifier", c.id},
          {"taf_name", c.tariff},
          {"taf_type", "TAF-" + std::to_string(c.taf)},
          {"user_domain", p.consumer + ".sm"},
          {"validity_start", floor<seconds>(c.from).time_since_epoch().count()},
          {"validity_end", c.until ? floor<seconds>(*c.until).time_since_epoch().count() : 0}};
}

/// `taf7-1`, `taf7-1.sm` or the logical name `0100010800ff.taf7-1.sm`.
const contract_view* contract_of(std::string_view name, const party& p) {
  if (const auto* c = p.find_contract(name)) return c;
  const auto dot = name.find('.');
  return dot == name.npos ? nullptr : p.find_contract(name.substr(dot + 1));
}

object unix_period(const period_view& b) {
  return {{"start", floor<seconds>(b.from).time_since_epoch().count()},
          {"end", floor<seconds>(b.to).time_since_epoch().count()}};
}

/// Values of one billing period: levels at its end, or the original values in it.
decision period_values(const contract_view& c, const party& p, const period_view& b) {
  plan out;
  const bool derived = c.taf >= 1 && c.taf <= 5;
  if (derived) {
    out.need.rows = {{c.id, row_kind::derived, b.from, b.to}};
  } else {
    for (const auto& i : c.inputs)
      if (const auto* m = p.find_meter(i.meter.text()))
        out.need.lists.push_back({i.meter, i.register_name, m->period, b.from, b.to + milliseconds{1}, 0, false});
  }
  out.render = [derived](const findings& f) {
    object all = object::array();
    const auto put = [&](const list_entry& e) {
      if (!has_value(e.value.status)) return;
      all.push_back({{"timestamp", to_iso8601(e.target)},
                     {"status", bit0_first(e.value.status.smgw) + bit0_first(e.value.status.meter)},
                     {"logical_name", e.value.register_name.hex()},
                     {"scaler", scaler},
                     {"unit", static_cast<unsigned>(e.value.measured)},
                     {"signature", e.signature.empty() ? "-" : to_hex(e.signature)},
                     {"value", std::to_string(scaled_rounded(e.value.value, scaler))}});
    };
    if (derived) {
      for (const auto& row : f.rows[0])
        for (const auto& e : row.registers) put(e);
    } else {
      for (const auto& list : f.lists)
        for (const auto& e : list) put(e);
    }
    return answer_of(all);
  };
  return out;
}

decision derived(const std::vector<std::string>& s, const party& p) {
  if (s.size() == 3) {
    object ids = object::array();
    for (const auto& c : p.contracts) ids.push_back(c.id + ".sm");
    return at_once(ids);
  }
  const auto* c = contract_of(s[3], p);
  if (c == nullptr) return refuse(404, "no such contract");
  if (s.size() == 4) return at_once(contract_json(*c, p));
  if (s.size() == 5 && (s[4] == "billingperiods" || s[4] == "daily")) {
    object all = object::array();
    if (s[4] == "billingperiods")
      for (const auto& b : c->periods) all.push_back(unix_period(b));
    return at_once(all);
  }
  if (s.size() != 6 || s[4] != "billingperiods") return refuse(404, "no such resource");
  std::size_t n = 0;
  const auto [end, code] = std::from_chars(s[5].data(), s[5].data() + s[5].size(), n);
  if (code != std::errc{} || end != s[5].data() + s[5].size() || n >= c->periods.size())
    return refuse(404, "no such billing period");
  return period_values(*c, p, c->periods[n]);
}

decision system_information() {
  return plan{
      .need = {}, .render = [](const findings& f) {
        return answer_of(
            {{"firmwareversion", f.gateway.version}, {"huid", f.gateway.id.text()}, {"systemtime", to_iso8601(f.now)}});
      }};
}

decision log_of(const period_view& month) {
  plan out;
  out.need.log = log_wish{.from = month.from, .to = month.to, .oldest_first = true};
  out.render = [](const findings& f) {
    constexpr std::array<const char*, 5> levels{"info", "info", "warning", "error", "alert"};
    object all = object::array();
    for (const auto& r : f.log)
      all.push_back({{"level", levels[std::min<std::size_t>(r.level, 4)]},
                     {"outcome", r.success ? "success" : "failure"},
                     {"recordnumber", r.number},
                     {"repetition", r.repetitions - 1},
                     {"text", r.text},
                     {"timestamp", to_iso8601(r.at)},
                     {"vendor", r.vendor}});
    return answer_of(all);
  };
  return out;
}

}  // namespace

dialect_decision plan_emh(const http::request& r, const party& p, timestamp now) {
  if (!r.target.starts_with("/json/")) return std::nullopt;
  const auto t = http::parse_target(r.target);
  if (!t) return refuse(400, t.error().what);
  if (p.who != http::role::consumer) return refuse(403, "for consumers");
  if (r.verb != http::method::get) return refuse(405, "GET");
  const auto& s = t->segments;
  if (s.size() >= 3 && s[1] == "metering" && s[2] == "origin") return origin(s, p, now);
  if (s.size() >= 3 && s[1] == "metering" && s[2] == "derived") return derived(s, p);
  if (s.size() == 2 && s[1] == "systeminformations") return system_information();
  if (s.size() == 3 && s[1] == "conlogbook")
    if (const auto month = month_of(s[2], now)) return log_of(*month);
  return refuse(404, "no such resource");
}

}  // namespace smgw::han
