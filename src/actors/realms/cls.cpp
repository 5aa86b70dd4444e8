// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/proxy.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {

std::vector<child_spec> cls(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  if (!p->home || p->home->routes.empty() || !p->profiles.self.home) return {};
  return {child(c, "proxy", [p, h](auto* self) {
    return self->spawn(smgw::cls::proxy,
                       smgw::cls::proxy_parts{p->home->routes, p->home->proxy_door, p->profiles.self.home->proxy,
                                              h->template get<ledger_actor>("ledger"), p->now, p->announce});
  })};
}

}  // namespace smgw::realms
