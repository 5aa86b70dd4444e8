// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/realms/realm.hpp"
#include "actors/wan/market.hpp"
#include "actors/wan/time_sync.hpp"
#include "actors/wan/wake_up.hpp"

namespace smgw::realms {
namespace {

/// Whose connection carries what is for `w`: its own, or the administrator's, who forwards it unread (PP FPR_PSE.1).
market_parts market_parts_of(const tree_parts& p, const board& h, const profile::wan& w) {
  auto to = w;
  auto line = w;
  if (const auto* gwa = p.profiles.administrator(); gwa != nullptr && gwa->service) {
    if (w.role == profile::wan_role::administrator) to.peer = line.peer = *gwa->service;
    if (w.through_administrator) {
      line = *gwa;
      to.peer = line.peer = *gwa->service;
      to.uri_prefix = service_path(*gwa, "forward/" + w.id);
    }
  }
  return {to,
          h.get<outbox_actor>("outbox"),
          h.get<key_token_actor>("key_token"),
          h.get<ledger_actor>("ledger"),
          p.dial(line),
          p.now,
          p.announce,
          p.seed};
}

wake_up_parts wake_up_parts_of(const tree_parts& p, const std::shared_ptr<board>& h, const profile::wan& w) {
  return {p.profiles.self.id,
          w,
          p.keys.signers.at(w.id),
          h->get<store_actor>("store"),
          h->get<ledger_actor>("ledger"),
          [h] { return h->get<administrator_actor>("administrator"); },
          p.listen(w),
          p.now,
          p.time_valid,
          p.announce};
}

/// A share of the smallest registration period: beyond it values would fall into the wrong slot.
std::chrono::milliseconds limit_of(const profile::profile_set& set) {
  std::chrono::milliseconds smallest{std::chrono::minutes{15}};
  for (const auto& m : set.meters) smallest = std::min<std::chrono::milliseconds>(smallest, m.period);
  return smallest * set.time->limit_percent / 100;
}

}  // namespace

std::vector<child_spec> wan(const context& c) {
  std::vector<child_spec> children;
  const auto p = c.parts;
  const auto h = c.handles;
  if (p->profiles.time && p->kept_clock)
    children.push_back(child(c, "time_sync", [p, h](auto* self) {
      return self->spawn(time_sync,
                         time_sync_parts{*p->profiles.time, limit_of(p->profiles), p->kept_clock,
                                         h->template get<store_actor>("store"), h->template get<ledger_actor>("ledger"),
                                         p->dial(peer_of(*p->profiles.time)), p->conditions, p->announce});
    }));
  const bool delivers = lifecycle::allowed_in(p->life).deliver;
  for (const auto& w : p->profiles.wans) {
    const bool administrator = w.role == profile::wan_role::administrator;
    if (administrator && w.wake_up_port != 0 && p->listen)
      children.push_back(
          child(c, "wake_up", [p, h, w](auto* self) { return self->spawn(wake_up, wake_up_parts_of(*p, h, w)); }));
    // To the administrator's service address go alarms and later answers, as values go to a market participant.
    if (delivers && (!administrator || w.service))
      children.push_back(child(c, (administrator ? "service " : "market ") + w.id,
                               [p, h, w](auto* self) { return self->spawn(market, market_parts_of(*p, *h, w)); }));
  }
  return children;
}

}  // namespace smgw::realms
