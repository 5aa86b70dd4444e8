// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What stands where: the documents of the configuration, and the methods.
#include "actors/wan/management.hpp"

#include "actors/wan/management_places.hpp"

#include <array>

namespace smgw::management {

std::string device_of(const device_id& id) { return id.lower() + std::string(suffix); }

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

cosem::attribute_value logical_name(const obis& name) {
  return {1, cosem::data{cosem::data_type::octet_string, bytes(name.code.begin(), name.code.end())}};
}

std::unexpected<error> nothing_there() { return fail(errc::unsupported, "nothing is there"); }

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
