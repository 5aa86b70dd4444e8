// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/realms/realm.hpp"

namespace smgw::realms {

std::vector<child_spec> foundation(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  return {child(c, "key_token", [p](auto* self) { return spawn(self, p->own_threads, key_token, p->keys); }),
          child(c, "store",
                [p](auto* self) {
                  return spawn(self, p->own_threads, store_keeper, store_parts{p->open_store, p->announce});
                }),
          child(c, "ledger", [p, h](auto* self) {
            return self->spawn(ledger_keeper,
                               ledger_parts{h->get<store_actor>("store"), h->get<key_token_actor>("key_token"),
                                            p->profiles.log, p->now, p->announce, p->conditions});
          })};
}

}  // namespace smgw::realms
