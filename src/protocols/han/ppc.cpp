// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/cosem/delivery.hpp"
#include "protocols/han/dialects.hpp"
#include "protocols/han/ppc_page.hpp"
#include "protocols/han/text.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;
using ppc::form;

constexpr std::size_t most_log = 1000;
constexpr milliseconds tick{1};

decision page_now(const party& p, std::string content) {
  return plan{.need = {},
              .render = [p, content = std::move(content)](const findings& f) { return ppc::page(p, f, content); }};
}
decision error_page(const party& p, std::string_view what) {
  return page_now(p, "<p class='error'>Fehler: " + ppc::escaped(what) + "</p>");
}

const meter_view* meter_of(const form& f, const party& p) { return p.find_meter(f.get("mid")); }

/// The values of a meter's registers, newest first, as two clients scrape them.
decision values(const meter_view& m, const party& p, const std::string& heading, const period_view& w, bool newest) {
  plan out;
  for (const auto& r : m.registers)
    out.need.lists.push_back({m.id, r.name, m.period, w.from, w.to + tick, newest ? std::size_t{1} : 0, newest});
  out.render = [m, p, heading](const findings& f) { return ppc::page(p, f, heading + ppc::value_table(m, f.lists)); };
  return out;
}

decision profile(const meter_view& m, const party& p, timestamp now) {
  const std::string rows[][2] = {{"Z&auml;hler-ID", "01005e318002." + m.id.lower() + ".sm"},
                                 {"Name", std::string(m.id.text())},
                                 {"Beschreibung", ppc::escaped(m.medium)},
                                 {"Kommunikationstyp", "LMN"},
                                 {"Protokoll-Typ", "SML"},
                                 {"Protokoll-Version", "1.04"},
                                 {"Ausleseintervall", std::to_string(m.period.count())},
                                 {"Abfrageversuche", "1"},
                                 {"Z&auml;hleradresse", m.id.lower()},
                                 {"Medium", ppc::escaped(m.medium)}};
  std::string table = "<table><tr><th>Z&auml;hlerprofil</th></tr></table><table>";
  for (const auto& [label, value] : rows) table += "<tr><td>" + label + "</td><td>" + value + "</td></tr>";
  return values(m, p, table + "</table>", {now - max_span, now}, true);
}

decision tariff(const contract_view& c, const party& p) {
  const auto until = c.until ? local_time(*c.until, false) : std::string{"unbegrenzt"};
  const auto days_of = [&] { return c.billing ? std::to_string(c.billing->days + 30 * c.billing->months) : "1"; };
  const std::string rows[][2] = {{"Profil-ID", ppc::escaped(c.logical_name())},
                                 {"Profilname", ppc::escaped(c.tariff)},
                                 {"TAF-Typ", "TAF-" + std::to_string(c.taf)},
                                 {"Registerperiode (sek.)", std::to_string(c.period.count())},
                                 {"Abrechnungsperiode (Tage)", days_of()},
                                 {"Beginn Validierungsperiode", local_time(c.from, false)},
                                 {"Ende Validierungsperiode", until},
                                 {"Alias", ppc::escaped(c.id)},
                                 {"Z&auml;hlpunktbezeichnung", ppc::escaped(c.usage_point)},
                                 {"Tarifstufen", std::to_string(c.stages.size())}};
  std::string out = "<table><tr><th>Tarifprofil</th></tr></table><table>";
  for (const auto& [label, value] : rows) out += "<tr><td>" + label + "</td><td>" + value + "</td></tr>";
  out += "</table><table id='tafvalue'>";
  for (const auto& i : c.inputs)
    out += "<tr><td id='table_tafvalues_col_obis'>" + ppc::short_obis(i.register_name) +
           "</td><td id='table_tafvalues_col_messgroesse'>" + std::string(i.meter.text()) + "</td></tr>";
  return page_now(p, out + "</table>");
}

http::response attachment(std::string_view document, const std::string& name) {
  http::response r;
  r.headers.add("Content-Type", "application/octet-stream");
  r.headers.add("Content-Disposition", "attachment; filename=" + name);
  put(r.body, document);
  return r;
}

