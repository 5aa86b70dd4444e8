// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "protocols/han/api_parts.hpp"
#include "protocols/han/text.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;

/// First instants of each day, month or year of legal time within the window, at most a page.
std::vector<timestamp> beginnings(std::string_view grain, const http::filter::window& w) {
  std::vector<timestamp> out;
  auto day = floor<days>(w.from + hours{local_offset_hours(w.from)});
  for (; out.size() < page_entries; day += days{1}) {
    const timestamp noon_utc = day + hours{0};
    // Local midnight: the offset is that of the evening before, as the clock changes later in the night.
    const timestamp at = noon_utc - hours{local_offset_hours(noon_utc - hours{2})};
    if (at >= w.to) break;
    const year_month_day date{day};
    const bool wanted =
        grain == "day" || (date.day() == std::chrono::day{1} && (grain == "month" || date.month() == January));
    if (wanted && at >= w.from) out.push_back(at);
  }
  return out;
}

struct column {
  input_view input;
  seconds period{900};
  unit measured = unit::none;
  std::vector<std::size_t> wishes;  ///< whose entries are this column's, in order
};

struct request_of_readings {
  std::string contract;
  std::vector<column> columns;
  std::size_t page = 0;  ///< entries of one column; 0: all
};

unit unit_of(const party& p, const input_view& i) {
  const auto m = std::ranges::find(p.meters, i.meter, &meter_view::id);
  if (m == p.meters.end()) return unit::none;
  const auto r = std::ranges::find(m->registers, i.register_name, &register_view::name);
  return r == m->registers.end() ? unit::none : r->measured;
}

seconds period_of(const party& p, const input_view& i) {
  const auto m = std::ranges::find(p.meters, i.meter, &meter_view::id);
  return m == p.meters.end() ? seconds{900} : m->period;
}

using entries = std::vector<list_entry>;

/// The columns' entries, and where the next page begins: no entry before it is missing.
struct page {
  std::vector<entries> columns;
  std::optional<timestamp> next;
};

page paged(const request_of_readings& r, const findings& f) {
  page out;
  for (const auto& c : r.columns) {
    entries all;
    for (const auto w : c.wishes) all.insert(all.end(), f.lists[w].begin(), f.lists[w].end());
    if (r.page != 0 && all.size() > r.page)
      out.next = std::min(out.next.value_or(timestamp::max()), all[r.page].target);
    out.columns.push_back(std::move(all));
  }
  if (out.next)
    for (auto& all : out.columns) std::erase_if(all, [&](const list_entry& e) { return e.target >= *out.next; });
  return out;
}

void put_entry(std::string& out, const list_entry& e) {
  out += "{\"target\":\"" + instant(e.target) + '"';
  if (has_value(e.value.status)) {
    out += ",\"captured\":\"" + instant(e.value.captured) + "\",\"value\":\"" + e.value.value.text() + '"';
  }
  out += ",\"status\":\"" + e.value.status.hex() + '"';
  if (!e.signature.empty()) out += ",\"signature\":\"" + to_hex(e.signature) + '"';
  out += '}';
}

void put_json(std::string& out, const request_of_readings& r, const page& p) {
  out += "{\"contract\":" + json_text(r.contract) + ",\"lists\":[";
  for (std::size_t i = 0; i < r.columns.size(); ++i) {
    const auto& c = r.columns[i];
    if (i != 0) out += ',';
    out += "{\"meter\":" + json_text(c.input.meter.text()) + ",\"obis\":\"" + c.input.register_name.text() +
           "\",\"unit\":" + json_text(symbol(c.measured)) + ",\"period_s\":" + std::to_string(c.period.count()) +
           ",\"entries\":[";
    bool first = true;
    for (const auto& e : p.columns[i]) {
      if (!std::exchange(first, false)) out += ',';
      put_entry(out, e);
    }
    out += "]}";
  }
  out += ']';
  if (p.next) out += ",\"next\":\"" + instant(*p.next) + '"';
  out += '}';
}

void put_table(std::string& out, const request_of_readings& r, const page& p) {
  out += "meter,obis,unit,target,captured,value,status,signature\r\n";
  for (std::size_t i = 0; i < r.columns.size(); ++i) {
    const auto& c = r.columns[i];
    const auto front = std::string(c.input.meter.text()) + "," + c.input.register_name.text() + "," +
                       std::string(symbol(c.measured)) + ",";
    for (const auto& e : p.columns[i]) {
      out += front + instant(e.target) + ",";
      if (has_value(e.value.status))
        out += instant(e.value.captured) + "," + e.value.value.text();
      else
        out += ',';
      out += "," + e.value.status.hex() + "," + to_hex(e.signature) + "\r\n";
    }
  }
}

decision as_document(const contract_view& c, const http::filter::window& w) {
  plan out;
  out.need.document = document_wish{c.id, w.from, w.to, true, false};
  out.render = [](const findings& f) {
    http::response r;
    r.headers.add("Content-Type", "application/xml");
    r.body = f.document;
    return r;
  };
  return out;
}

}  // namespace

decision plan_readings(const http::resource_call& call, const contract_view& c, const party& p, timestamp now) {
  const auto& q = call.query;
  if (q.type && *q.type != "day" && *q.type != "month" && *q.type != "year")
    return std::unexpected{http::refuse_with(400, "q.type: day, month or year")};
  const auto w = q.within(c.from, now);
  if (call.answer_as == http::body_kind::xml) return as_document(c, w);
  request_of_readings r{c.id, {}, 0};
  plan out;
  for (const auto& i : c.inputs)
    if (!q.register_name || *q.register_name == i.register_name)
      r.columns.push_back({i, period_of(p, i), unit_of(p, i), {}});
  const bool whole = call.answer_as != http::body_kind::json || q.sign;
  if (!whole && !r.columns.empty()) r.page = page_entries / r.columns.size();
  const auto instants = q.type ? beginnings(*q.type, w) : std::vector<timestamp>{};
  if (q.count != 0 && q.count <= r.page) r.page = 0;
  const auto most = r.page == 0 ? q.count : r.page + 1;
  for (auto& column : r.columns) {
    const auto wish = [&](timestamp from, timestamp to, std::size_t limit) {
      column.wishes.push_back(out.need.lists.size());
      out.need.lists.push_back({column.input.meter, column.input.register_name, column.period, from, to, limit, false});
    };
    if (!q.type) {
      wish(w.from, w.to, most);
      continue;
    }
    std::size_t taken = 0;
    for (const auto at : instants)
      if (q.count == 0 || taken++ < q.count) wish(at, at + milliseconds{1}, 1);
  }
  out.sign = seal_of(call);
  out.render = [r = std::move(r), form = call.answer_as](const findings& f) {
    const auto found = paged(r, f);
    return in_form(
        form, [&](std::string& to) { put_json(to, r, found); }, [&](std::string& to) { put_table(to, r, found); });
  };
  return out;
}

}  // namespace smgw::han
