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
/// Later ones hold handles of earlier ones, and nobody else does.
constexpr restart_policy in_order{.siblings = strategy::rest_for_one, .intensity = 5};
constexpr restart_policy root_policy{.siblings = strategy::rest_for_one, .intensity = 5};

using make_realm = std::vector<child_spec> (*)(const realms::context&);
constexpr std::string_view first_told_by_profiles = "metering";
constexpr std::string_view first_of_home = "han";

/// The children of a realm, or none where the phase of the gateway's life does not allow what they do.
template <bool state::permissions::* Needed, make_realm Make>
std::vector<child_spec> when(const realms::context& c) {
  if (!(lifecycle::allowed_in(c.parts->life).*Needed)) return {};
  return Make(c);
}

/// The same for the doors into the home, which a secure state closes, too (overview 1.4).
template <bool state::permissions::* Needed, make_realm Make>
std::vector<child_spec> while_well(const realms::context& c) {
  if (!(c.parts->conditions->allowed().*Needed)) return {};
  return when<Needed, Make>(c);
}

class tree {
 public:
  tree(std::shared_ptr<board> handles, tree_parts given)
      : handles_(std::move(handles)),
        parts_(std::make_shared<parts_slot>(std::make_shared<const tree_parts>(std::move(given)))) {}

  [[nodiscard]] std::vector<child_spec> all() const {
    return {realm("foundation", passes_up, realms::foundation),
            realm("administration", alone, realms::administration),
            realm("metering", passes_up, when<&state::permissions::measure, realms::metering>),
            realm("lmn", alone, when<&state::permissions::measure, realms::lmn>),
            realm("wan", alone, when<&state::permissions::administer, realms::wan>),
            realm("platform", alone, realms::platform),
            realm("han", in_order, while_well<&state::permissions::home, realms::han>),
            realm("cls", alone, while_well<&state::permissions::proxy, realms::cls>)};
  }

  [[nodiscard]] death_listener on_death() const {
    return [slot = parts_, handles = handles_](const child_died& d) {
      const auto parts = slot->get();
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
  /// What the children are is read at each start: after a change of profiles they are others.
  [[nodiscard]] child_spec realm(std::string name, restart_policy policy, make_realm make) const {
    return {name,
            [name, policy, make, slot = parts_, handles = handles_, listen = on_death(),
             before = std::make_shared<std::vector<std::string>>()](caf::event_based_actor* self) {
              const auto children = make(context_of(slot, handles, caf::actor_cast<caf::actor_addr>(self)));
              handles->forget(*before);
              before->clear();
              for (const auto& c : children) before->push_back(c.name);
              return caf::actor{
                  self->spawn(supervisor, "root/" + name, children, policy, listen, caf::actor_cast<caf::actor>(self))};
            },
            true};
  }

  [[nodiscard]] static realms::context context_of(const std::shared_ptr<parts_slot>& slot,
                                                  const std::shared_ptr<board>& handles, const caf::actor_addr& root) {
    return {slot->get(), handles, [slot] { return slot->get(); },
            [slot, handles, root](std::shared_ptr<const tree_parts> next) {
              slot->put(next);
              if (const auto keys = handles->get<key_token_actor>("key_token"))
                caf::anon_send(keys, renew_credentials{next->keys.readers, next->keys.signers, next->keys.signature,
                                                       next->keys.encryption});
              if (const auto above = caf::actor_cast<caf::actor>(root))
                caf::anon_send(above, restart_from{std::string(first_told_by_profiles)});
            },
            [root] {
              if (const auto above = caf::actor_cast<caf::actor>(root))
                caf::anon_send(above, restart_from{std::string(first_of_home)});
            }};
  }

  std::shared_ptr<board> handles_;
  std::shared_ptr<parts_slot> parts_;
};

}  // namespace

std::vector<reporting_actor> board::reporters(bool slots_at_work) const {
  const std::scoped_lock lock(guard_);
  std::vector<reporting_actor> all;
  for (const auto& [role, handle] : handles_)
    if (role != "status" && role != "scan" && role != "update" && !(role == "firmware" && slots_at_work))
      all.push_back(caf::actor_cast<reporting_actor>(handle));
  return all;
}

std::vector<link_actor> board::links() const {
  const std::scoped_lock lock(guard_);
  std::vector<link_actor> all;
  for (const auto& [role, handle] : handles_)
    if (role.starts_with("link ")) all.push_back(caf::actor_cast<link_actor>(handle));
  return all;
}

bool board::await(const std::string& role, std::chrono::milliseconds budget) const {
  std::unique_lock lock(guard_);
  changed_.wait_for(lock, budget, [&] { return closed_ || handles_.contains(role); });
  return handles_.contains(role);
}

void board::forget(const std::vector<std::string>& roles) {
  const std::scoped_lock lock(guard_);
  for (const auto& role : roles) handles_.erase(role);
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
