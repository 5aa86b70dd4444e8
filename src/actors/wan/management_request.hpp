// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/wan/administrator.hpp"
#include "actors/wan/management.hpp"
#include "domain/lifecycle/phase.hpp"
#include "protocols/cosem/exposure.hpp"

#include <limits>

namespace smgw {

/// The round of a `wake` that is for the desk, not for the connection.
inline constexpr std::uint64_t desk_round = std::numeric_limits<std::uint64_t>::max();

/// Where the administrator's requests are worked off, one at a time: admitted, opened, carried out, recorded, sealed.
class management_desk {
 public:
  using pointer = administrator_actor::stateful_pointer<administrator_state>;
  using reply = std::function<void(http::response)>;

  management_desk(pointer self, const administrator_parts& parts) : self_(self), parts_(parts) {}

  /// Calls `done` once, maybe later. `peer` is whose connection it is.
  void handle(const profile::wan& peer, const http::request& request, reply done);
  /// Called once the administrator's profile has become another: the parts before, which the desk has kept on disk as
  /// the way back. Not called again before `former_open` is cleared: what has worked stays the way back.
  std::function<void(std::shared_ptr<const tree_parts>)> administrator_moved;
  bool former_open = false;
  /// The pause that the desk asked for with `wake{desk_round}` is over.
  void tick() { await_export(); }

 private:
  struct job;
  using work = std::shared_ptr<job>;
  /// Continues with the values that lie in no profile.
  using with_values = std::function<void(const management::live_values&)>;

  void open_body(const work& j);
  void perform(const work& j);
  void get(const work& j);
  void get_log(const work& j, const std::string& log);
  void get_status(const work& j);
  void put(const work& j);
  void erase(const work& j);
  void take_over(const work& j, expected<configuration> next, int status);
  void record_changes(const work& j, const std::shared_ptr<const tree_parts>& before,
                      const std::shared_ptr<const tree_parts>& after);
  void post(const work& j);
  void run(const work& j, management::action what);
  void request_certificates_now(const work& j);
  void install_certificates_now(const work& j);
  void deliver_log(const work& j);
  /// Everything of a log goes into the outbox, then `then` gets the newest number.
  using after_export = std::function<void(std::uint64_t)>;
  void export_log(const work& j, const std::string& log, after_export then);
  void export_page(const work& j, const std::string& log, std::uint64_t from, std::uint64_t newest, after_export then);
  void order(const work& j, firmware::step what);
  void commission(const work& j);
  void decommission(const work& j);
  void await_export();
  void end_of_life(const work& j);
  void destroy_keys_now(const work& j);
  void connect_proxy(const work& j);
  void self_test(const work& j);
  void finish_self_test(const work& j, const std::string& result, bool good);
  void gather(const work& j, with_values then);
  void gather_firmware(const std::shared_ptr<management::live_values>& live, const with_values& then);

  void refuse(const work& j, const error& why);
  void conclude(const work& j, int status, std::string body, std::shared_ptr<store::batch> with = nullptr,
                std::function<void()> then = {});
  [[nodiscard]] static ledger::record record_of(const work& j, int status);
  void record_only(ledger::record record, std::vector<std::string> consumers = {});
  void send(const work& j, int status, const std::string& body);
  void send_sealed(const work& j, int status, bytes message, std::string_view type);
  void send_later(const work& j, int status, std::string body);

  pointer self_;
  const administrator_parts& parts_;
  std::string last_self_test_;
  /// A decommissioning that waits until the administrator has the logs.
  struct farewell {
    work order;
    caf::actor_clock::time_point until;
  };
  std::optional<farewell> farewell_;
  /// The last long answer as it was sealed: further parts are parts of the same.
  struct snapshot {
    std::string target;
    bytes message;
    std::string type;
  };
  std::optional<snapshot> snapshot_;
};

}  // namespace smgw
