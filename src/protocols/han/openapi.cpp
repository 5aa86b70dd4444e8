// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/han/api.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace smgw::han {
namespace {

using object = nlohmann::ordered_json;
using http::filter_key;
using http::operation;

bool has(std::uint8_t set, auto bit) { return (set & static_cast<std::uint8_t>(bit)) != 0; }

object parameters_of(const http::resource_rule& rule, bool instance) {
  static constexpr std::array rows{
      std::tuple{filter_key::fromtime, "q.fromtime", "entries at or after this instant"},
      std::tuple{filter_key::totime, "q.totime", "entries before this instant"},
      std::tuple{filter_key::type, "q.type", "readings: day, month or year; log: number of an event"},
      std::tuple{filter_key::count, "q.count", "at most so many; 0: all"},
      std::tuple{filter_key::obis, "q.obis", "A-B:C.D.E[*F]"},
      std::tuple{filter_key::level, "q.level", "I, W, E or F"},
      std::tuple{filter_key::signature, "q.signed", "CMS_ECDSA_SHA256_Detached"},
  };
  object out = object::array();
  if (instance) out.push_back({{"name", "id"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  for (const auto& [key, name, text] : rows)
    if (instance && has(rule.filters, key))
      out.push_back({{"name", name}, {"in", "query"}, {"description", text}, {"schema", {{"type", "string"}}}});
  return out;
}

object answers_of(const http::resource_rule& rule, const char* good) {
  object content = object::object();
  for (const auto kind : rule.offers) content[std::string{content_type(kind)}] = object::object();
  object ok{{"description", "done"}};
  if (std::string_view{good} == "200") ok["content"] = std::move(content);
  return {{good, std::move(ok)},
          {"401", {{"description", "no login, or not a valid one"}}},
          {"403", {{"description", "not for this party"}}},
          {"404", {{"description", "no such resource"}}}};
}

object list_of() {
  return {{"get",
           {{"responses",
             {{"200",
               {{"description", "URIs"},
                {"content",
                 {{"application/json", {{"schema", {{"type", "array"}, {"items", {{"type", "string"}}}}}}}}}}}}}}}};
}

}  // namespace

std::string describe_api(const std::vector<http::resource_rule>& rules, http::role who, std::string_view version) {
  const std::string root = "/smgw/" + std::string{to_string(who)} + "/v1/";
  object paths = object::object();
  paths["/smgw/"] = paths[root] = list_of();
  for (const auto& rule : rules) {
    if (!has(rule.roles, who)) continue;
    const bool action = rule.where == http::branch::fas;
    const std::string branch = action ? "fas/" : rule.where == http::branch::rts ? "rts/" : "exp/";
    paths[root + branch] = list_of();
    if (action) {
      paths[root + branch + rule.name] = {{"post", {{"responses", answers_of(rule, "202")}}}};
      continue;
    }
    paths[root + branch + rule.name + "/"] = list_of();
    paths[root + branch + rule.name + "/{id}"] = {
        {"get", {{"parameters", parameters_of(rule, true)}, {"responses", answers_of(rule, "200")}}}};
  }
  const object all{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Home network interface of a Smart Meter Gateway"},
        {"version", version},
        {"description", "Paths and parameters: BSI TR-03109-1, detail specification 6. Contents: PROPOSED."}}},
      {"components",
       {{"securitySchemes",
         {{"digest", {{"type", "http"}, {"scheme", "digest"}}}, {"certificate", {{"type", "mutualTLS"}}}}}}},
      {"security", object::array({{{"digest", object::array()}}, {{"certificate", object::array()}}})},
      {"paths", std::move(paths)}};
  return all.dump(2);
}

}  // namespace smgw::han
