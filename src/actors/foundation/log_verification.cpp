// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/log_verification.hpp"

#include "actors/ask.hpp"
#include "actors/foundation/log_begin.hpp"
#include "actors/metering/meter.hpp"

namespace smgw {
namespace {

constexpr std::size_t verify_page = 256;

}  // namespace

caf::result<log_verdict> log_verification::run() {
  ask(
      self_, parts_.store, store_budget, read_logs{},
      [me = shared_from_this()](const log_names& stored) { me->begin(stored.names); },
      [me = shared_from_this()](const error& e) { me->owed_.fail(e); });
  return owed_.later();
}

void log_verification::begin(const std::vector<std::string>& stored) {
  for (const auto& log : stored) {
    const auto id = log_of(log);
    if (!id) continue;
    const auto known = heads_.find(log);
    logs_.emplace_back(log, known != heads_.end() ? known->second : ledger::begin(*id, chain_hash()));
  }
  next_log();
}

void log_verification::next_log() {
  if (at_ == logs_.size()) return owed_.deliver(std::move(verdict_));
  read_begin(
      self_, parts_.store, logs_[at_].first,
      [me = shared_from_this()](const ledger::head& begin) {
        me->reached_ = begin;
        me->first_ = begin.last + 1;
        me->next_page();
      },
      [me = shared_from_this()](const error& e) { me->owed_.fail(e); });
}

void log_verification::next_page() {
  ask(
      self_, parts_.store, store_budget, read_records{logs_[at_].first, reached_.last + 1, verify_page},
      [me = shared_from_this()](const record_page& page) { me->check_page(page); },
      [me = shared_from_this()](const error& e) { me->owed_.fail(e); });
}

void log_verification::check_page(const record_page& page) {
  const auto& [log, end] = logs_[at_];
  std::size_t i = 0;
  const auto read = [&]() -> std::optional<ledger::keyed> {
    if (i == page.records.size()) return std::nullopt;
    const auto& r = page.records[i++];
    return ledger::keyed{static_cast<std::uint32_t>(r.number), r.content};
  };
  const auto fault = ledger::verify(reached_, std::nullopt, read, chain_hash());
  if (fault)
    return doubt(log + ": record " + std::to_string(fault->number) + " is " + std::string(to_string(fault->kind)));
  if (!page.records.empty()) {
    const auto last = ledger::decode_stored(page.records.back().content);
    reached_.last = last->value.number;
    reached_.hash = last->hash;
  }
  if (page.records.size() == verify_page && reached_.last < end.last) return next_page();
  if (reached_.last < end.last)
    return conclude(log + ": record " + std::to_string(reached_.last + 1) + " is missing", false);
  conclude(log + ": verified, " + std::to_string(reached_.last + 1 - first_) + " records" +
               (first_ > 1 ? " from number " + std::to_string(first_) + " on" : ""),
           true);
}

/// While pages were read the oldest records may have been cut off: then this log is verified from its new beginning.
void log_verification::doubt(std::string line) {
  read_begin(
      self_, parts_.store, logs_[at_].first,
      [me = shared_from_this(), line](const ledger::head& begin) {
        if (begin.last + 1 != me->first_) return me->next_log();
        me->conclude(line, false);
      },
      [me = shared_from_this()](const error& e) { me->owed_.fail(e); });
}

void log_verification::conclude(std::string line, bool good) {
  verdict_.whole = verdict_.whole && good;
  verdict_.lines.push_back(std::move(line));
  ++at_;
  next_log();
}

}  // namespace smgw
