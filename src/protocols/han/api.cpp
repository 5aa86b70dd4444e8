// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/api.hpp"

#include "protocols/han/api_parts.hpp"
#include "protocols/han/text.hpp"

#include <charconv>

namespace smgw::han {
namespace {

using http::body_kind;
using http::branch;
using http::filter_key;
using http::operation;
using http::role;

constexpr std::uint8_t bit(auto value) noexcept { return static_cast<std::uint8_t>(value); }
constexpr std::uint8_t consumers = bit(role::consumer), technicians = bit(role::technician), systems = bit(role::cls);

constexpr std::uint8_t window = filter_key::fromtime | filter_key::totime;

decision missing() { return std::unexpected{http::refuse_with(404, "no such resource")}; }

decision ids_of(const http::resource_call& call, std::vector<std::string> ids) {
  return std::unexpected{http::answer(call, http::resource_result{{}, std::move(ids), false})};
}

decision enumerate(const http::resource_call& call, const party& p) {
  if (call.name != "Contract" && call.name != "Readings" && call.name != "Registers") return ids_of(call, {"self"});
  std::vector<std::string> ids;
  for (const auto& c : p.contracts)
    if (call.name != "Registers" || has_registers(c)) ids.push_back(c.id);
  return ids_of(call, std::move(ids));
}

decision self_test() {
  return plan{.need = {.self_test = true}, .render = [](const findings& f) {
                if (!f.self_test) return http::refuse_with(f.self_test.error().status, f.self_test.error().why.what);
                http::response accepted;
                accepted.status = 202;
                return accepted;
              }};
}

decision live(const party& p) {
  plan out;
  for (const auto& m : p.meters) out.stream.push_back(m.id);
  out.need.live = out.stream;
  out.render = [](const findings& f) {
    http::response r;
    r.headers.add("Content-Type", std::string{content_type(body_kind::events)});
    r.headers.add("Cache-Control", "no-store");
    std::string text = ": smgw\n\n";
    for (const auto& v : f.live)
      if (v.captured) text += live_event(v);
    r.body.assign(text.begin(), text.end());
    return r;
  };
  return out;
}

}  // namespace

std::vector<http::resource_rule> api_rules(bool with_documents) {
  std::vector<body_kind> readings{body_kind::json, body_kind::csv, body_kind::cms_json};
  if (with_documents) readings.push_back(body_kind::xml);
  const std::vector<body_kind> exports{body_kind::json, body_kind::csv, body_kind::cms_json};
  const std::uint8_t all = consumers | technicians | systems;
  return {
      {.where = branch::rts, .name = "Gateway", .roles = all, .operations = bit(operation::read)},
      {.where = branch::rts, .name = "Contract", .roles = consumers, .operations = bit(operation::read)},
      {.where = branch::exp,
       .name = "Readings",
       .roles = consumers,
       .operations = bit(operation::hand_out),
       .filters = window | filter_key::type | filter_key::count | filter_key::obis | filter_key::signature,
       .offers = readings},
      {.where = branch::exp,
       .name = "Registers",
       .roles = consumers,
       .operations = bit(operation::hand_out),
       .filters = window | filter_key::count | filter_key::signature,
       .offers = exports},
      {.where = branch::exp,
       .name = "Log",
       .roles = static_cast<std::uint8_t>(consumers | technicians),
       .operations = bit(operation::hand_out),
       .filters = window | filter_key::type | filter_key::count | filter_key::level | filter_key::signature,
       .offers = exports},
      {.where = branch::exp,
       .name = "Live",
       .roles = consumers,
       .operations = bit(operation::hand_out),
       .offers = {body_kind::events}},
      {.where = branch::fas,
       .name = "SelfTest",
       .roles = static_cast<std::uint8_t>(consumers | technicians),
       .operations = bit(operation::perform)},
  };
}

decision plan_api(const http::resource_call& call, const party& p, timestamp now) {
  if (call.what == operation::enumerate) return enumerate(call, p);
  if (call.name == "SelfTest") return self_test();
  const bool self = call.id == "self";
  if (call.name == "Gateway") return self ? plan_gateway(p) : missing();
  if (call.name == "Live") return self ? live(p) : missing();
  if (call.name == "Log") return self ? plan_log(call, p, now) : missing();
  const auto* c = p.find_contract(call.id);
  if (c == nullptr || c->id != call.id) return missing();
  if (call.name == "Contract") return plan_contract(*c);
  if (call.name == "Readings") return plan_readings(call, *c, p, now);
  if (call.name == "Registers" && has_registers(*c)) return plan_registers(call, *c, now);
  return missing();
}

}  // namespace smgw::han
