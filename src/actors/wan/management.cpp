// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "domain/profile/forms.hpp"
#include "domain/profile/json.hpp"

#include <algorithm>
#include <array>

namespace smgw::management {
namespace {

using cosem::attribute_value;
using cosem::data;
using cosem::data_type;
using cosem::device_value;
using cosem::object_value;

constexpr std::string_view suffix = ".sm";

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

/// One document and where it stands in the tree.
struct place {
  object what = object::meter;
  std::string device;
  std::string document;  ///< name in the configuration
};

std::vector<place> places_of(const configuration& told, const profile::profile_set& set) {
  std::vector<place> all;
  const auto own = device_of(set.self.id);
  const auto add = [&](object what, std::string device, const std::string& document) {
    all.push_back({what, std::move(device), document});
  };
  add(object::gateway, own, set.self.name);
  if (!set.log.name.empty()) add(object::log, own, set.log.name);
  if (set.time) add(object::time, own, set.time->name);
  for (const auto& m : set.meters) add(object::meter, device_of(m.id), m.name);
  for (const auto& w : set.wans) add(object::wan, w.id + std::string(suffix), w.name);
  for (const auto& p : set.proxies) add(object::proxy, p.id + std::string(suffix), p.name);
  for (const auto& h : set.hans) add(object::han, h.id + std::string(suffix), h.name);
  for (const auto& e : set.evaluations) add(object::evaluation, e.id + std::string(suffix), e.name);
  for (const auto& [name, content] : told.certificates) add(object::certificate, name, name);
  return all;
}

attribute_value logical_name(const obis& name) {
  return {1, data{data_type::octet_string, bytes(name.code.begin(), name.code.end())}};
}
attribute_value text(int id, std::string value) { return {id, data{data_type::utf8_string, std::move(value)}}; }

object_value make(std::uint16_t class_id, const obis& name, std::vector<attribute_value> more) {
  object_value o{{class_id, name}, 0, {logical_name(name)}};
  o.attributes.insert(o.attributes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return o;
}

object_value document_object(const configuration& told, const place& p) {
  if (p.what == object::certificate)
    return make(class_data, name_of(p.what), {{2, data{data_type::octet_string, told.certificates.at(p.document)}}});
  const auto found = told.profiles.find(p.document);
  return make(class_data, name_of(p.what), {text(2, found == told.profiles.end() ? std::string{} : found->second)});
}

/// COSEM date-time, 12 octets, in UTC (IEC 62056-6-2).
bytes date_time(timestamp t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  bytes out;
  put_be(out, static_cast<std::uint16_t>(static_cast<int>(date.year())));
  for (const auto part : {static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                          std::chrono::weekday{day}.iso_encoding(), static_cast<unsigned>(time.hours().count()),
                          static_cast<unsigned>(time.minutes().count()), static_cast<unsigned>(time.seconds().count()),
                          static_cast<unsigned>(time.subseconds().count() / 10)})
    out.push_back(static_cast<std::uint8_t>(part));
  put_be(out, std::uint16_t{0});  // deviation from UTC
  out.push_back(0);               // clock status: valid
  return out;
}

void add_own_objects(device_value& own, const profile::profile_set& set, const live_values& live) {
  const auto log = [](const obis& name, std::uint32_t records) {
    return make(class_profile_generic, name, {{7, data{data_type::double_long_unsigned, std::uint64_t{records}}}});
  };
  std::vector<data> certificates;
  for (const auto& c : live.own_certificates) certificates.push_back({data_type::octet_string, c});
  own.objects.push_back(make(class_data, device_id_name, {text(2, std::string(set.self.id.text()))}));
  own.objects.push_back(make(class_data, firmware_name, {text(2, live.firmware)}));
  own.objects.push_back(make(class_clock, clock_name, {{2, data{data_type::date_time, date_time(live.now)}}}));
  own.objects.push_back(log(system_log_name, live.system_records));
  own.objects.push_back(log(calibration_log_name, live.calibration_records));
  own.objects.push_back(make(class_data, name_of(object::self_test), {text(2, live.self_test)}));
  own.objects.push_back(
      make(class_data, name_of(object::own_certificates), {{2, data{data_type::array, std::move(certificates)}}}));
  own.objects.push_back(make(class_data, name_of(object::life_cycle), {text(2, live.life_cycle)}));
  own.objects.push_back(make(class_image, image_name, {text(2, live.image)}));
}

device_value& device_in(std::vector<device_value>& all, const std::string& id) {
  const auto found = std::ranges::find(all, id, &device_value::id);
  if (found != all.end()) return *found;
  return all.emplace_back(device_value{id, {}});
}

std::unexpected<error> nothing_there() { return fail(errc::unsupported, "nothing is there"); }

/// The part of a list that the query asks for.
template <class T>
std::span<const T> chosen(const std::vector<T>& list, const cosem::selection& query) {
  const auto from = std::min<std::size_t>(query.from_index - 1, list.size());
  return std::span{list}.subspan(from, std::min<std::size_t>(query.count.value_or(UINT32_MAX), list.size() - from));
}

// --- changes

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

std::string device_of(const device_id& id) { return id.lower() + std::string(suffix); }

std::vector<device_value> tree(const configuration& told, const profile::profile_set& set, const live_values& live) {
  std::vector<device_value> all;
  add_own_objects(device_in(all, device_of(set.self.id)), set, live);
  for (const auto& p : places_of(told, set)) device_in(all, p.device).objects.push_back(document_object(told, p));
  return all;
}

expected<std::string> show(const std::vector<device_value>& all, const cosem::address& where) {
  using cosem::node;
  const auto& q = where.query;
  if (where.kind == node::root) return cosem::write_cosem(all, q.depth);
  if (where.kind == node::devices) return cosem::write_devices(chosen(all, q), q.depth);
  const auto device = std::ranges::find(all, where.device, &device_value::id);
  if (device == all.end()) return nothing_there();
  if (where.kind == node::device) return cosem::write_device(*device, q.depth);
  if (where.kind == node::objects) return cosem::write_objects(chosen(device->objects, q), q.depth);
  const auto o = std::ranges::find(device->objects, where.object, &object_value::id);
  if (o == device->objects.end()) return nothing_there();
  if (where.kind == node::object) return cosem::write_object(*o);
  if (where.kind == node::attributes) return cosem::write_attributes(chosen(o->attributes, q), q.depth);
  if (where.kind != node::attribute) return nothing_there();
  const auto a = std::ranges::find(o->attributes, where.index, &attribute_value::id);
  if (a == o->attributes.end()) return nothing_there();
  return cosem::write_attribute(*a);
}

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

expected<action> action_of(const cosem::address& where, const device_id& gateway) {
  struct method {
    cosem::object_id of;
    int index;
    action what;
  };
  static constexpr auto data_object = [](object o) { return cosem::object_id{class_data, name_of(o)}; };
  static const std::array methods{
      method{data_object(object::self_test), 1, action::self_test},
      method{data_object(object::own_certificates), 1, action::request_certificates},
      method{data_object(object::own_certificates), 2, action::install_certificates},
      method{{class_profile_generic, system_log_name}, 3, action::deliver_log},
      method{{class_profile_generic, calibration_log_name}, 3, action::deliver_log},
      method{{class_image, image_name}, 1, action::transfer_firmware},
      method{{class_image, image_name}, 4, action::activate_firmware},
      method{{class_image, image_name}, 5, action::confirm_firmware},
      method{{class_image, image_name}, 6, action::roll_back_firmware},
      method{{class_image, image_name}, 7, action::abandon_firmware},
      method{data_object(object::life_cycle), 1, action::commission},
      method{data_object(object::life_cycle), 2, action::decommission},
  };
  if (where.kind != cosem::node::method) return nothing_there();
  if (where.object == data_object(object::proxy) && where.index == 1 && where.device.ends_with(suffix))
    return action::open_proxy;
  if (where.device != device_of(gateway)) return nothing_there();
  for (const auto& m : methods)
    if (m.of == where.object && m.index == where.index) return m.what;
  return nothing_there();
}

}  // namespace smgw::management
