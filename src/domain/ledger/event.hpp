// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace smgw::ledger {

/// The three logs [Logbücher].
enum class log_kind : std::uint8_t { system = 1, calibration = 2, consumer = 3 };
enum class level : std::uint8_t { info = 1, warning = 2, error = 3, fatal = 4 };
enum class outcome : std::uint8_t { success = 0, failure = 1, extension = 2 };

/// Event catalogue. PROPOSED: the numbers of BSI's own catalogue are not published.
enum class event : std::uint32_t {
  started = 1001,
  stopped = 1002,
  self_test = 1003,
  secure_state = 1004,
  storage_threshold = 1005,
  tamper = 1006,
  log_started = 1007,
  time_synchronised = 2001,
  time_sync_failed = 2002,
  clock_set = 2003,
  time_validity = 2004,
  wake_up_accepted = 3001,
  wake_up_rejected = 3002,
  tls_session = 3003,
  tls_failure = 3004,
  cms_failure = 3005,
  proxy = 3006,
  consumer_login = 3007,
  meter_pairing = 4001,
  no_value = 4002,
  meter_replay = 4003,
  meter_fault = 4004,
  profile_changed = 5001,
  period_closed = 6001,
  values_sent = 6002,
  sending_failed = 6003,
  daily_value_released = 6004,
  tariff_event = 6005,
  key_generated = 7001,
  certificate_changed = 7002,
  seal_certificates_replaced = 7003,
  firmware_downloaded = 8001,
  firmware_verified = 8002,
  firmware_activated = 8003,
  command = 9001,
};

/// One row of the catalogue: where an event is recorded, and its usual level.
struct event_class {
  event id = event::started;
  std::string_view text;
  bool system = true;
  bool calibration = false;
  bool consumer = false;  ///< in the log of each consumer it concerns
  level usual = level::info;
  level on_failure = level::error;
};
/// Whether the administrator is told at once (FAU_ARP.1): what threatens keys, time, logs, meters or firmware.
[[nodiscard]] bool raises_alarm(event id, outcome result) noexcept;
/// Null: not in the catalogue.
[[nodiscard]] const event_class* find(event id) noexcept;
[[nodiscard]] std::span<const event_class> catalogue() noexcept;
[[nodiscard]] std::string_view to_string(log_kind k) noexcept;
[[nodiscard]] std::string_view to_string(level l) noexcept;
[[nodiscard]] std::string_view to_string(outcome o) noexcept;

}  // namespace smgw::ledger
