// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/ppc_page.hpp"

#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/han/text.hpp"

#include <algorithm>

namespace smgw::han::ppc {
namespace {

using namespace std::chrono;

std::string blank_time(timestamp t) {
  auto text = local_time(t, false);
  text[10] = ' ';
  return text;
}

std::string hidden(const party& p, std::string_view action) {
  return "<input type='hidden' name='tkn' value='" + p.token + "'><input type='hidden' name='action' value='" +
         std::string{action} + "'>";
}

std::string menu(const party& p, std::string_view id, std::string_view action, std::string_view text) {
  return "<form method='post' action='/cgi-bin/hanservice.cgi'>" + hidden(p, action) + "<button id='button_menu_" +
         std::string{id} + "' type='submit'>" + std::string{text} + "</button></form>";
}

/// 0 good, 1 not for billing, 2 no value.
char validity(const status_word& s) {
  constexpr std::uint32_t doubtful = 1U << 1 | 1U << 8 | 1U << 9 | 1U << 14 | 1U << 15;
  return !has_value(s) ? '2' : (s.smgw & doubtful) != 0 ? '0' : '1';
}

std::string cell(std::string_view column, const std::string& text) {
  return "<td id='table_metervalues_col_" + std::string{column} + "'>" + text + "</td>";
}

std::string row_of(const list_entry& e, std::size_t line, bool first) {
  const bool energy = e.value.measured == unit::watt_hour;
  const decimal shown{e.value.value.value, static_cast<std::int8_t>(e.value.value.scaler - (energy ? 3 : 0))};
  return "<tr id='table_metervalues_line" + std::to_string(line) + "'>" +
         (first ? cell("timestamp", blank_time(e.target)) : "<td></td>") +
         cell("wert", has_value(e.value.status) ? shown.text() : "") +
         cell("einheit", energy ? "kWh" : std::string(symbol(e.value.measured))) +
         cell("istvalide", std::string(1, validity(e.value.status))) + cell("name", short_obis(e.value.register_name)) +
         cell("obis", short_obis(e.value.register_name)) + cell("sign", e.signature.empty() ? "" : "1") + "</tr>";
}

expected<char> from_percent(std::string_view text, std::size_t at) {
  unsigned value = 0;
  if (at + 2 >= text.size()) return fail(errc::malformed, "percent-encoding");
  for (const char c : text.substr(at + 1, 2)) {
    const auto digit = std::string_view{"0123456789abcdef"}.find(static_cast<char>(c | (c > '9' ? 0x20 : 0)));
    if (digit == std::string_view::npos) return fail(errc::malformed, "percent-encoding");
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return static_cast<char>(value);
}

expected<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto c = from_percent(text, i);
    if (!c) return std::unexpected{c.error()};
    out += *c;
    i += 2;
  }
  return out;
}

expected<timestamp> local_instant(std::string text) {
  constexpr std::size_t date = 10, whole = 19;
  if (text.size() == date) text += " 00:00:00";
  if (text.size() != whole) return fail(errc::malformed, "Zeitangabe");
  text[date] = 'T';
  const auto as_utc = parse_iso8601(text + "Z");
  if (!as_utc) return fail(errc::malformed, "Zeitangabe");
  return *as_utc - hours{local_offset_hours(*as_utc - hours{1})};
}

}  // namespace

