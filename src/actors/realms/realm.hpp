// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The realms of the supervision tree, one file each: their children in start order, written as data.

#include "actors/root.hpp"

namespace smgw::realms {

/// What a realm's start functions use: the world outside, and the handles of those who started before.
struct context {
  std::shared_ptr<const tree_parts> parts;
  std::shared_ptr<board> handles;
  /// The parts as they are when they are asked for: for an actor that outlives a change of profiles.
  std::function<std::shared_ptr<const tree_parts>()> current;
  /// Puts other parts in place and starts all that depends on profiles anew.
  std::function<void(std::shared_ptr<const tree_parts>)> apply;
  /// Closes the doors into the home, and opens them again where the operating state allows it.
  std::function<void()> reopen_home;

  template <class Handle>
  [[nodiscard]] Handle get(const std::string& role) const {
    return handles->get<Handle>(role);
  }
};

/// Spawns with a thread of its own where the actor blocks; in tests on the test scheduler.
template <class Function, class... Args>
auto spawn(caf::event_based_actor* self, bool own_thread, Function function, Args... args) {
  return own_thread ? self->spawn<caf::detached>(function, std::move(args)...)
                    : self->spawn(function, std::move(args)...);
}

/// A child whose handle stands on the board under its name.
template <class Start>
[[nodiscard]] child_spec child(const context& c, std::string name, Start start) {
  return {name, [handles = c.handles, name, start](caf::event_based_actor* self) {
            const auto handle = start(self);
            handles->set(name, handle);
            return caf::actor_cast<caf::actor>(handle);
          }};
}

[[nodiscard]] std::vector<child_spec> foundation(const context& c);
[[nodiscard]] std::vector<child_spec> administration(const context& c);
[[nodiscard]] std::vector<child_spec> metering(const context& c);
[[nodiscard]] std::vector<child_spec> lmn(const context& c);
[[nodiscard]] std::vector<child_spec> wan(const context& c);
[[nodiscard]] std::vector<child_spec> han(const context& c);
[[nodiscard]] std::vector<child_spec> cls(const context& c);
[[nodiscard]] std::vector<child_spec> platform(const context& c);

}  // namespace smgw::realms
