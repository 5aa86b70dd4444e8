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
                       smgw::cls::proxy_parts{
                           .routes = p->home->routes,
                           .door = p->home->proxy_door,
                           .listen = p->profiles.self.home->proxy,
                           .connections = p->profiles.self.home->proxy_connections,
                           .store = h->template get<store_actor>("store"),
                           .ledger = h->template get<ledger_actor>("ledger"),
                           .find_responder = [h] { return h->template get<responder_actor>("responder"); },
                           .now = p->now,
                           .announce = p->announce,
                       });
  })};
}

}  // namespace smgw::realms
