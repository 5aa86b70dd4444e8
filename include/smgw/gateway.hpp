// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway as one object: what `smgw run` is made of, and what an OEM embeds.

#include <smgw/types.hpp>

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
};

/// A running gateway: all its actors, threads and ports. Stops and waits for them when it goes.
class gateway {
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

 private:
  struct impl;
  explicit gateway(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw
