// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/han/dialects.hpp"
#include "protocols/han/text.hpp"
#include "protocols/han/theben_parts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace smgw::han::theben {
namespace {

using namespace std::chrono;
using object = nlohmann::ordered_json;

/// All values are integers in tenths of the unit: 0.1 Wh.
constexpr int scaler = -1;
constexpr milliseconds tick{1};
constexpr std::uint32_t max_records_asked = 1500;

unit unit_of(const party& p, const input_view& i) {
  const auto* m = p.find_meter(i.meter.text());
  if (m == nullptr) return unit::none;
  const auto found = std::ranges::find(m->registers, i.register_name, &register_view::name);
  return found == m->registers.end() ? unit::none : found->measured;
}

/// Which lists a database holds; nothing: the original ones.
std::optional<row_kind> rows_of(std::string_view database) {
  if (database == "derived") return row_kind::derived;
  if (database == "calculated") return row_kind::switches;
  if (database == "daily") return row_kind::daily;
  return std::nullopt;
}

void put_reading(std::string& out, const list_entry& e, const std::string& owner) {
  const auto& r = e.value;
  const auto smgw = bit0_first(r.status.smgw), meter = bit0_first(r.status.meter);
  out += "{\"capture-time\":\"" + to_iso8601(has_value(r.status) ? r.captured : e.target) + "\",\"cosem-status\":\"" +
         smgw + meter + "\",\"meter-status\":\"" + meter + "\",\"owner-number\":" + json_text(owner) +
         ",\"signature\":" + (e.signature.empty() ? "null" : '"' + to_hex(e.signature) + '"') + ",\"smgw-status\":\"" +
         smgw + "\",\"target-time\":\"" + to_iso8601(e.target) + "\",\"value\":\"" +
         (has_value(r.status) ? std::to_string(scaled_rounded(r.value, scaler)) : "") + "\"}";
}

struct column {
  obis name;
  std::string owner;
  std::vector<const list_entry*> entries;
};

http::response answer_readings(const findings& f, const std::vector<column>& columns, bool last) {
  std::string out = "{\"channels\":[";
  std::size_t records = 0;
  for (const auto& c : columns) {
    if (out.back() == '}') out += ',';
    out += "{\"obis\":\"" + c.name.hex() + "\",\"readings\":[";
    const auto begin = last && c.entries.size() > 1 ? c.entries.size() - 1 : 0;
    for (auto i = begin; i < c.entries.size(); ++i, ++records) {
      if (i != begin) out += ',';
      put_reading(out, *c.entries[i], c.owner);
    }
    out += "]}";
  }
  return answer_of("readings", f, out + "],\"records\":\"" + std::to_string(records) + "\"}");
}

struct span {
  timestamp from, to;  ///< from < t <= to
  bool last = false;
};

expected<span> span_of(const request& asked, timestamp now) {
  if (asked.last) return span{now - max_span, now, true};
  if (!asked.from) return fail(errc::malformed, "fromtime: is missing");
  const span s{*asked.from, asked.to.value_or(now), false};
  if (s.to < s.from) return fail(errc::malformed, "totime: before fromtime");
  if (s.to - s.from > max_span) return fail(errc::malformed, "totime: more than 31 days after fromtime");
  return s;
}

decision original_readings(const contract_view& c, const party& p, const std::set<obis>& wanted, const span& s) {
  plan out;
  std::vector<column> columns;
  for (const auto& i : c.inputs) {
    if (!wanted.empty() && !wanted.contains(i.register_name)) continue;
    const auto* m = p.find_meter(i.meter.text());
    if (m == nullptr) continue;
    out.need.lists.push_back(
        {i.meter, i.register_name, m->period, s.from + tick, s.to + tick, s.last ? std::size_t{1} : 0, s.last});
    columns.push_back({i.register_name, i.meter.lower() + ".sm", {}});
  }
  out.render = [columns = std::move(columns), last = s.last](const findings& f) mutable {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].entries.clear();
      for (const auto& e : f.lists[i]) columns[i].entries.push_back(&e);
    }
    return answer_readings(f, columns, last);
  };
  return out;
}

