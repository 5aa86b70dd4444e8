// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/realms/realm.hpp"
#include "actors/wan/administrator.hpp"
#include "actors/wan/firmware_loader.hpp"

namespace smgw::realms {

/// Before all that profiles say: the connection over which they are changed outlives the change.
std::vector<child_spec> administration(const context& c) {
  std::vector<child_spec> children;
  if (c.parts->open_slot)
    children.push_back(child(c, "firmware", [c](auto* self) {
      return spawn(self, c.parts->own_threads, firmware_loader,
                   firmware_parts{c.current, c.get<store_actor>("store"), c.get<ledger_actor>("ledger")});
    }));
  children.push_back(child(c, "administrator", [c](auto* self) {
    const auto h = c.handles;
    return self->spawn(administrator,
                       administrator_parts{c.current, c.apply, c.get<store_actor>("store"),
                                           c.get<ledger_actor>("ledger"), c.get<key_token_actor>("key_token"),
                                           [h] { return h->template get<status_actor>("status"); },
                                           [h] { return h->template get<outbox_actor>("outbox"); },
                                           [h] { return h->template get<firmware_actor>("firmware"); },
                                           [h] { return h->template get<proxy_actor>("proxy"); }});
  }));
  return children;
}

}  // namespace smgw::realms
