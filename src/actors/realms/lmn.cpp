// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/bus_line.hpp"
#include "actors/lmn/link.hpp"
#include "actors/lmn/oem_link.hpp"
#include "actors/lmn/scan.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {
namespace {

line_function line_of(const tree_parts& p, profile::lmn_port port, std::vector<profile::meter> meters) {
  // A line that an OEM opens has one rate: readouts stay at the opening rate there.
  if (p.ports.open_serial && port.protocol == profile::lmn_protocol::d0) port.serial.clear();
  if (p.ports.open_radio && port.protocol == profile::lmn_protocol::wmbus)
    port.receiver = profile::radio_receiver::supplied;
  if (port.protocol != profile::lmn_protocol::hdlc)
    return [port, meters = std::move(meters)] { return smgw::lmn::make_line(port, meters); };
  return [port, meters = std::move(meters),
          parts = smgw::lmn::bus_parts{.gateway = p.profiles.self.id, .tls = p.meter_tls}] {
    return expected<std::unique_ptr<smgw::lmn::line>>(smgw::lmn::make_bus_line(port, meters, parts));
  };
}

link_parts link_parts_of(const tree_parts& p, const board& h, const profile::lmn_port& port) {
  std::vector<profile::meter> meters;
  std::vector<meter_actor> actors;
  for (const auto* m : p.profiles.meters_on(port.id)) {
    if (!m->active) continue;
    meters.push_back(*m);
    actors.push_back(h.get<meter_actor>("meter " + std::string(m->id.text())));
  }
  // A meter on a wired bus that is not active any more is released: without an actor, it gives no values.
  if (port.protocol == profile::lmn_protocol::hdlc)
    for (const auto* m : p.profiles.meters_on(port.id))
      if (!m->active && !m->key.empty()) meters.push_back(*m);
  return {port.id,           line_of(p, port, std::move(meters)),
          std::move(actors), h.get<store_actor>("store"),
          p.open_port(port), p.now,
          p.announce};
}

oem_link_parts oem_link_parts_of(const tree_parts& p, const board& h, const profile::lmn_port& port,
                                 std::shared_ptr<ports::meter_protocol> protocol) {
  oem_link_parts made{port.id, {}, p.open_port(port), p.now, p.announce, std::move(protocol)};
  for (const auto* m : p.profiles.meters_on(port.id))
    if (m->active) made.meters.emplace(m->id, h.get<meter_actor>("meter " + std::string(m->id.text())));
  return made;
}

}  // namespace

std::vector<child_spec> lmn(const context& c) {
  std::vector<child_spec> children;
  const auto p = c.parts;
  const auto h = c.handles;
  for (const auto& port : p->profiles.self.lmn_ports)
    children.push_back(child(c, "link " + port.id, [p, h, port](auto* self) {
      if (auto spoken = p->ports.make_protocol ? p->ports.make_protocol(port.id) : nullptr)
        return spawn(self, p->own_threads, oem_link, oem_link_parts_of(*p, *h, port, std::move(spoken)));
      return spawn(self, p->own_threads, lmn_link, link_parts_of(*p, *h, port));
    }));
  return children;
}

}  // namespace smgw::realms
