// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/door.hpp"

#include "actors/io/door.hpp"

#include <algorithm>
#include <map>

namespace smgw {

struct door_core {
  using pointer = door_actor::stateful_pointer<door_state>;

  door_core(pointer actor, door_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  door_parts parts;
  caf::actor acceptor;
  std::map<caf::actor_addr, std::string> inside;  ///< who serves, and where the peer is
  std::int64_t accepted = 0, refused = 0;
  bool told = false;

  void open() {
    auto listener = io::listen_tcp(parts.host, parts.port);
    if (!listener) {
      if (!std::exchange(told, true)) parts.announce(parts.name, "not open: " + listener.error().what);
      self->delayed_send(self, listen_retry, wake{});
      return;
    }
    const auto bound = io::local_port(*listener);
    acceptor = io::spawn_acceptor(
        self->system(), std::move(*listener),
        [me = caf::actor_cast<caf::actor>(door_actor{self})](io::descriptor stream, std::string source) {
          caf::anon_send(me, home_connection{std::make_shared<io::descriptor>(std::move(stream)), std::move(source)});
        });
    self->link_to(acceptor);
    parts.announce(parts.name, "open on port " + std::to_string(bound));
  }

  void come_in(const home_connection& c) {
    const auto same = std::ranges::count(inside, c.source, [](const auto& e) { return e.second; });
    const auto share = std::max(1U, parts.connections / 2);
    if (inside.size() >= parts.connections || static_cast<unsigned>(same) >= share) {
      ++refused;
      return;  // the descriptor closes
    }
    ++accepted;
    const auto who = parts.serve(self->system(), c, caf::actor_cast<caf::actor>(door_actor{self}));
    self->monitor(who);
    inside.emplace(who->address(), c.source);
  }

  [[nodiscard]] status_report report() const {
    return {parts.name,
            {{"state", std::string(acceptor ? "open" : "closed")},
             {"connections", static_cast<std::int64_t>(inside.size())},
             {"accepted", accepted},
             {"refused", refused}}};
  }
};

door_actor::behavior_type door(door_actor::stateful_pointer<door_state> self, door_parts parts) {
  guard(self);
  self->state.core = std::make_shared<door_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](const caf::down_msg& d) { core->inside.erase(d.source); });
  core->open();
  return {
      [core](const home_connection& m) { core->come_in(m); },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) { core->open(); },
  };
}

}  // namespace smgw
