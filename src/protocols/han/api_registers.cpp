// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/api_parts.hpp"
#include "protocols/han/text.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

struct period {
  timestamp from{}, to{};
  bool open = false;
  const row_view* row = nullptr;
};

/// Closed periods from the rows at their ends, and the one that runs from the newest row.
std::vector<period> periods_of(const findings& f, timestamp begin, const http::filter::window& w, std::size_t count) {
  std::vector<period> out;
  timestamp from = begin;
  for (const auto& row : f.rows[0]) {
    out.push_back({from, row.at, false, &row});
    from = row.at;
  }
  if (!f.rows[1].empty() && f.rows[1].back().at > from)
    out.push_back({from, f.rows[1].back().at, true, &f.rows[1].back()});
  std::erase_if(out, [&](const period& p) { return p.to <= w.from || p.from >= w.to; });
  if (count != 0 && out.size() > count) out.resize(count);
  return out;
}

void put_registers(std::string& out, const row_view& row) {
  bool first = true;
  for (const auto& e : row.registers) {
    if (!std::exchange(first, false)) out += ',';
    out += "{\"obis\":\"" + e.value.register_name.text() +
           "\",\"stage\":" + std::to_string(e.value.register_name.code[4]) +
           ",\"unit\":" + json_text(symbol(e.value.measured)) + ",\"level\":\"" + e.value.value.text() +
           "\",\"status\":\"" + e.value.status.hex() + "\"}";
  }
}

void put_json(std::string& out, const std::string& contract, const std::vector<period>& all) {
  out += "{\"contract\":" + json_text(contract) + ",\"periods\":[";
  bool first = true;
  for (const auto& p : all) {
    if (!std::exchange(first, false)) out += ',';
    out += "{\"from\":\"" + instant(p.from) + "\",\"to\":\"" + instant(p.to) +
           "\",\"open\":" + (p.open ? "true" : "false") + ",\"registers\":[";
    put_registers(out, *p.row);
    out += "]}";
  }
  out += "]}";
}

void put_table(std::string& out, const std::vector<period>& all) {
  out += "from,to,open,obis,unit,level,status\r\n";
  for (const auto& p : all)
    for (const auto& e : p.row->registers)
      out += instant(p.from) + "," + instant(p.to) + (p.open ? ",true," : ",false,") + e.value.register_name.text() +
             "," + std::string(symbol(e.value.measured)) + "," + e.value.value.text() + "," + e.value.status.hex() +
             "\r\n";
}

}  // namespace

decision plan_registers(const http::resource_call& call, const contract_view& c, timestamp now) {
  plan out;
  const auto w = call.query.within(c.from, now);
  out.need.rows = {{c.id, row_kind::billing, c.from, now}, {c.id, row_kind::derived, now - 4 * c.period, now}};
  out.sign = seal_of(call);
  out.render = [id = c.id, begin = c.from, w, count = call.query.count, form = call.answer_as](const findings& f) {
    const auto all = periods_of(f, begin, w, count);
    return in_form(form, [&](std::string& to) { put_json(to, id, all); }, [&](std::string& to) { put_table(to, all); });
  };
  return out;
}

}  // namespace smgw::han
