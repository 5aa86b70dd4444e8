// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A whole gateway in virtual time: the real tree, store, keys, TLS and CMS; only wires and clock are the story's.

#include "actors/interfaces/metering.hpp"
#include "actors/interfaces/platform.hpp"
#include "actors/io/channel.hpp"
#include "actors/root.hpp"
#include "actors/virtual_time.hpp"
#include "delivery_reader.hpp"
#include "household.hpp"

#include <filesystem>
#include <map>
#include <set>

namespace smgw::test {

/// A market participant without a socket: takes a channel's octets and answers them.
struct story_emt {
  sim::party self;
  crypto::tls_peer_rule gateways;
  std::vector<crypto::certificate> signers;
  bool down = false;                  ///< does not take connections
  int status = 200;                   ///< of its answers
  std::size_t mute_after = SIZE_MAX;  ///< takes so many requests, then says nothing any more
  std::vector<sim::received_delivery> got;
  std::vector<std::string> complaints;
  std::size_t requests = 0;

  /// The values of one register, by capture time: what a reader can put together from all deliveries.
  [[nodiscard]] std::multimap<timestamp, std::int64_t> values(std::string_view source, unsigned taf) const;
};

/// The administrator's time server: it tells the story's time. What TLS does to it is tested with real connections.
struct story_time_server {
  bool down = false;
  std::size_t asked = 0;
};

class story : public virtual_time {
 public:
  story();
  virtual ~story();

  // --- the world, to be set before start()
  profile::profile_set profiles;
  story_emt emt;
  story_time_server time_server;
  std::vector<lifecycle::certificate_end> certificate_ends;
  /// How far the gateway's own counter is off; it counts where `profiles.time` is there.
  std::chrono::milliseconds counter_error{0};
  std::shared_ptr<smgw::conditions> conditions = std::make_shared<smgw::conditions>();
  /// What a port's far end says to octets of the gateway; a port without one only listens.
  std::map<std::string, std::function<bytes(bytes_view)>> far_ends;
  std::function<expected<crypto::tls_config>(const profile::meter&)> meter_tls;
  std::uint64_t store_bytes = std::uint64_t{64} << 20U;

  /// A meter on a port of its own, and an evaluation of it.
  void add_meter(const std::string& id, std::chrono::seconds period = std::chrono::minutes{15});
  void add_evaluation(unsigned taf, const std::string& meter);

  void start();
  /// Everything ends in order, as on SIGTERM.
  void stop();
  /// All actors end at once; only the store remains.
  void crash();

  /// Octets arrive on the port of a meter.
  void push(const std::string& meter, bytes data);
  /// The same, by the port's id.
  void push_to(const std::string& port, bytes data);
  /// Whom the gateway hears; a port that looks for others is given so long for it.
  [[nodiscard]] heard_list heard(std::chrono::seconds within = std::chrono::seconds{0});
  /// The household's meter sends its telegram of this moment.
  void push_telegram(const std::string& meter);
  /// Time passes while all meters send a telegram every `interval`.
  void live(std::chrono::milliseconds span, std::chrono::milliseconds interval = std::chrono::minutes{5});

  /// Kills the actor with this role on the board.
  void kill(const std::string& role);

  [[nodiscard]] log_verdict verify();
  /// Asks STATE for a self-test.
  [[nodiscard]] expected<self_test_result> self_test();
  /// Records of a log whose text holds this, oldest first.
  [[nodiscard]] std::vector<ledger::record> records(const std::string& log, std::string_view part);
  [[nodiscard]] status_report report(const std::string& role);
  [[nodiscard]] std::int64_t counter(const std::string& role, const std::string& field);
  [[nodiscard]] std::vector<list_entry> stored(const std::string& meter);
  /// Rows of a contract's list, by the contract's role.
  [[nodiscard]] std::vector<tariff::register_row> rows(const std::string& role, tariff::list_kind kind, timestamp from,
                                                       timestamp to);
  /// Where the store is.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// How often an announcement held this text.
  [[nodiscard]] std::size_t announced(std::string_view text) const;
  [[nodiscard]] static obis import_register() { return {{1, 0, 1, 8, 0, 255}}; }
  sim::household home{7};

 protected:
  /// What the tree is made of; a story with an administrator has more in its world.
  [[nodiscard]] virtual tree_parts parts();
  std::filesystem::path folder_;
  std::shared_ptr<crypto::key_store> keys_;
  sim::party gateway_;
  std::shared_ptr<board> handles_;

 private:
  [[nodiscard]] dial_function dial();
  [[nodiscard]] dial_function dial_time();
  [[nodiscard]] open_function open_port(const std::string& port);
  caf::actor root_;
  std::shared_ptr<legal_clock> clock_;
  std::map<std::string, wire_user> lines_;  ///< by port: who reads it
  std::vector<std::string> announcements_;
  std::uint32_t second_index_ = 1000;
};

}  // namespace smgw::test
