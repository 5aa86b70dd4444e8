// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/han/api_parts.hpp"
#include "protocols/han/text.hpp"

#include <nlohmann/json.hpp>

#include <format>

namespace smgw::han {
namespace {

using nlohmann::ordered_json;

std::string dumped(const ordered_json& j) { return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace); }

ordered_json self_test_json(const self_test_view& t) {
  return {{"at", instant(t.at)},
          {"passed", t.passed},
          {"findings", t.findings},
          {"next_possible", instant(t.at + self_test_pause)}};
}

ordered_json gateway_json(const party& p, const findings& f) {
  const auto& g = f.gateway;
  bool all_ok = true;
  auto meters = ordered_json::array();
  for (std::size_t i = 0; i < p.meters.size(); ++i) {
    ordered_json m{{"id", p.meters[i].id.text()}, {"medium", p.meters[i].medium}};
    const bool known = i < f.live.size() && f.live[i].captured.has_value();
    if (known) m["last"] = instant(*f.live[i].captured);
    m["ok"] = known && f.live[i].ok;
    all_ok = all_ok && known && f.live[i].ok;
    meters.push_back(std::move(m));
  }
  const bool fault = g.fault || !g.time_valid;
  ordered_json j{{"id", g.id.text()},
                 {"version", g.version},
                 {"time", instant(f.now)},
                 {"time_valid", g.time_valid},
                 {"started", instant(g.started)},
                 {"state", fault                  ? "fault"
                           : g.warning || !all_ok ? "warning"
                                                  : "ok"}};
  if (p.who == http::role::consumer) {
    j["consumer"] = p.consumer;
    j["meters"] = std::move(meters);
    j["sending"] = {{"waiting", f.waiting}};
    if (f.last_success) j["sending"]["last_success"] = instant(*f.last_success);
  }
  if (g.self_test) j["self_test"] = self_test_json(*g.self_test);
  return j;
}

}  // namespace

std::string instant(timestamp t) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(t);
  auto text = to_iso8601(whole);
  if (whole != t) text.insert(text.size() - 1, std::format(".{:03}", (t - whole).count()));
  return text;
}

decision plan_gateway(const party& p) {
  plan out;
  if (p.who == http::role::consumer) {
    for (const auto& m : p.meters) out.need.live.push_back(m.id);
    out.need.sending = true;
  }
  out.render = [p](const findings& f) { return json_answer(dumped(gateway_json(p, f))); };
  return out;
}

decision plan_contract(const contract_view& c) {
  ordered_json j{{"id", c.id}, {"taf", c.taf}, {"tariff", c.tariff}, {"usage_point", c.usage_point}};
  auto inputs = ordered_json::array();
  for (const auto& i : c.inputs)
    inputs.push_back({{"meter", i.meter.text()}, {"obis", i.register_name.text()}, {"sign", i.sign}});
  j["inputs"] = std::move(inputs);
  j["registration_period_s"] = c.period.count();
  if (c.billing) {
    auto& b = j["billing_period"] = ordered_json::object();
    if (c.billing->months != 0) b["months"] = c.billing->months;
    if (c.billing->days != 0) b["days"] = c.billing->days;
    if (c.billing->seconds.count() != 0) b["seconds"] = c.billing->seconds.count();
  }
  j["valid_from"] = instant(c.from);
  if (c.until) j["valid_until"] = instant(*c.until);
  j["stages"] = ordered_json::array();
  for (const auto& s : c.stages) j["stages"].push_back({{"number", s.number}, {"description", s.description}});
  j["recipients"] = ordered_json::array();
  for (const auto& r : c.recipients) j["recipients"].push_back({{"id", r.id}, {"pseudonym", r.pseudonym}});
  return std::unexpected{json_answer(dumped(j))};
}

sealing seal_of(const http::resource_call& call) noexcept {
  if (call.answer_as == http::body_kind::cms_json) return sealing::enclosed;
  return call.query.sign ? sealing::detached : sealing::none;
}

http::response in_form(http::body_kind form, const std::function<void(std::string&)>& json,
                       const std::function<void(std::string&)>& csv) {
  std::string text;
  const bool table = form == http::body_kind::csv;
  (table ? csv : json)(text);
  http::response out;
  out.headers.add("Content-Type", std::string{content_type(table ? form : http::body_kind::json)});
  put(out.body, text);
  return out;
}

void put_csv(std::string& out, std::string_view text) {
  const bool formula = !text.empty() && std::string_view{"=+-@\t\r"}.contains(text.front());
  if (!formula && text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  if (formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string live_event(const live_view& v) {
  constexpr obis power{{1, 0, 16, 7, 0, 255}};
  std::string text = "event: reading\ndata: {\"meter\":" + json_text(v.meter.text()) + ",\"at\":\"" +
                     instant(v.captured.value_or(timestamp{})) + "\"";
  for (const auto& r : v.values)
    if (r.name == power && r.measured == unit::watt) text += ",\"power_w\":\"" + r.value.text() + "\"";
  text += ",\"registers\":[";
  bool first = true;
  for (const auto& r : v.values) {
    if (!first) text += ',';
    first = false;
    text += "{\"obis\":\"" + r.name.text() + "\",\"unit\":" + json_text(symbol(r.measured)) + ",\"value\":\"" +
            r.value.text() + "\"}";
  }
  return text + "]}\n\n";
}

std::string gateway_event() { return "event: gateway\ndata: {}\n\n"; }

}  // namespace smgw::han
