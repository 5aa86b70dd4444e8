// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/responder.hpp"

#include "actors/han/link_loop.hpp"
#include "actors/reply_slot.hpp"

#include <map>
#include <thread>

namespace smgw::han {

struct responder_core {
  responder_core(responder_actor::stateful_pointer<responder_state> actor, std::shared_ptr<link_loop> work)
      : self(actor),
        loop(std::move(work)),
        thread([running = loop](const std::stop_token& stop) { running->run(stop); }) {}

  caf::result<name_addresses> look_up(const resolve_name& m) {
    const auto number = ++next;
    const auto& slot = waiting.emplace(number, reply_slot<name_addresses>{self}).first->second;
    loop->look_up(number, m);
    return slot.later();
  }

  void found(const name_found& m) {
    const auto at = waiting.find(m.number);
    if (at == waiting.end()) return;
    at->second.settle(m.where);
    waiting.erase(at);
  }

  [[nodiscard]] status_report report() const {
    const auto& c = loop->counts();
    return {"responder",
            {{"interfaces", c.interfaces.load()},
             {"messages", c.heard.load()},
             {"answers", c.sent.load()},
             {"refused", c.malformed.load()}}};
  }

  responder_actor::stateful_pointer<responder_state> self;
  std::uint64_t next = 0;
  std::map<std::uint64_t, reply_slot<name_addresses>> waiting;
  std::shared_ptr<link_loop> loop;
  std::jthread thread;
};

responder_actor::behavior_type responder(responder_actor::stateful_pointer<responder_state> self,
                                         responder_parts parts) {
  guard(self);
  const auto found = [me = caf::actor_cast<caf::actor_addr>(responder_actor{self})](name_found f) {
    if (const auto still_there = caf::actor_cast<caf::actor>(me)) caf::anon_send(still_there, std::move(f));
  };
  auto loop = std::make_shared<link_loop>(std::move(parts), found);
  if (!loop->can_run()) {
    self->quit(to_caf({errc::exhausted, "no descriptor left"}));
    return responder_actor::behavior_type::make_empty_behavior();
  }
  self->state.core = std::make_shared<responder_core>(self, std::move(loop));
  auto* core = self->state.core.get();
  return {
      [core](const resolve_name& m) { return core->look_up(m); },
      [core](const name_found& m) { core->found(m); },
      [core](const query_status&) { return core->report(); },
      [](const wake&) {},
  };
}

}  // namespace smgw::han
