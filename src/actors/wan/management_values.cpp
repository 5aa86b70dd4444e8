// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What the administrator sets: the values of its request, and the configuration with them in it.
#include "actors/wan/management_places.hpp"
#include "base/check.hpp"
#include "domain/profile/forms.hpp"
#include "domain/profile/json.hpp"

#include <algorithm>
#include <array>

namespace smgw::management {
namespace {

using cosem::data;
using cosem::data_type;
using cosem::device_value;
using cosem::object_value;

/// The kinds of profiles that can be set, with the member that names what they are about.
struct row {
  object what;
  std::string_view kind;       ///< member `profile` of the document
  std::string_view id_member;  ///< empty: there is one of them, in the gateway's device
};
constexpr std::array rows{row{object::meter, "meter", "device_id"},
                          row{object::wan, "wan", "id"},
                          row{object::proxy, "proxy", "id"},
                          row{object::han, "han", "id"},
                          row{object::evaluation, "evaluation", "id"},
                          row{object::log, "log", {}},
                          row{object::time, "time", {}}};

const row* row_of(const cosem::object_id& id) {
  if (id.class_id != class_data) return nullptr;
  const auto found = std::ranges::find(rows, id.name, [](const row& r) { return name_of(r.what); });
  return found == rows.end() ? nullptr : &*found;
}

std::string id_of(const row& r, std::string_view device) {
  if (r.id_member.empty() || !device.ends_with(suffix)) return {};
  const std::string id{device.substr(0, device.size() - suffix.size())};
  if (r.what != object::meter) return id;
  const auto meter = device_id::parse(id);
  return meter ? std::string(meter->text()) : std::string{};
}

/// The document must be about what its address names: else one profile could take the place of another.
expected<void> check_document(const row& r, std::string_view device, std::string_view content) {
  SMGW_TRY(const auto tree, profile::json::parse(content));
  const auto member = [&](std::string_view name) -> std::string {
    const auto* found = tree.find(name);
    return found == nullptr ? std::string{} : found->text;
  };
  if (member("profile") != r.kind)
    return fail(errc::malformed, "the profile at this address says \"profile\": \"" + std::string(r.kind) + "\"");
  if (r.id_member.empty()) return {};
  const auto given =
      r.what == object::meter
          ? device_id::parse(member(r.id_member)).transform([](const device_id& d) { return std::string(d.text()); })
          : expected<std::string>(member(r.id_member));
  if (!given || *given != id_of(r, device))
    return fail(errc::malformed, "the profile's \"" + std::string(r.id_member) + "\" is not that of its address, " +
                                     std::string(device));
  return {};
}

/// The one value that an object of a document takes.
expected<const data*> value_of(const object_value& o) {
  const data* value = nullptr;
  for (const auto& a : o.attributes) {
    if (a.id == 1 && a == logical_name(o.id.name)) continue;
    if (a.id != 2) return fail(errc::malformed, "only attribute 2 of this object can be set");
    value = &a.value;
  }
  if (value == nullptr) return fail(errc::malformed, "attribute 2 is missing");
  return value;
}

expected<void> set_certificate(configuration& to, const std::string& name, const data& value) {
  if (!profile::forms::is_certificate_file(name))
    return fail(errc::malformed, "certificate: a file name that ends in .pem, .crt, .cer or .der");
  if (value.type == data_type::null_data) {
    to.certificates.erase(name);
    return {};
  }
  const auto* octets = std::get_if<bytes>(&value.value);
  if (octets == nullptr || octets->empty()) return fail(errc::malformed, "a certificate is an octet-string");
  if (to.certificates.size() == max_certificates && !to.certificates.contains(name))
    return fail(errc::exhausted, "no more than " + std::to_string(max_certificates) + " certificates");
  to.certificates[name] = *octets;
  return {};
}

expected<void> set_document(configuration& to, const std::vector<place>& places, const row& r,
                            const std::string& device, const data& value) {
  const auto known =
      std::ranges::find_if(places, [&](const place& p) { return p.what == r.what && p.device == device; });
  if (value.type == data_type::null_data) {
    if (known == places.end()) return nothing_there();
    to.profiles.erase(known->document);
    return {};
  }
  const auto* content = std::get_if<std::string>(&value.value);
  if (content == nullptr) return fail(errc::malformed, "a profile is a UTF8-string with its JSON");
  SMGW_CHECK(check_document(r, device, *content));
  const auto id = id_of(r, device);
  const auto fresh = "administrator/" + std::string(r.kind) + (id.empty() ? "" : "-" + id) + ".json";
  to.profiles[known == places.end() ? fresh : known->document] = *content;
  return {};
}

expected<void> set_object(configuration& to, const std::vector<place>& places, const device_id& gateway,
                          const std::string& device, const object_value& o) {
  const bool own = device == device_of(gateway);
  if (o.id == cosem::object_id{class_data, name_of(object::certificate)}) {
    SMGW_TRY(const auto* value, value_of(o));
    return set_certificate(to, device, *value);
  }
  const auto* r = row_of(o.id);
  if (r == nullptr) return own ? fail(errc::denied, "this object is read only") : nothing_there();
  if (r->id_member.empty() != own || (!own && id_of(*r, device).empty())) return nothing_there();
  SMGW_TRY(const auto* value, value_of(o));
  return set_document(to, places, *r, device, *value);
}

}  // namespace

expected<std::vector<device_value>> values_of(const cosem::address& where, std::string_view body) {
  using cosem::node;
  std::vector<device_value> values;
  switch (where.kind) {
    case node::attribute: {
      SMGW_TRY(auto a, cosem::read_attribute(body));
      if (a.id != where.index) return fail(errc::malformed, "the attribute's id is not that of the address");
      values.push_back({where.device, {{where.object, 0, {std::move(a)}}}});
      break;
    }
    case node::object: {
      SMGW_TRY(auto o, cosem::read_object_value(body));
      if (o.id != where.object) return fail(errc::malformed, "the object's id is not that of the address");
      values.push_back({where.device, {std::move(o)}});
      break;
    }
    case node::device: {
      SMGW_TRY(auto d, cosem::read_device(body));
      if (d.id != where.device) return fail(errc::malformed, "the device's id is not that of the address");
      values.push_back(std::move(d));
      break;
    }
    case node::container: {
      SMGW_TRY(auto objects, cosem::read_container(body));
      values.push_back({where.device, std::move(objects)});
      break;
    }
    case node::top_container: return cosem::read_devices(body);
    default: return fail(errc::unsupported, "nothing can be set here");
  }
  return values;
}

expected<configuration> change(const configuration& told, const profile::profile_set& set,
                               const std::vector<device_value>& values) {
  configuration next = told;
  ++next.revision;
  const auto places = places_of(told, set);
  bool any = false;
  for (const auto& d : values)
    for (const auto& o : d.objects) {
      SMGW_CHECK(set_object(next, places, set.self.id, d.id, o));
      any = true;
    }
  if (!any) return fail(errc::malformed, "nothing to set");
  return next;
}

expected<configuration> erase(const configuration& told, const profile::profile_set& set, const cosem::address& where) {
  configuration next = told;
  ++next.revision;
  bool any = false;
  for (const auto& p : places_of(told, set)) {
    if (p.device != where.device) continue;
    if (where.kind == cosem::node::object && where.object != cosem::object_id{class_data, name_of(p.what)}) continue;
    if (p.what == object::gateway) return fail(errc::denied, "the gateway's own profile stays");
    any = true;
    if (p.what == object::certificate)
      next.certificates.erase(p.document);
    else
      next.profiles.erase(p.document);
  }
  if (any) return next;
  if (where.device == device_of(set.self.id)) return fail(errc::denied, "this object is read only");
  return nothing_there();
}

}  // namespace smgw::management