std::string_view form::get(std::string_view name) const noexcept {
  const auto found = std::ranges::find(fields, name, [](const auto& f) { return std::string_view{f.first}; });
  return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

expected<form> read_form(std::string_view body) {
  form out;
  while (!body.empty()) {
    const auto one = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(one.size() + 1, body.size()));
    if (one.empty()) continue;
    if (out.fields.size() == max_fields) return fail(errc::exhausted, "form");
    const auto equals = std::min(one.find('='), one.size());
    auto name = decoded(one.substr(0, equals)), value = decoded(one.substr(std::min(equals + 1, one.size())));
    if (!name || !value) return fail(errc::malformed, "form");
    out.fields.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

expected<period_view> window_of(const form& f, timestamp now) {
  period_view w{now - days{1}, now};
  for (const auto& [name, into] : {std::pair{"from", &w.from}, std::pair{"to", &w.to}}) {
    const auto text = f.get(name);
    if (text.empty()) continue;
    const auto t = local_instant(std::string{text});
    if (!t) return std::unexpected{t.error()};
    *into = *t;
  }
  if (f.get("to").size() == 10) w.to += days{1} - milliseconds{1};
  if (w.to < w.from) return fail(errc::malformed, "Zeitraum");
  return w;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

std::string short_obis(const obis& name) {
  auto text = name.text();
  return text.substr(0, text.find('*'));
}

http::response page(const party& p, const findings& f, const std::string& content) {
  http::response r;
  r.headers.add("Content-Type", "text/html; charset=utf-8");
  r.headers.add("Server", "SmartMeterGateway");
  r.headers.add("Cache-Control", "no-store");
  r.headers.add("Set-Cookie", "session=" + p.token + ";secure;HttpOnly");
  put(r.body, "<!DOCTYPE html><html><head><title>Smart Meter Gateway</title></head><body>" +
                  menu(p, "zaehler", "meterform", "Z&auml;hler") + menu(p, "tarife", "tariffform", "Tarifprofile") +
                  menu(p, "version", "swversions", "Version") + menu(p, "logout", "logout", "Abmelden") +
                  "<div class='content'>" + content + "</div><p id='div_fwversion'>" + escaped(f.gateway.version) +
                  "</p><p id='div_timestamp'>" + blank_time(f.now) + "</p></body></html>");
  return r;
}

http::response refused(const party& p, const findings& f, const std::string& why) {
  auto out = page(p, f, "<p class='error'>" + why + "</p>");
  out.status = 404;
  return out;
}

std::string welcome(const party& p) { return "<h1>Willkommen</h1><p>" + escaped(p.user) + "</p>"; }

std::string meter_form(const party& p) {
  std::string out = "<form id='form_meterform' method='post' action='/cgi-bin/hanservice.cgi'>" +
                    hidden(p, "showMeterProfile") + "<select name='mid' id='meterform_select_meter'>";
  for (const auto& m : p.meters)
    out += "<option value='" + m.id.lower() + "'>01005e318002." + m.id.lower() + ".sm</option>";
  return out + "</select></form>";
}

std::string tariff_form(const party& p) {
  std::string out = "<form id='form_tariffform' method='post' action='/cgi-bin/hanservice.cgi'>" +
                    hidden(p, "showTariffProfile") + "<select name='tid' id='tarifform_select_profile'>";
  for (const auto& c : p.contracts)
    out += "<option value='" + escaped(c.id) + "'>" + escaped(c.logical_name()) + "</option>";
  return out + "</select></form>";
}

std::string values_form(const meter_view& m, const party& p) {
  return "<form name='input_metervalues' method='post' action='/cgi-bin/hanservice.cgi'>" +
         hidden(p, "showMeterValues") + "<input type='hidden' name='mid' value='" + m.id.lower() +
         "'><input name='from'><input name='to'></form>";
}

std::string versions(const findings& f) {
  return "<table><tr><td>Komponente</td><td>Version</td><td>Pr&uuml;fsumme</td></tr><tr><td>smgw</td><td>" +
         escaped(f.gateway.version) + "</td><td>" + f.gateway.firmware_hash + "</td></tr></table>";
}

std::string value_table(const meter_view& m, const std::vector<std::vector<list_entry>>& lists) {
  std::map<timestamp, std::vector<const list_entry*>, std::greater<>> rows;
  for (std::size_t i = 0; i < m.registers.size() && i < lists.size(); ++i)
    for (const auto& e : lists[i]) rows[e.target].push_back(&e);
  std::string out = "<table id='metervalue'>";
  std::size_t line = 1;
  for (const auto& [at, entries] : rows)
    for (std::size_t i = 0; i < entries.size(); ++i) out += row_of(*entries[i], line++, i == 0);
  return out + "</table>";
}

std::string log_document(const std::vector<record_view>& records) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>";
  for (const auto& r : records)
    out += "<entry number=\"" + std::to_string(r.number) + "\" time=\"" + to_iso8601(r.at) + "\" level=\"" +
           std::to_string(r.level) + "\" event=\"" + std::to_string(r.event) + "\">" + escaped(r.text) + "</entry>";
  return out + "</log>\n";
}

}  // namespace smgw::han::ppc