/// SignedData of the lists as DKE XML; an error where there are none.
decision export_values(const meter_view& m, const period_view& w) {
  plan out;
  out.sign = sealing::enclosed;
  out.sealed_type = "application/octet-stream";
  for (const auto& r : m.registers) out.need.lists.push_back({m.id, r.name, m.period, w.from, w.to + tick, 0, false});
  out.render = [m](const findings& f) {
    cosem::delivery d{{{1, 0, 94, 49, 128, 2}}, m.id.lower() + ".sm", {}};
    for (std::size_t i = 0; i < m.registers.size(); ++i)
      if (!f.lists[i].empty()) d.channels.push_back({m.registers[i].name, m.id.lower() + ".sm", f.lists[i]});
    if (d.channels.empty()) return http::refuse_with(404, "Keine Daten vorhanden.");
    const auto document = cosem::write(d, cosem::status_form::coarse);
    if (!document) return http::refuse_with(http::status_of(document.error().code), document.error().what);
    return attachment(*document, m.id.lower() + ".cms");
  };
  return out;
}

decision export_log(const party& p, const period_view& w) {
  plan out;
  out.sign = sealing::enclosed;
  out.sealed_type = "application/octet-stream";
  out.need.log = log_wish{.from = w.from, .to = w.to + tick, .count = most_log + 1, .oldest_first = true};
  out.render = [p](const findings& f) {
    if (f.log.empty()) return ppc::refused(p, f, "Keine Daten vorhanden.");
    if (f.log.size() > most_log)
      return ppc::refused(p, f,
                          "Die Abfrage liefert mehr als 1000 Datens&auml;tze zur&uuml;ck. Es sind nur 1000 erlaubt");
    return attachment(ppc::log_document(f.log), "log.cms");
  };
  return out;
}

decision dispatch(const form& f, const party& p, timestamp now) {
  const auto action = f.get("action");
  if (action.empty()) return page_now(p, ppc::welcome(p));
  if (action == "meterform") return page_now(p, ppc::meter_form(p));
  if (action == "tariffform") return page_now(p, ppc::tariff_form(p));
  if (action == "swversions")
    return plan{.need = {}, .render = [p](const findings& g) { return ppc::page(p, g, ppc::versions(g)); }};
  if (action == "logout") return page_now(p, "<p>Sie sind abgemeldet.</p>");
  if (action == "selftest")
    return plan{.need = {.self_test = true}, .render = [p](const findings& g) {
                  return ppc::page(p, g,
                                   g.self_test ? "<p>Der Selbsttest wurde gestartet.</p>"
                                               : "<p class='error'>Fehler: Selbsttest erst nach 10 Minuten</p>");
                }};
  if (action == "showTariffProfile") {
    const auto* c = p.find_contract(f.get("tid"));
    return c == nullptr ? error_page(p, "Unbekanntes Profil") : tariff(*c, p);
  }
  const auto window = ppc::window_of(f, now);
  if (!window) return error_page(p, window.error().what);
  if (action == "exportLogData") return export_log(p, *window);
  const auto* m = meter_of(f, p);
  if (m == nullptr) return error_page(p, "Unbekannter Zaehler");
  if (action == "showMeterProfile") return profile(*m, p, now);
  if (action == "showMeterValuesForm") return page_now(p, ppc::values_form(*m, p));
  if (action == "showMeterValues") return values(*m, p, "", *window, false);
  if (action == "exportMeterValues") return export_values(*m, *window);
  return error_page(p, "Unbekannte Aktion");
}

}  // namespace

dialect_decision plan_ppc(const http::request& r, const party& p, timestamp now) {
  const std::string_view target = r.target;
  if (target.substr(0, target.find('?')) != "/cgi-bin/hanservice.cgi") return std::nullopt;
  if (p.who != http::role::consumer) return std::unexpected{http::refuse_with(403, "for consumers")};
  if (r.verb != http::method::get && r.verb != http::method::post)
    return std::unexpected{http::refuse_with(405, "GET or POST")};
  const auto fields = ppc::read_form(as_text(r.body));
  if (!fields) return std::unexpected{http::refuse_with(400, fields.error().what)};
  return dispatch(r.verb == http::method::get ? form{} : *fields, p, now);
}

}  // namespace smgw::han
