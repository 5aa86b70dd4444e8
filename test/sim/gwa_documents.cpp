// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "gwa_documents.hpp"

#include "actors/wan/management.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>

namespace smgw::sim {

using management::object;

namespace {

/// One value of an answer as people read it: texts as they are, lists line by line, octets in hex.
void print_value(pugi::xml_node value, std::ostream& out, const std::string& indent) {
  const std::string_view type = value.name();
  if (type == "array" || type == "structure") {
    for (const auto child : value.children()) print_value(child, out, type == "array" ? indent : indent + "  ");
    return;
  }
  out << indent << value.text().as_string() << "\n";
}

}  // namespace

void print_document(const std::string& document, std::ostream& out) {
  pugi::xml_document parsed;
  if (!parsed.load_string(document.c_str())) {
    out << document << "\n";
    return;
  }
  const auto root = parsed.document_element();
  const std::string_view kind = root.name();
  if (kind == "attribute") return print_value(root.first_child(), out, "");
  if (kind == "methodResponse") return print_value(root.child("methodResponseData").first_child(), out, "");
  if (kind == "object" || kind == "attributes") {
    for (const auto a : (kind == "object" ? root.child("attributes") : root).children()) {
      if (a.attribute("id").as_int() == 1) continue;
      out << "attribute " << a.attribute("id").as_int() << ":\n";
      print_value(a.first_child(), out, "  ");
    }
    return;
  }
  std::ostringstream text;
  parsed.save(text, "  ");
  out << text.str();
}

expected<profile_place> place_of(std::string_view json, const device_id& gateway) {
  const auto tree = nlohmann::json::parse(json, nullptr, false);
  if (!tree.is_object() || !tree.contains("profile")) return fail(errc::malformed, "not a profile");
  const auto kind = tree.value("profile", std::string());
  struct row {
    std::string_view kind;
    object what;
    const char* id;
  };
  static constexpr row rows[] = {{"meter", object::meter, "device_id"},    {"wan", object::wan, "id"},
                                 {"proxy", object::proxy, "id"},           {"han", object::han, "id"},
                                 {"evaluation", object::evaluation, "id"}, {"log", object::log, nullptr},
                                 {"time", object::time, nullptr},          {"gateway", object::gateway, nullptr}};
  for (const auto& r : rows) {
    if (r.kind != kind) continue;
    const cosem::object_id o{management::class_data, management::name_of(r.what)};
    if (r.id == nullptr) return profile_place{management::device_of(gateway), o};
    const auto id = tree.value(r.id, std::string());
    if (r.what != object::meter) return profile_place{id + ".sm", o};
    SMGW_TRY(const auto meter, device_id::parse(id));
    return profile_place{management::device_of(meter), o};
  }
  return fail(errc::malformed, "no kind of profile: " + kind);
}

expected<std::string> container_of(const std::map<std::string, std::string>& files, const device_id& gateway) {
  std::vector<cosem::device_value> devices;
  const auto add = [&](const profile_place& p, cosem::data value) {
    auto found = std::ranges::find(devices, p.device, &cosem::device_value::id);
    if (found == devices.end()) found = devices.insert(devices.end(), {p.device, {}});
    found->objects.push_back({p.object, 0, {{2, std::move(value)}}});
  };
  for (const auto& [name, content] : files) {
    if (name.ends_with(".json")) {
      SMGW_TRY(const auto place, place_of(content, gateway));
      add(place, {cosem::data_type::utf8_string, content});
    } else {
      const auto octets = as_bytes(content);
      add({name, {management::class_data, management::name_of(object::certificate)}},
          {cosem::data_type::octet_string, bytes(octets.begin(), octets.end())});
    }
  }
  return cosem::write_container({65535, {{0, 0, 98, 10, 1, 255}}}, devices);
}

}  // namespace smgw::sim
