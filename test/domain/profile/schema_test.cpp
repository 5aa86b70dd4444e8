// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/documents.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::documents;

namespace {

json schema_of(const std::string& kind) {
  return json::parse(slurp(SMGW_SOURCE_DIR "/profiles/schema/" + kind + ".schema.json"));
}

/// Enough of JSON Schema for these: type, properties, required, items, const, enum, bounds.
void check(const json& schema, const json& v, const std::string& at, std::vector<std::string>& faults) {
  if (schema.is_boolean()) return;
  const auto type = schema.value("type", "");
  const bool fits = type.empty() || (type == "object" && v.is_object()) || (type == "array" && v.is_array()) ||
                    (type == "string" && v.is_string()) || (type == "boolean" && v.is_boolean()) ||
                    (type == "integer" && v.is_number_integer());
  if (!fits) return faults.push_back(at + ": type");
  if (schema.contains("const") && schema["const"] != v) faults.push_back(at + ": const");
  if (schema.contains("enum") && std::ranges::find(schema["enum"], v) == schema["enum"].end())
    faults.push_back(at + ": enum");
  if (v.is_number_integer() && schema.contains("minimum") && (v < schema["minimum"] || v > schema["maximum"]))
    faults.push_back(at + ": range");
  if (v.is_array()) {
    if (v.size() < schema["minItems"] || v.size() > schema["maxItems"]) faults.push_back(at + ": items");
    for (const auto& item : v) check(schema["items"], item, at + "/-", faults);
  }
  if (!v.is_object()) return;
  for (const auto& name : schema["required"])
    if (!v.contains(name)) faults.push_back(at + ": no " + name.get<std::string>());
  for (const auto& [name, member] : v.items()) {
    if (!schema["properties"].contains(name))
      faults.push_back(at + "/" + name + ": unknown");
    else
      check(schema["properties"][name], member, at + "/" + name, faults);
  }
}

}  // namespace

TEST_CASE("the examples follow the schemas") {
  for (const auto& [name, doc] : examples()) {
    std::vector<std::string> faults;
    check(schema_of(doc["profile"]), doc, name, faults);
    for (const auto& f : faults) UNSCOPED_INFO(f);
    CHECK(faults.empty());
  }
}

TEST_CASE("schemas and code know the same members") {
  for (const auto* kind : {"gateway", "log", "meter", "wan", "evaluation", "han", "proxy", "time"}) {
    const auto schema = schema_of(kind);
    json doc;
    for (const auto& [name, rule] : schema["properties"].items()) doc[name] = nullptr;
    doc["profile"] = kind;
    doc["version"] = 1;
    const auto knows = [](const json& d, const std::string& member) {
      const auto found = load({{"x.json", d}}).found;
      return std::ranges::none_of(
          found, [&](const auto& p) { return p.pointer == "/" + member && p.reason == "an unknown member"; });
    };
    for (const auto& [name, rule] : schema["properties"].items()) CHECK(knows(doc, name));
    doc["surely_unknown"] = 1;
    CHECK_FALSE(knows(doc, "surely_unknown"));
    // and what code calls missing is required by the schema
    for (const auto& p : load({{"x.json", json{{"profile", kind}, {"version", 1}}}}).found) {
      if (p.reason != "the member is missing") continue;
      const auto member = p.pointer.substr(1);
      if (std::string{kind} == "evaluation" && member == "inputs") continue;  // required unless TAF 13
      if (std::string{kind} == "han" && member == "consumer") continue;       // required for consumers
      CHECK(std::ranges::find(schema["required"], json(member)) != schema["required"].end());
    }
  }
}
