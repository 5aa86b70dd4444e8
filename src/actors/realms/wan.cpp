// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/realms/realm.hpp"
#include "actors/wan/market.hpp"

namespace smgw::realms {

std::vector<child_spec> wan(const context& c) {
  std::vector<child_spec> children;
  const auto p = c.parts;
  const auto h = c.handles;
  for (const auto& w : p->profiles.wans)
    if (w.role == profile::wan_role::market_participant)
      children.push_back(child(c, "market " + w.id, [p, h, w](auto* self) {
        return self->spawn(
            market,
            market_parts{w, h->template get<outbox_actor>("outbox"), h->template get<key_token_actor>("key_token"),
                         h->template get<ledger_actor>("ledger"), p->dial(w), p->now, p->announce, p->seed});
      }));
  return children;
}

}  // namespace smgw::realms
