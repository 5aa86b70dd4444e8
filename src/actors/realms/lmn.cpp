// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/link.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {

std::vector<child_spec> lmn(const context& c) {
  std::vector<child_spec> children;
  const auto p = c.parts;
  const auto h = c.handles;
  for (const auto& port : p->profiles.self.lmn_ports)
    children.push_back(child(c, "link " + port.id, [p, h, port](auto* self) {
      link_parts made{port.id, {}, p->open_port(port), p->now, p->announce};
      for (const auto* m : p->profiles.meters_on(port.id))
        if (m->active) made.meters.push_back({*m, h->template get<meter_actor>("meter " + std::string(m->id.text()))});
      return spawn(self, p->own_threads, lmn_link, std::move(made));
    }));
  return children;
}

}  // namespace smgw::realms
