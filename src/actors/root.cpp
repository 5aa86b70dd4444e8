// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/root.hpp"

#include "actors/lmn/link.hpp"
#include "actors/metering/contract.hpp"
#include "actors/metering/meter.hpp"
#include "actors/metering/outbox.hpp"
#include "actors/platform/status_board.hpp"
#include "actors/wan/market.hpp"

#include <format>

namespace smgw {
namespace {

/// Others hold handles of these children: a death is passed up, so that the root starts all that depends on them anew.
constexpr restart_policy passes_up{.siblings = strategy::rest_for_one, .intensity = 0};
/// Nobody holds handles of these: they start again alone.
constexpr restart_policy alone{.siblings = strategy::one_for_one, .intensity = 5};
constexpr restart_policy root_policy{.siblings = strategy::rest_for_one, .intensity = 5};

class tree {
 public:
  tree(std::shared_ptr<board> handles, tree_parts given)
      : handles_(std::move(handles)), parts_(std::make_shared<tree_parts>(std::move(given))) {}

  [[nodiscard]] std::vector<child_spec> realms() const {
    return {realm("foundation", passes_up, foundation()), realm("metering", passes_up, metering()),
            realm("lmn", alone, lmn()), realm("wan", alone, wan()), realm("platform", alone, platform())};
  }

  [[nodiscard]] death_listener on_death() const {
    return [parts = parts_, handles = handles_](const child_died& d) {
      parts->announce(d.path, std::string("died: ") + d.reason.what + (d.given_up ? "; passed up" : "; started again"));
      const auto ledger = handles->get<ledger_actor>("ledger");
      if (!ledger || d.path.starts_with("root/foundation")) return;
      caf::anon_send(ledger, record_event{ledger::make(ledger::event::self_test, ledger::outcome::failure, parts->now(),
                                                       d.path + " died: " + d.reason.what),
                                          {},
                                          nullptr});
    };
  }

 private:
  /// Spawns with a thread of its own where the actor blocks; in tests on the test scheduler.
  template <class Function, class... Args>
  static auto spawn(caf::event_based_actor* self, bool own_thread, Function function, Args... args) {
    return own_thread ? self->spawn<caf::detached>(function, std::move(args)...)
                      : self->spawn(function, std::move(args)...);
  }

  /// A child whose handle stands on the board under its name.
  template <class Start>
  [[nodiscard]] child_spec child(std::string name, Start start) const {
    return {name, [handles = handles_, name, start](caf::event_based_actor* self) {
              const auto handle = start(self);
              handles->set(name, handle);
              return caf::actor_cast<caf::actor>(handle);
            }};
  }

  [[nodiscard]] child_spec realm(std::string name, restart_policy policy, std::vector<child_spec> children) const {
    return {name,
            [name, policy, children = std::move(children), listen = on_death()](caf::event_based_actor* self) {
              return caf::actor{
                  self->spawn(supervisor, "root/" + name, children, policy, listen, caf::actor_cast<caf::actor>(self))};
            },
            true};
  }

  [[nodiscard]] std::vector<child_spec> foundation() const {
    const auto p = parts_;
    const auto h = handles_;
    return {child("key_token", [p](auto* self) { return spawn(self, p->own_threads, key_token, p->keys); }),
            child("store",
                  [p](auto* self) {
                    return spawn(self, p->own_threads, store_keeper, store_parts{p->open_store, p->announce});
                  }),
            child("ledger", [p, h](auto* self) {
              return self->spawn(ledger_keeper,
                                 ledger_parts{h->get<store_actor>("store"), h->get<key_token_actor>("key_token"),
                                              p->profiles.log, p->now, p->announce});
            })};
  }

  [[nodiscard]] std::vector<child_spec> metering() const {
    std::vector<child_spec> children;
    const auto p = parts_;
    const auto h = handles_;
    children.push_back(child("outbox", [p, h](auto* self) {
      return self->spawn(
          outbox, outbox_parts{h->get<store_actor>("store"), h->get<ledger_actor>("ledger"), p->now, p->announce});
    }));
    for (const auto& e : p->profiles.evaluations)
      children.push_back(child("contract " + e.id,
                               [p, h, e](auto* self) { return self->spawn(contract, contract_parts_of(*p, *h, e)); }));
    for (const auto& m : p->profiles.meters)
      if (m.active)
        children.push_back(child("meter " + std::string(m.id.text()),
                                 [p, h, m](auto* self) { return self->spawn(meter, meter_parts_of(*p, *h, m)); }));
    return children;
  }

