// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The supervision tree, written as data.

#include "actors/configuration.hpp"
#include "actors/foundation/key_token.hpp"
#include "actors/foundation/ledger.hpp"
#include "actors/foundation/store.hpp"
#include "actors/han/network.hpp"
#include "actors/interfaces/common.hpp"
#include "actors/interfaces/lmn.hpp"
#include "actors/platform/conditions.hpp"
#include "actors/platform/update_slot.hpp"
#include "actors/ports/line_pumps.hpp"
#include "actors/supervisor.hpp"
#include "actors/wan/legal_clock.hpp"
#include "actors/world.hpp"
#include "crypto/tls.hpp"
#include "domain/lifecycle/expiry.hpp"
#include "domain/lifecycle/phase.hpp"
#include "domain/privacy/pseudonym.hpp"
#include "domain/profile/profile_set.hpp"

#include <smgw/ports.hpp>

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace smgw {

/// Where the phase of the gateway's life is kept.
inline constexpr std::string_view life_state = "life_cycle";

/// The gateway's next three certificates, from their installation until they have worked towards the administrator.
struct succession {
  std::function<bool()> waits{};  ///< empty: they are not renewed from within
  std::function<dial_function(const profile::wan&)> dial{};
};

struct tree_parts;
/// Reads and checks another configuration: the parts that the gateway would be made of then. Nothing is changed yet.
/// malformed: the profiles are wrong; the text lists all problems.
using prepare_function = std::function<expected<std::shared_ptr<const tree_parts>>(const configuration&)>;

/// Everything the tree needs from outside: a test brings its own world.
struct tree_parts {
  profile::profile_set profiles;
  key_token_parts keys;
  open_store_function open_store;
  std::function<dial_function(const profile::wan&)> dial;
  std::function<open_function(const profile::lmn_port&)> open_port;
  /// The TLS client towards a meter on a wired bus.
  std::function<expected<crypto::tls_config>(const profile::meter&)> meter_tls{};
  clock_function now;
  announce_function announce;
  std::optional<home_network_parts> home{};  ///< none: nothing listens in the home network
  privacy::mac_function pseudonyms{};        ///< HMAC under the gateway's own key
  std::shared_ptr<smgw::conditions> conditions = std::make_shared<smgw::conditions>();
  std::function<expected<void>()> check_crypto{};  ///< for the self-test; may be empty in tests
  std::stop_source leaving{};           ///< requested when the gateway stops: who blocks in a connect gives up
  std::uint64_t seed = 0;               ///< of all jitter: one per gateway
  bool own_threads = true;              ///< false in tests: detached actors escape the virtual clock
  gateway_ports ports{};                ///< what the OEM supplies in the place of Linux
  std::shared_ptr<line_pumps> pumps{};  ///< behind the lines that it supplies; may be null
  configuration told{};                 ///< what the profiles were read from
  lifecycle::phase life = lifecycle::phase::in_operation;
  std::string firmware_version{};
  std::vector<bytes> own_certificates{};                       ///< TLS, signature, encryption; DER
  std::vector<lifecycle::certificate_end> certificate_ends{};  ///< own ones, peers' and meters'
  /// The gateway's own clock, where a time profile keeps it; none: the system's, which others keep.
  std::shared_ptr<legal_clock> kept_clock{};
  /// Whether the time may be relied on.
  std::function<bool()> time_valid = [] { return true; };
  /// Opens the wake-up port of the administrator's profile; empty: nothing wakes this gateway.
  std::function<listen_function(const profile::wan&)> listen{};
  /// The place where firmware is written; empty: this gateway is not updated from within.
  std::function<expected<std::unique_ptr<update_slot>>()> open_slot{};
  smgw::succession succession{};
  prepare_function prepare{};  ///< empty: the administrator cannot change profiles
};

/// The parts the tree is made of at the moment. The administrator puts others in their place.
class parts_slot {
 public:
  explicit parts_slot(std::shared_ptr<const tree_parts> first) : parts_(std::move(first)) {}
  [[nodiscard]] std::shared_ptr<const tree_parts> get() const {
    const std::scoped_lock lock(guard_);
    return parts_;
  }
  void put(std::shared_ptr<const tree_parts> next) {
    const std::scoped_lock lock(guard_);
    parts_ = std::move(next);
  }

 private:
  mutable std::mutex guard_;
  std::shared_ptr<const tree_parts> parts_;
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
  /// Who had these roles is gone for good.
  void forget(const std::vector<std::string>& roles);
  template <class Handle>
  [[nodiscard]] Handle get(const std::string& role) const {
    const std::scoped_lock lock(guard_);
    const auto found = handles_.find(role);
    return found == handles_.end() ? Handle{} : caf::actor_cast<Handle>(found->second);
  }
  /// Everyone who answers `query_status` at once, in the order of the names; UPDATE may be busy for minutes, and so may
  /// FIRMWARE while the device's slots are at work.
  [[nodiscard]] std::vector<reporting_actor> reporters(bool slots_at_work = false) const;
  /// Every LINK, in the order of the ports' names.
  [[nodiscard]] std::vector<link_actor> links() const;
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
