// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The supervision tree, written as data.

#include "actors/foundation/key_token.hpp"
#include "actors/foundation/ledger.hpp"
#include "actors/foundation/store.hpp"
#include "actors/interfaces/common.hpp"
#include "actors/ports/line_pumps.hpp"
#include "actors/supervisor.hpp"
#include "actors/world.hpp"
#include "domain/profile/profile_set.hpp"

#include <smgw/ports.hpp>

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace smgw {

/// Everything the tree needs from outside: a test brings its own world.
struct tree_parts {
  profile::profile_set profiles;
  key_token_parts keys;
  open_store_function open_store;
  std::function<dial_function(const profile::wan&)> dial;
  std::function<open_function(const profile::lmn_port&)> open_port;
  clock_function now;
  announce_function announce;
  std::stop_source leaving{};           ///< requested when the gateway stops: who blocks in a connect gives up
  std::uint64_t seed = 0;               ///< of all jitter: one per gateway
  bool own_threads = true;              ///< false in tests: detached actors escape the virtual clock
  gateway_ports ports{};                ///< what the OEM supplies in the place of Linux
  std::shared_ptr<line_pumps> pumps{};  ///< behind the lines that it supplies; may be null
};

/// The handles of those who run now, by role. Written by the supervisors' start functions, read by anyone.
class board {
 public:
  template <class Handle>
  void set(const std::string& role, const Handle& handle) {
    const std::scoped_lock lock(guard_);
    handles_[role] = caf::actor_cast<caf::actor>(handle);
    changed_.notify_all();
  }
  /// Blocks until someone has taken this role, the board is closed, or `budget` is over; true in the first case.
  [[nodiscard]] bool await(const std::string& role, std::chrono::milliseconds budget) const;
  /// Nobody will come any more.
  void close();
  template <class Handle>
  [[nodiscard]] Handle get(const std::string& role) const {
    const std::scoped_lock lock(guard_);
    const auto found = handles_.find(role);
    return found == handles_.end() ? Handle{} : caf::actor_cast<Handle>(found->second);
  }
  /// Everyone who answers `query_status` at once, in the order of the names; UPDATE may be busy for minutes.
  [[nodiscard]] std::vector<reporting_actor> reporters() const;
  void clear();

 private:
  mutable std::mutex guard_;
  mutable std::condition_variable changed_;
  bool closed_ = false;
  std::map<std::string, caf::actor> handles_;
};

/// Starts the root supervisor. It ends when the tree has given up, or when it is told to exit and all are stopped.
[[nodiscard]] caf::actor spawn_root(caf::actor_system& system, std::shared_ptr<board> handles, tree_parts parts);

}  // namespace smgw
