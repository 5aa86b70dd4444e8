// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/log_room.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"

namespace smgw {
namespace {

constexpr std::string_view calibration = "calibration";

}  // namespace

ledger::fill log_room::fill_of(const std::string& log, std::uint32_t last) const {
  return ledger::judge_fill(log_of(log)->kind, parts_.bounds, begins_.at(log).last + 1, last);
}

bool log_room::takes(const std::string& log, std::uint32_t last) {
  const auto level = log == calibration ? fill_of(log, last) : ledger::fill::room;
  if (level != ledger::fill::full) return true;
  if (!full_) parts_.announce("ledger", "the calibration log is full: the gateway stops measuring");
  full_ = true;
  parts_.conditions->raise(state::condition::log_storage, parts_.now());
  return false;
}

std::optional<ledger::record> log_room::look(const log_heads& heads) {
  std::optional<ledger::record> told;
  for (const auto& [log, head] : heads) {
    const auto level = fill_of(log, head.last);
    if (level == ledger::fill::trim && !trimming_) trim(log, head.last);
    if (level == ledger::fill::alarm && !std::exchange(alarmed_, true)) told = alarm(head.last);
  }
  return told;
}

ledger::record log_room::alarm(std::uint32_t last) const {
  parts_.announce("ledger", "the calibration log is nearly full");
  return ledger::make(ledger::event::storage_threshold, ledger::outcome::failure, parts_.now(),
                      "the calibration log has " + std::to_string(last) + " of " +
                          std::to_string(parts_.bounds.calibration_entries) + " records");
}

void log_room::trim(const std::string& log, std::uint32_t last) {
  const auto id = *log_of(log);
  const auto up_to = ledger::trim_to(id.kind, parts_.bounds, last);
  if (up_to <= begins_.at(log).last) return;
  trimming_ = true;
  ask(
      self_, parts_.store, store_budget, read_records{log, up_to, 1},
      [this, log, id, up_to, last](const record_page& page) {
        trimming_ = false;
        const auto newest = page.records.empty() ? fail(errc::untrusted, "a record is missing")
                                                 : ledger::decode_stored(page.records.front().content);
        if (!newest) return parts_.announce("ledger", log + " is not cut: " + newest.error().what);
        if (!ledger::may_go(id.kind, parts_.bounds, newest->value, begins_.at(log).last + 1, last, parts_.now()))
          return;
        cut(log, {id, up_to, newest->hash});
      },
      [this](const error& e) {
        trimming_ = false;
        parts_.announce("ledger", "not cut: " + e.what);
      });
}

void log_room::cut(const std::string& log, const ledger::head& begin) {
  auto changes = std::make_shared<store::batch>();
  changes->truncate_log(log, begin.last).put_state(begin_name(log), ledger::encode_begin(begin)).use_reserve();
  trimming_ = true;
  ask(
      self_, parts_.store, store_budget, commit{std::move(changes)},
      [this, log, begin](const committed&) {
        trimming_ = false;
        begins_[log] = begin;
      },
      [this](const error& e) {
        trimming_ = false;
        parts_.announce("ledger", "not cut: " + e.what);
      });
}

}  // namespace smgw
