// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A security module as a smart card: the commands of crypto/card/commands.hpp from the card's side, with real keys.

#include "crypto/card/apdu.hpp"
#include "crypto/card/pace.hpp"
#include "crypto/soft_key_store.hpp"

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

namespace smgw::sim {

struct card_options {
  std::string pin = "4711081547";
  std::string serial = "00a1b2c3d4e5f607";
  std::vector<crypto::curve> curves{crypto::all_curves.begin(), crypto::all_curves.end()};
  std::chrono::milliseconds signature{0};  ///< how long one operation with a private key takes
  /// Keeps keys and files here, so that the card is the same after a restart; empty: in memory only.
  std::filesystem::path folder;
};

/// What the card has done: tests prove by it that keys are used where they live.
struct card_counters {
  std::size_t keys = 0, ephemerals = 0, signatures = 0, agreements = 0, ephemerals_alive = 0, failed_pins = 0;
};

/// One APDU at a time, from any thread.
class card_module {
 public:
  /// unavailable: the folder cannot be used; untrusted: another PIN made it.
  [[nodiscard]] static expected<std::unique_ptr<card_module>> make(card_options options);

  [[nodiscard]] bytes transmit(bytes_view apdu);
  /// What is in memory is lost: the secure session and the ephemeral keys.
  void power_off();

  [[nodiscard]] card_counters counters() const;

  // --- faults
  /// Commands wait from now on, until `go_on`.
  void hang();
  void go_on();
  /// Every command answers this status, until 0 is given.
  void answer_always(std::uint16_t status);

 private:
  using answer = crypto::card::response;
  using order = crypto::card::command;
  explicit card_module(card_options options) : options_(std::move(options)) {}

  [[nodiscard]] answer plain(const order& c);
  [[nodiscard]] answer secured(const order& c);
  [[nodiscard]] answer pace_step(const order& c);
  [[nodiscard]] answer set_mechanism(const order& c);
  [[nodiscard]] answer run(const order& c);
  [[nodiscard]] answer generate(const order& c);
  [[nodiscard]] answer choose(const order& c);
  [[nodiscard]] answer sign(const order& c);
  [[nodiscard]] answer agree(const order& c);
  [[nodiscard]] answer destroy(const order& c);
  [[nodiscard]] answer select_file(const order& c);
  [[nodiscard]] answer read(const order& c) const;
  [[nodiscard]] answer update(const order& c);
  void save_file(std::uint16_t id) const;
  void take_time();

  card_options options_;
  mutable std::mutex lock_;
  std::condition_variable going_;
  bool hanging_ = false;
  std::uint16_t always_ = 0;
  std::unique_ptr<crypto::soft_key_store> keys_;
  std::map<std::uint16_t, bytes> files_;
  card_counters counts_;
  unsigned tries_left_ = 3;

  // --- in memory only
  bool selected_ = false;
  int pace_at_ = 0;
  std::optional<crypto::card::pace_parts::agreement> pairing_;
  bytes nonce_, own_point_, their_point_;
  std::optional<crypto::card::session_keys> agreed_;
  std::optional<crypto::card::session_cipher> session_;
  std::map<std::uint8_t, std::unique_ptr<crypto::ephemeral_key>> ephemerals_;
  std::uint8_t chosen_ = 0;
  std::uint16_t file_ = 0;
};

}  // namespace smgw::sim
