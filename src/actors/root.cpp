// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/root.hpp"

#include "actors/realms/realm.hpp"

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

  [[nodiscard]] std::vector<child_spec> all() const {
    const realms::context c{parts_, handles_};
    return {realm("foundation", passes_up, realms::foundation(c)), realm("metering", passes_up, realms::metering(c)),
            realm("lmn", alone, realms::lmn(c)), realm("wan", alone, realms::wan(c)),
            realm("platform", alone, realms::platform(c))};
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
  [[nodiscard]] child_spec realm(std::string name, restart_policy policy, std::vector<child_spec> children) const {
    return {name,
            [name, policy, children = std::move(children), listen = on_death()](caf::event_based_actor* self) {
              return caf::actor{
                  self->spawn(supervisor, "root/" + name, children, policy, listen, caf::actor_cast<caf::actor>(self))};
            },
            true};
  }

  std::shared_ptr<board> handles_;
  std::shared_ptr<tree_parts> parts_;
};

}  // namespace

std::vector<reporting_actor> board::reporters() const {
  const std::scoped_lock lock(guard_);
  std::vector<reporting_actor> all;
  for (const auto& [role, handle] : handles_)
    if (role != "status" && role != "update") all.push_back(caf::actor_cast<reporting_actor>(handle));
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
  return system.spawn(supervisor, std::string("root"), t.all(), root_policy, t.on_death(), caf::actor{});
}

}  // namespace smgw
