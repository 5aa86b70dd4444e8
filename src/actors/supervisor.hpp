// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Supervision in the vocabulary of OTP: start in order, stop in reverse, wait until the old one is gone,
/// grace then kill, intensity and period, escalate.

#include "actors/discipline.hpp"

#include <functional>
#include <string>
#include <vector>

namespace smgw {

/// What happens to siblings when a child dies.
enum class strategy {
  one_for_one,   ///< only the dead child starts again: siblings do not hold each other
  rest_for_one,  ///< it and all that started after it: start order is dependency order
};

/// How often children may die before the supervisor gives up and dies itself.
struct restart_policy {
  strategy siblings = strategy::rest_for_one;
  std::size_t intensity = 3;
  std::chrono::seconds period = std::chrono::minutes{10};
  std::chrono::milliseconds grace = std::chrono::seconds{5};
  /// A child that dies is started again after this time, doubled with each death within the period.
  std::chrono::milliseconds back_off = std::chrono::milliseconds{20};
};

/// What a supervisor tells about a death.
struct child_died {
  std::string path;  ///< names from the root down: `root/metering/meter 1EMH…`
  error reason;
  bool given_up = false;  ///< true: the intensity is exceeded, the supervisor dies too
};

/// One line of the supervision tree.
struct child_spec {
  std::string name;
  /// Starts the child. `self` is its supervisor; handles of siblings that started before are valid in here.
  std::function<caf::actor(caf::event_based_actor* self)> start;
  /// The child is a supervisor that says `children_started`: what comes after it waits for that.
  bool says_started = false;
};

/// All children of a supervisor have been started; said to the one above it.
struct children_started {};

/// Stop this child and all that started after it, in reverse, then start them again. No death is counted.
struct restart_from {
  std::string child;
};

/// Called in the supervisor's context at each unexpected death, for the log.
using death_listener = std::function<void(const child_died&)>;

/// Starts all children in order; quits with the last child's reason once the intensity is exceeded.
/// On an exit message it stops the children in reverse order, each before the next, and then quits.
/// `above` hears `children_started`; it may be null.
[[nodiscard]] caf::behavior supervisor(caf::event_based_actor* self, std::string path, std::vector<child_spec> children,
                                       restart_policy policy, death_listener on_death, caf::actor above);

}  // namespace smgw

SMGW_MESSAGE(children_started)
SMGW_MESSAGE(restart_from)
