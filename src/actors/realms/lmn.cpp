// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/link.hpp"
#include "actors/lmn/oem_link.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {
namespace {

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
      link_parts made{port.id, {}, p->open_port(port), p->now, p->announce};
      for (const auto* m : p->profiles.meters_on(port.id))
        if (m->active) made.meters.push_back({*m, h->template get<meter_actor>("meter " + std::string(m->id.text()))});
      return spawn(self, p->own_threads, lmn_link, std::move(made));
    }));
  return children;
}

}  // namespace smgw::realms