decision derived_readings(const contract_view& c, row_kind kind, const std::set<obis>& wanted, const span& s) {
  plan out;
  out.need.rows = {{c.id, kind, s.from + tick, s.to}};
  out.render = [owner = c.id + ".sm", wanted, last = s.last](const findings& f) {
    std::vector<column> columns;
    for (const auto& row : f.rows[0])
      for (const auto& e : row.registers) {
        if (!wanted.empty() && !wanted.contains(e.value.register_name)) continue;
        auto at = std::ranges::find(columns, e.value.register_name, &column::name);
        if (at == columns.end()) at = columns.insert(at, {e.value.register_name, owner, {}});
        at->entries.push_back(&e);
      }
    return answer_readings(f, columns, last);
  };
  return out;
}

object record_of(const record_view& r, const party& p) {
  return {{"event-id", std::to_string(r.event)},
          {"event-sub-id", std::to_string(r.sub_event)},
          {"index", std::to_string(r.number)},
          {"level", std::to_string(r.level)},
          {"message", r.text},
          {"outcome", r.success ? "0" : "1"},
          {"subject-identity", r.subject},
          {"time", to_iso8601(r.at)},
          {"user-identity", "01005e318011." + p.consumer + ".sm"},
          {"vendor-id", r.vendor},
          {"version", "1"}};
}

}  // namespace

decision usage_point_info(const request& asked, const party& p) {
  const auto* c = contract_of(asked, p);
  if (c == nullptr) return refuse(400, "usage-point-id: none of yours");
  const auto channel = [](const obis& name, unit measured) {
    return object{{"obis", name.hex()},
                  {"scaler", std::to_string(scaler)},
                  {"unit", std::to_string(static_cast<unsigned>(measured))}};
  };
  object channels = object::array();
  for (const auto& i : c->inputs) channels.push_back(channel(i.register_name, unit_of(p, i)));
  object databases = object::array();
  databases.push_back({{"database", "origin"}, {"channels", std::move(channels)}});
  if (c->taf >= 1 && c->taf <= 5)
    for (const auto* name : {"derived", "calculated", "daily"}) {
      if (c->taf != 2 && std::string_view{name} == "calculated") continue;
      databases.push_back(
          {{"database", name}, {"channels", object::array({channel(c->register_name, unit::watt_hour)})}});
    }
  object emts = object::array();
  for (const auto& r : c->recipients) emts.push_back(r.id + ".sm");
  object content{{"databases", std::move(databases)},
                 {"emts", std::move(emts)},
                 {"taf-profile", ""},
                 {"transparency-bit", "true"},
                 {"usage-point-id", c->logical_name()},
                 {"usage-point-name", c->tariff}};
  return plan{.need = {},
              .render = [text = content.dump(-1, ' ', false, object::error_handler_t::replace)](const findings& f) {
                return answer_of("usage-point-info", f, text);
              }};
}

decision readings(const request& asked, const party& p, timestamp now) {
  const auto* c = contract_of(asked, p);
  if (c == nullptr) return refuse(400, "usage-point-id: none of yours");
  const auto s = span_of(asked, now);
  if (!s) return refuse(400, s.error().what);
  if (asked.database == "origin") return original_readings(*c, p, asked.channels, *s);
  const auto kind = rows_of(asked.database);
  if (!kind) return refuse(400, "database: origin, derived, calculated or daily");
  if (c->taf < 1 || c->taf > 5) return refuse(400, "database: this usage point has original readings only");
  return derived_readings(*c, *kind, asked.channels, *s);
}

decision log(const request& asked, const party& p, timestamp now) {
  log_wish w;
  w.oldest_first = true;
  // These sets of members and no others are documented.
  if (asked.first && (asked.from || asked.to)) return refuse(400, "fromindex: not together with a time");
  if (asked.to && asked.count && !asked.from) return refuse(400, "count: not with totime alone");
  if (asked.count && (*asked.count == 0 || *asked.count > max_records_asked)) return refuse(400, "count: 1 to 1500");
  w.first = asked.first;
  w.from = asked.from.value_or(timestamp{});
  w.to = asked.to.value_or(now + minutes{1});
  w.count = asked.count.value_or(max_records_asked);
  plan out;
  out.need.log = w;
  out.render = [p](const findings& f) {
    object entries = object::array();
    for (const auto& r : f.log) entries.push_back(record_of(r, p));
    const auto records = std::to_string(entries.size());
    const object content{{"entries", std::move(entries)}, {"records", records}};
    return answer_of("log", f, content.dump(-1, ' ', false, object::error_handler_t::replace));
  };
  return out;
}

}  // namespace smgw::han::theben
