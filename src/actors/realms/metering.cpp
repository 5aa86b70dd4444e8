// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/contract.hpp"
#include "actors/metering/meter.hpp"
#include "actors/metering/outbox.hpp"
#include "actors/metering/retention.hpp"
#include "actors/realms/realm.hpp"

#include <algorithm>

namespace smgw::realms {
namespace {

contract_parts contract_parts_of(const tree_parts& p, const board& h, const profile::evaluation& e) {
  contract_parts made{e,
                      {},
                      h.get<store_actor>("store"),
                      h.get<ledger_actor>("ledger"),
                      h.get<outbox_actor>("outbox"),
                      p.now,
                      p.announce,
                      p.seed,
                      [wans = p.profiles.wans](const std::string& id) {
                        const auto found = std::ranges::find(wans, id, &profile::wan::id);
                        return found == wans.end() ? profile::body_format::cosem_xml : found->format;
                      },
                      p.pseudonyms};
  for (const auto& input : e.inputs)
    if (const auto* m = p.profiles.find_meter(input.meter))
      made.inputs.push_back({m->id, input.register_name, m->period});
  return made;
}

meter_parts meter_parts_of(const tree_parts& p, const board& h, const profile::meter& m) {
  meter_parts made{m,
                   {},
                   false,
                   h.get<store_actor>("store"),
                   h.get<ledger_actor>("ledger"),
                   h.get<key_token_actor>("key_token"),
                   p.now,
                   p.announce,
                   p.time_valid,
                   p.conditions};
  for (const auto& e : p.profiles.evaluations)
    for (const auto& input : e.inputs) {
      if (input.meter != m.id) continue;
      made.subscriptions.push_back({input.register_name, h.get<contract_actor>("contract " + e.id)});
      made.sign = made.sign || e.inner_signature;
    }
  return made;
}

}  // namespace

std::vector<child_spec> metering(const context& c) {
  std::vector<child_spec> children;
  const auto p = c.parts;
  const auto h = c.handles;
  children.push_back(child(c, "outbox", [p, h](auto* self) {
    const auto* gwa = p->profiles.administrator();
    return self->spawn(
        outbox, outbox_parts{h->template get<store_actor>("store"), h->template get<ledger_actor>("ledger"), p->now,
                             p->announce, p->conditions, gwa == nullptr ? std::string() : gwa->id});
  }));
  children.push_back(child(c, "retention", [p, h](auto* self) {
    return self->spawn(retention_keeper,
                       retention_parts{p->profiles.evaluations, h->get<store_actor>("store"), p->now, p->announce});
  }));
  for (const auto& e : p->profiles.evaluations)
    children.push_back(child(c, "contract " + e.id,
                             [p, h, e](auto* self) { return self->spawn(contract, contract_parts_of(*p, *h, e)); }));
  for (const auto& m : p->profiles.meters)
    if (m.active)
      children.push_back(child(c, "meter " + std::string(m.id.text()),
                               [p, h, m](auto* self) { return self->spawn(meter, meter_parts_of(*p, *h, m)); }));
  return children;
}

}  // namespace smgw::realms
