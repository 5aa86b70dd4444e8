// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "crypto/card/commands.hpp"
#include "crypto/card/link.hpp"
#include "crypto/card/pace.hpp"

#include <chrono>

namespace smgw::crypto::card {

/// An open module: application selected, PACE done, every command under secure messaging. Not thread-safe.
/// An error of the transport or of secure messaging ends the session; the caller opens a new one.
class session {
 public:
  /// TR-03116-3, 10: a session key lives 48 hours at most.
  static constexpr std::chrono::hours max_age{48};

  /// denied: the PIN is wrong or blocked; untrusted: no module of ours, or one that does not know the PIN.
  [[nodiscard]] static expected<session> open(std::unique_ptr<link> card, const secret& pin);

  [[nodiscard]] const module_information& information() const noexcept { return information_; }
  [[nodiscard]] bool expired() const noexcept { return std::chrono::steady_clock::now() - since_ >= max_age; }

  /// The data of a command that succeeds; another status becomes the error of `fault`.
  [[nodiscard]] expected<response> run(const command& c, std::string_view what);
  [[nodiscard]] expected<void> random(std::span<std::uint8_t> out);
  [[nodiscard]] expected<bytes> generate(std::uint8_t slot, curve on, std::uint8_t usage);
  [[nodiscard]] expected<void> destroy(std::uint8_t slot);
  [[nodiscard]] expected<bytes> sign(std::uint8_t slot, curve on, bytes_view digest);
  /// The peer point must have been checked.
  [[nodiscard]] expected<secret> agree(std::uint8_t slot, curve on, bytes_view peer_point);
  /// A whole file, at most `max_file` octets; its first two octets are the length of the rest.
  [[nodiscard]] expected<bytes> read_file(std::uint16_t file);
  [[nodiscard]] expected<void> write_file(std::uint16_t file, bytes_view content);
  static constexpr std::size_t max_file = 16 * 1024;

 private:
  session(std::unique_ptr<link> card, session_keys keys)
      : card_(std::move(card)), secure_(std::move(keys)), since_(std::chrono::steady_clock::now()) {}
  [[nodiscard]] expected<void> select(std::uint16_t file);

  std::unique_ptr<link> card_;
  secure_messaging secure_;
  module_information information_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace smgw::crypto::card
