// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as one object: what `smgw run` is made of, and what an OEM embeds.

#include <smgw/ports.hpp>
#include <smgw/version.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace smgw {

struct gateway_options {
  /// Folder of the profiles (gateway.json, meters, evaluations, WAN profiles) and the certificates they name.
  std::filesystem::path configuration;
  /// Called for each event that people may want to follow, one line, without secrets. From any thread; must not block.
  std::function<void(std::string_view who, std::string_view what)> announce;
  /// What the OEM supplies; left empty, Linux and the profiles do.
  gateway_ports ports;
};

/// A running gateway: all its actors, threads and ports. Stops and waits for them when it goes.
class SMGW_API gateway {
 public:
  /// Checks the configuration, opens key store and store, starts everything.
  /// malformed: a profile is wrong (all problems in the text); unavailable, untrusted, exhausted: what could not be
  /// opened.
  [[nodiscard]] static expected<gateway> start(gateway_options options);
  gateway(gateway&&) noexcept;
  gateway& operator=(gateway&&) noexcept;
  ~gateway();

  /// How everything is, as a JSON object; unavailable if the gateway is in trouble.
  [[nodiscard]] expected<std::string> status() const;
  /// True once the supervision tree has given up: the process should end and be started again.
  [[nodiscard]] bool failed() const noexcept;
  /// Blocks until `failed()`, or until `stop_waiting` was called from elsewhere.
  void wait() const;
  void stop_waiting() noexcept;

  /// Which firmware runs and which is staged. unsupported: there is no update slot, here and below.
  [[nodiscard]] expected<ports::firmware_state> firmware() const;
  /// Writes a firmware of `size` octets into the slot that does not run and verifies it; blocks, for minutes. `next`
  /// answers piece after piece, empty at the end, and is called on a thread of the gateway. The refusals are those of
  /// ports::update_slot. Each outcome is in the logs before this returns.
  [[nodiscard]] expected<std::string> stage_firmware(std::uint64_t size, std::function<expected<bytes>()> next);
  /// The staged firmware starts next time, on trial; it confirms itself once it has run for a minute with every part
  /// answering. The start itself is the OEM's.
  [[nodiscard]] expected<void> activate_firmware();

 private:
  struct impl;
  explicit gateway(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw
