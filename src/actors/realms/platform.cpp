// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/scan.hpp"
#include "actors/platform/state_keeper.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/realms/realm.hpp"

#include <algorithm>

namespace smgw::realms {

namespace {

state_parts state_parts_of(const tree_parts& p, const board& h) {
  std::vector<std::string> consumers;
  for (const auto& e : p.profiles.evaluations) consumers.push_back(e.consumer);
  std::ranges::sort(consumers);
  const auto twice = std::ranges::unique(consumers);
  consumers.erase(twice.begin(), twice.end());
  return {p.conditions,
          p.check_crypto,
          p.profiles.log.value_storage_percent,
          std::move(consumers),
          h.get<store_actor>("store"),
          h.get<ledger_actor>("ledger"),
          h.get<key_token_actor>("key_token"),
          p.now,
          p.announce};
}

}  // namespace

std::vector<child_spec> platform(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  return {child(c, "state", [p, h](auto* self) { return self->spawn(state_keeper, state_parts_of(*p, *h)); }),
          child(c, "scan", [h](auto* self) { return self->spawn(scan_board, [h] { return h->links(); }); }),
          child(c, "status", [h](auto* self) { return self->spawn(status_board, [h] { return h->reporters(); }); })};
}

}  // namespace smgw::realms
