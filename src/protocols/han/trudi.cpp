// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/time_text.hpp"
#include "protocols/han/dialects.hpp"
#include "protocols/han/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace smgw::han {
namespace {

using object = nlohmann::ordered_json;

/// The two spellings of one interface.
struct spelling {
  bool camel = false;  ///< `tafId` and times without a zone; else `TafId` and times with one
  [[nodiscard]] std::string name(std::string upper) const {
    if (camel) upper[0] = static_cast<char>(upper[0] | 0x20);
    return upper;
  }
  [[nodiscard]] std::string time(timestamp t) const { return local_time(t, !camel); }
};

decision refuse(int status, std::string_view why) { return std::unexpected{http::refuse_with(status, why)}; }

decision firmware(const spelling& as) {
  return plan{.need = {}, .render = [as](const findings& f) {
                const object all = object::array({{{as.name("Component"), "smgw"},
                                                   {as.name("Version"), f.gateway.version},
                                                   {as.name("Hash"), f.gateway.firmware_hash}}});
                return json_answer(all.dump());
              }};
}

object contract_json(const contract_view& c, const spelling& as) {
  object meters = object::array();
  for (const auto& i : c.inputs)
    if (const object id = std::string(i.meter.text()); std::ranges::find(meters, id) == meters.end())
      meters.push_back(id);
  object periods = nullptr;
  for (const auto& b : c.periods) {
    if (periods.is_null()) periods = object::array();
    periods.push_back({{as.name("Begin"), as.time(b.from)}, {as.name("End"), as.time(b.to)}});
  }
  return {{as.name("TafId"), c.taf},
          {as.name("TafName"), c.id},
          {as.name("Description"), c.tariff},
          {as.name("Meters"), std::move(meters)},
          {as.name("MeteringPointId"), c.usage_point},
          {as.name("SupplierId"), c.recipients.empty() ? "" : c.recipients.front().id},
          {as.name("ConsumerId"), c.consumer},
          {as.name("Begin"), as.time(c.from)},
          {as.name("End"), c.until ? object(as.time(*c.until)) : object(nullptr)},
          {as.name("BillingPeriods"), std::move(periods)}};
}

decision contracts(const party& p, const spelling& as) {
  object all = object::array();
  for (const auto& c : p.contracts) all.push_back(contract_json(c, as));
  return std::unexpected{json_answer(all.dump(-1, ' ', false, object::error_handler_t::replace))};
}

/// A parameter by either spelling.
const std::string* parameter(const http::target& t, std::string_view name) {
  for (const auto& q : t.query)
    if (http::same_token(q.name, name)) return &q.value;
  return nullptr;
}

/// Some clients send the `+` of an offset as a blank, and times without zone mean legal time.
expected<timestamp> time_of(std::string text) {
  std::ranges::replace(text, ' ', '+');
  constexpr std::size_t without_zone = 19;
  if (text.size() != without_zone) return parse_iso8601(text);
  const auto as_utc = parse_iso8601(text + "Z");
  if (!as_utc) return as_utc;
  const auto winter = *as_utc - std::chrono::hours{1};
  return *as_utc - std::chrono::hours{local_offset_hours(winter)};
}

const contract_view* contract_of(const http::target& t, const party& p) {
  const auto* name = parameter(t, "TafName");
  const auto* taf = parameter(t, "TafId");
  if (name == nullptr) return nullptr;
  const auto* c = p.find_contract(*name);
  return c == nullptr || (taf != nullptr && *taf != std::to_string(c->taf)) ? nullptr : c;
}

decision document(const http::target& t, const party& p, timestamp now, bool current) {
  const auto* c = contract_of(t, p);
  if (c == nullptr) return refuse(404, "TafName, TafId: no such contract");
  document_wish w{c->id, c->from, now, true, current};
  for (const auto& [name, into] : {std::pair{"Start", &w.from}, std::pair{"End", &w.to}}) {
    const auto* text = parameter(t, name);
    if (text == nullptr) continue;
    const auto at = time_of(*text);
    if (!at) return refuse(400, std::string{name} + ": a time is wanted");
    *into = *at;
  }
  if (const auto* log = parameter(t, "WithLogData")) w.with_log = http::same_token(*log, "true");
  if (w.to < w.from) return refuse(400, "End: before Start");
  plan out;
  out.need.document = std::move(w);
  out.render = [](const findings& f) {
    http::response r;
    r.headers.add("Content-Type", "application/xml");
    r.body = f.document;
    return r;
  };
  return out;
}

}  // namespace

dialect_decision plan_trudi(const http::request& r, const party& p, timestamp now) {
  const bool camel = r.target.starts_with("/rest/trudi/");
  if (!camel && !r.target.starts_with("/trudi/")) return std::nullopt;
  // A blank in the query is a `+` that somebody decoded.
  auto target = r.target;
  for (std::size_t at = 0; (at = target.find(' ', at)) != target.npos;) target.replace(at, 1, "%20");
  const auto t = http::parse_target(target);
  if (!t) return refuse(400, t.error().what);
  if (p.who != http::role::consumer) return refuse(403, "for consumers");
  if (r.verb != http::method::get) return refuse(405, "GET");
  const spelling as{camel};
  std::string what;
  for (std::size_t i = camel ? 2 : 1; i < t->segments.size(); ++i) what += (what.empty() ? "" : "/") + t->segments[i];
  if (what == "firmware") return firmware(as);
  if (what == (camel ? "contract/info" : "contracts")) return contracts(p, as);
  if (what == (camel ? "contract/data" : "data")) return document(*t, p, now, false);
  if (what == (camel ? "contract/current" : "current")) return document(*t, p, now, true);
  return refuse(404, "no such resource");
}

}  // namespace smgw::han
