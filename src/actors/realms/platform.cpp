// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/scan.hpp"
#include "actors/platform/panel.hpp"
#include "actors/platform/port_slot.hpp"
#include "actors/platform/state_keeper.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/platform/updater.hpp"
#include "actors/platform/watchdog_feeder.hpp"
#include "actors/realms/realm.hpp"

#include <algorithm>

namespace smgw::realms {
namespace {

std::set<std::string> radios_of(const tree_parts& p) {
  std::set<std::string> ids;
  for (const auto& port : p.profiles.self.lmn_ports)
    if (port.protocol == profile::lmn_protocol::wmbus) ids.insert(port.id);
  return ids;
}

state_parts state_parts_of(const tree_parts& p, const board& h, std::function<void()> reopen_home) {
  std::vector<std::string> consumers;
  for (const auto& e : p.profiles.evaluations) consumers.push_back(e.consumer);
  std::ranges::sort(consumers);
  const auto twice = std::ranges::unique(consumers);
  consumers.erase(twice.begin(), twice.end());
  return {p.conditions,
          p.check_crypto,
          p.profiles.log.value_storage_percent,
          std::move(consumers),
          p.certificate_ends,
          h.get<store_actor>("store"),
          h.get<ledger_actor>("ledger"),
          h.get<key_token_actor>("key_token"),
          std::move(reopen_home),
          p.now,
          p.announce};
}

}  // namespace

std::vector<child_spec> platform(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  std::vector<child_spec> children{
      child(c, "state",
            [p, h, reopen = c.reopen_home](auto* self) {
              return self->spawn(state_keeper, state_parts_of(*p, *h, reopen));
            }),
      child(c, "scan", [h](auto* self) { return self->spawn(scan_board, [h] { return h->links(); }); }),
      child(c, "status", [p, h](auto* self) {
        return self->spawn(status_board, [p, h] {
          return h->reporters(smgw::platform::at_work(p->ports.update.get(), staging_budget));
        });
      })};
  const auto status = [h] { return h->get<status_actor>("status"); };
  if (p->ports.watchdog)
    children.push_back(child(c, "watchdog", [p, status](auto* self) {
      return self->spawn(watchdog_feeder, feeder_parts{p->ports.watchdog, status(), p->announce});
    }));
  if (p->ports.display)
    children.push_back(child(c, "panel", [p, status](auto* self) {
      return spawn(self, p->own_threads, panel, panel_parts{p->ports.display, radios_of(*p), status(), p->announce});
    }));
  if (p->ports.update)
    children.push_back(child(c, "update", [p, h, status](auto* self) {
      return spawn(
          self, p->own_threads, updater,
          updater_parts{p->ports.update, status(), h->template get<ledger_actor>("ledger"), p->now, p->announce});
    }));
  return children;
}

}  // namespace smgw::realms
