// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/door.hpp"
#include "actors/han/home.hpp"
#include "actors/han/responder.hpp"
#include "actors/han/session.hpp"
#include "actors/han/time_session.hpp"
#include "actors/realms/realm.hpp"

namespace smgw::realms {
namespace {

han::home_parts home_parts_of(const tree_parts& p, const board& h) {
  const auto& n = *p.home;
  han::home_parts made{.access = {p.profiles, n.certificates, n.users, n.random},
                       .gateway = {.id = p.profiles.self.id,
                                   .version = n.version,
                                   .started = p.now(),
                                   .han_certificate = n.han_certificate,
                                   .signature_certificate = p.keys.signature.certificate.der},
                       .program_hash = n.program_hash,
                       .store = h.get<store_actor>("store"),
                       .ledger = h.get<ledger_actor>("ledger"),
                       .key_token = h.get<key_token_actor>("key_token"),
                       .now = p.now,
                       .announce = p.announce};
  for (const auto& m : p.profiles.meters)
    if (m.active) made.meters[m.id] = h.get<meter_actor>("meter " + std::string(m.id.text()));
  for (const auto& e : p.profiles.evaluations) made.contracts[e.id] = h.get<contract_actor>("contract " + e.id);
  return made;
}

door_parts door_parts_of(const tree_parts& p, const board& h) {
  const auto& at = p.profiles.self.home->listen;
  return {.name = "door " + at.text(),
          .host = at.host,
          .port = at.port,
          .connections = p.profiles.self.home->connections,
          .serve =
              [tls = p.home->tls, home = h.get<home_actor>("home"), now = p.now, own = p.own_threads](
                  caf::actor_system& system, const home_connection& c, const caf::actor& door) {
                han::session_parts made{
                    .stream = c.stream, .source = c.source, .tls = tls, .home = home, .door = door, .now = now};
                const auto who = own ? system.spawn<caf::detached>(han::session, std::move(made))
                                     : system.spawn(han::session, std::move(made));
                return caf::actor_cast<caf::actor>(who);
              },
          .announce = p.announce};
}

/// Where others keep the system's clock nothing is known of its source: it is told as not synchronised.
std::function<ntp::server_state()> served_time(const tree_parts& p) {
  if (!p.kept_clock) return [] { return ntp::server_state{}; };
  return [clock = p.kept_clock] { return clock->served(); };
}

/// Whoever may see the home network's interface, and controllable systems; time is no secret, so nobody has to say who
/// he is.
door_parts time_door_parts_of(const tree_parts& p) {
  const auto& at = *p.profiles.self.home->time;
  auto tls = p.home->tls;
  const auto& systems = p.home->proxy_door.peer.pinned;
  tls.peer.pinned.insert(tls.peer.pinned.end(), systems.begin(), systems.end());
  tls.cache = nullptr;
  return {.name = "time door " + at.text(),
          .host = at.host,
          .port = at.port,
          .connections = smgw::han::max_time_sessions,
          .serve =
              [tls, state = served_time(p), now = p.now, own = p.own_threads](
                  caf::actor_system& system, const home_connection& c, const caf::actor& door) {
                smgw::han::time_session_parts made{c.stream, tls, state, door, now};
                const auto who = own ? system.spawn<caf::detached>(smgw::han::time_session, std::move(made))
                                     : system.spawn(smgw::han::time_session, std::move(made));
                return caf::actor_cast<caf::actor>(who);
              },
          .announce = p.announce};
}

}  // namespace

std::vector<child_spec> han(const context& c) {
  const auto p = c.parts;
  const auto h = c.handles;
  if (!p->home || !p->profiles.self.home) return {};
  std::vector<child_spec> children;
  children.push_back(
      child(c, "home", [p, h](auto* self) { return self->spawn(smgw::han::home, home_parts_of(*p, *h)); }));
  children.push_back(child(c, "door", [p, h](auto* self) { return self->spawn(smgw::door, door_parts_of(*p, *h)); }));
  if (p->profiles.self.home->time)
    children.push_back(
        child(c, "time door", [p](auto* self) { return self->spawn(smgw::door, time_door_parts_of(*p)); }));
  if (p->profiles.self.home->mdns)
    children.push_back(child(c, "responder", [p](auto* self) {
      const auto& home = *p->profiles.self.home;
      return self->spawn(smgw::han::responder,
                         smgw::han::responder_parts{
                             {.id = p->profiles.self.id.lower(), .port = home.listen.port, .about = {"path=/smgw/"}},
                             home.listen.host,
                             static_cast<std::uint32_t>(p->seed),
                             p->announce});
    }));
  return children;
}

}  // namespace smgw::realms
