// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/foundation/log_batch.hpp"

#include "base/check.hpp"

namespace smgw {

std::vector<std::string> logs_of(const record_event& m) {
  std::vector<std::string> logs;
  const auto* kind = ledger::find(m.what.id);
  if (kind == nullptr || kind->system) logs.push_back(log_name({ledger::log_kind::system, {}}));
  if (kind != nullptr && kind->calibration) logs.push_back(log_name({ledger::log_kind::calibration, {}}));
  if (kind != nullptr && kind->consumer)
    for (const auto& c : m.consumers) logs.push_back(log_name({ledger::log_kind::consumer, c}));
  return logs;
}

expected<void> log_batch::chain(const std::string& log, const ledger::record& r) {
  auto& head = fresh_.try_emplace(log, heads_.at(log)).first->second;
  if (!room_.takes(log, head.last)) return {};
  SMGW_TRY(auto done, ledger::append(head, r, chain_hash()));
  head = done.next;
  changes_->append_record(log, head.last, std::move(done.stored));
  return {};
}

expected<void> log_batch::add(const record_event& m, ledger::repeat_filter& repeats) {
  if (m.with) changes_->add(*m.with);
  for (const auto& log : logs_of(m)) {
    const bool may_collapse = log == "system" && !m.with;
    if (!may_collapse) {
      SMGW_CHECK(chain(log, m.what));
      continue;
    }
    for (const auto& r : repeats.offer(m.what)) SMGW_CHECK(chain(log, r));
  }
  return {};
}

}  // namespace smgw