  static contract_parts contract_parts_of(const tree_parts& p, const board& h, const profile::evaluation& e) {
    contract_parts c{e,
                     {},
                     h.get<store_actor>("store"),
                     h.get<ledger_actor>("ledger"),
                     h.get<outbox_actor>("outbox"),
                     p.now,
                     p.announce,
                     p.seed};
    for (const auto& input : e.inputs)
      if (const auto* m = p.profiles.find_meter(input.meter))
        c.inputs.push_back({m->id, input.register_name, m->period});
    return c;
  }

  static meter_parts meter_parts_of(const tree_parts& p, const board& h, const profile::meter& m) {
    meter_parts made{m,
                     {},
                     false,
                     h.get<store_actor>("store"),
                     h.get<ledger_actor>("ledger"),
                     h.get<key_token_actor>("key_token"),
                     p.now,
                     p.announce};
    for (const auto& e : p.profiles.evaluations)
      for (const auto& input : e.inputs) {
        if (input.meter != m.id) continue;
        made.subscriptions.push_back({input.register_name, h.get<contract_actor>("contract " + e.id)});
        made.sign = made.sign || e.inner_signature;
      }
    return made;
  }

  [[nodiscard]] std::vector<child_spec> lmn() const {
    std::vector<child_spec> children;
    const auto p = parts_;
    const auto h = handles_;
    for (const auto& port : p->profiles.self.lmn_ports)
      children.push_back(child("link " + port.id, [p, h, port](auto* self) {
        link_parts made{port.id, {}, p->open_port(port), p->now, p->announce};
        for (const auto* m : p->profiles.meters_on(port.id))
          if (m->active)
            made.meters.push_back({*m, h->template get<meter_actor>("meter " + std::string(m->id.text()))});
        return spawn(self, p->own_threads, lmn_link, std::move(made));
      }));
    return children;
  }

  [[nodiscard]] std::vector<child_spec> wan() const {
    std::vector<child_spec> children;
    const auto p = parts_;
    const auto h = handles_;
    for (const auto& w : p->profiles.wans)
      if (w.role == profile::wan_role::market_participant)
        children.push_back(child("market " + w.id, [p, h, w](auto* self) {
          return self->spawn(
              market,
              market_parts{w, h->template get<outbox_actor>("outbox"), h->template get<key_token_actor>("key_token"),
                           h->template get<ledger_actor>("ledger"), p->dial(w), p->now, p->announce, p->seed});
        }));
    return children;
  }

  [[nodiscard]] std::vector<child_spec> platform() const {
    const auto h = handles_;
    return {child("status", [h](auto* self) { return self->spawn(status_board, [h] { return h->reporters(); }); })};
  }

  std::shared_ptr<board> handles_;
  std::shared_ptr<tree_parts> parts_;
};

}  // namespace

std::vector<reporting_actor> board::reporters() const {
  const std::scoped_lock lock(guard_);
  std::vector<reporting_actor> all;
  for (const auto& [role, handle] : handles_)
    if (role != "status") all.push_back(caf::actor_cast<reporting_actor>(handle));
  return all;
}

bool board::await(const std::string& role, std::chrono::milliseconds budget) const {
  std::unique_lock lock(guard_);
  changed_.wait_for(lock, budget, [&] { return closed_ || handles_.contains(role); });
  return handles_.contains(role);
}

void board::close() {
  const std::scoped_lock lock(guard_);
  closed_ = true;
  changed_.notify_all();
}

void board::clear() {
  const std::scoped_lock lock(guard_);
  handles_.clear();
}

caf::actor spawn_root(caf::actor_system& system, std::shared_ptr<board> handles, tree_parts parts) {
  const tree t(std::move(handles), std::move(parts));
  return system.spawn(supervisor, std::string("root"), t.realms(), root_policy, t.on_death(), caf::actor{});
}

}  // namespace smgw
