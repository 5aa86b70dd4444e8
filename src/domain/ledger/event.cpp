// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/event.hpp"

#include <algorithm>
#include <array>

namespace smgw::ledger {
namespace {

constexpr event_class row(event id, std::string_view text, bool calibration, bool consumer, level usual = level::info,
                          level on_failure = level::error) {
  return {.id = id,
          .text = text,
          .system = true,
          .calibration = calibration,
          .consumer = consumer,
          .usual = usual,
          .on_failure = on_failure};
}
constexpr bool C = true;  // calibration log
constexpr bool K = true;  // consumer log
constexpr bool no = false;

// Sorted by id.
constexpr std::array rows{
    row(event::started, "gateway started", no, no),
    row(event::stopped, "gateway stopped", no, no),
    row(event::self_test, "self test", C, K, level::info, level::fatal),
    row(event::secure_state, "secure state entered or left", C, no, level::warning, level::fatal),
    row(event::storage_threshold, "storage threshold reached", no, no, level::warning),
    row(event::tamper, "tampering detected", C, no, level::error, level::fatal),
    row(event::log_started, "log begun", C, K),
    row(event::time_synchronised, "time synchronised", no, no),
    row(event::time_sync_failed, "time synchronisation failed", no, no, level::warning, level::warning),
    row(event::clock_set, "clock set by more than the limit", C, no, level::warning),
    row(event::time_validity, "time became valid or invalid", C, no, level::warning),
    row(event::wake_up_accepted, "wake-up accepted", no, no),
    row(event::wake_up_rejected, "wake-up rejected", no, no, level::warning, level::warning),
    row(event::tls_session, "TLS session opened or closed", no, no),
    row(event::tls_failure, "TLS failure", no, no, level::warning, level::error),
    row(event::cms_failure, "CMS failure", no, no, level::warning, level::error),
    row(event::proxy, "proxy channel opened, closed or refused", no, no, level::info, level::warning),
    row(event::consumer_login, "login at the home network", no, K, level::info, level::warning),
    row(event::meter_pairing, "meter paired or unpaired", C, no),
    row(event::no_value, "no value in the reception window", no, no, level::warning, level::warning),
    row(event::meter_replay, "meter telegram replayed", no, no, level::warning, level::warning),
    row(event::meter_fault, "meter reports a fatal fault or tampering", C, K, level::error),
    row(event::profile_changed, "profile created, updated or deleted", C, K),
    row(event::period_closed, "billing period closed", no, no),
    row(event::values_sent, "values sent", no, K),
    row(event::sending_failed, "sending failed", no, no, level::warning, level::warning),
    row(event::daily_value_released, "daily value released", no, K),
    row(event::tariff_event, "tariff event received", C, K),
    row(event::key_generated, "key generated", no, no),
    row(event::certificate_changed, "certificate installed, expired or revoked", no, no),
    row(event::seal_certificates_replaced, "seal certificates replaced", no, no),
    row(event::firmware_downloaded, "firmware downloaded", no, no),
    row(event::firmware_verified, "firmware verified or rejected", C, no),
    row(event::firmware_activated, "firmware activated or rolled back", C, no, level::warning),
    row(event::command, "command of the administrator", no, no),
};
static_assert(std::ranges::is_sorted(rows, {}, &event_class::id));

}  // namespace

const event_class* find(event id) noexcept {
  const auto found = std::ranges::lower_bound(rows, id, {}, &event_class::id);
  return found != rows.end() && found->id == id ? &*found : nullptr;
}

bool raises_alarm(event id, outcome result) noexcept {
  switch (id) {
    case event::tamper:
    case event::secure_state:
    case event::storage_threshold:
    case event::clock_set:
    case event::firmware_activated: return true;
    case event::self_test:
    case event::time_validity:
    case event::meter_fault:
    case event::cms_failure:
    case event::firmware_verified: return result == outcome::failure;
    // Failures of connections are not here: an alarm needs a connection itself.
    default: return false;
  }
}

std::span<const event_class> catalogue() noexcept { return rows; }

std::string_view to_string(log_kind k) noexcept {
  switch (k) {
    case log_kind::system: return "system";
    case log_kind::calibration: return "calibration";
    case log_kind::consumer: return "consumer";
  }
  return "unknown";
}

std::string_view to_string(level l) noexcept {
  switch (l) {
    case level::info: return "INFO";
    case level::warning: return "WARNING";
    case level::error: return "ERROR";
    case level::fatal: return "FATAL";
  }
  return "UNKNOWN";
}

std::string_view to_string(outcome o) noexcept {
  switch (o) {
    case outcome::success: return "SUCCESS";
    case outcome::failure: return "FAILURE";
    case outcome::extension: return "EXTENSION";
  }
  return "UNKNOWN";
}

}  // namespace smgw::ledger
