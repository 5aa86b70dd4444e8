// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The tree as the administrator reads it: each document and each live value as an object of COSEM.
#include "actors/wan/management_places.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::management {
namespace {

using cosem::attribute_value;
using cosem::data;
using cosem::data_type;
using cosem::device_value;
using cosem::object_value;

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

/// The part of a list that the query asks for.
template <class T>
std::span<const T> chosen(const std::vector<T>& list, const cosem::selection& query) {
  const auto from = std::min<std::size_t>(query.from_index - 1, list.size());
  return std::span{list}.subspan(from, std::min<std::size_t>(query.count.value_or(UINT32_MAX), list.size() - from));
}

}  // namespace

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

}  // namespace smgw::management
