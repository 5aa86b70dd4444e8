// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/status_board.hpp"

#include "actors/ask.hpp"
#include "actors/reply_slot.hpp"

namespace smgw {
namespace {

/// One question under way.
struct collection {
  reply_slot<gateway_status> owed;
  std::vector<std::optional<status_report>> reports;
  std::size_t missing = 0;

  void got(std::size_t i, std::optional<status_report> report) {
    reports[i] = std::move(report);
    if (--missing != 0) return;
    gateway_status all;
    std::int64_t silent = 0;
    for (auto& r : reports) {
      if (r) {
        all.reports.push_back(std::move(*r));
      } else {
        ++silent;
      }
    }
    if (silent != 0) all.reports.push_back({std::string(silent_report), {{"actors without an answer", silent}}});
    owed.deliver(std::move(all));
  }
};

}  // namespace

status_actor::behavior_type status_board(status_actor::pointer self, reporters_function reporters) {
  guard(self);
  return {[self, reporters = std::move(reporters)](const query_status&) -> caf::result<gateway_status> {
    const auto whom = reporters();
    if (whom.empty()) return gateway_status{};
    auto work = std::make_shared<collection>();
    work->owed = reply_slot<gateway_status>(self);
    work->reports.resize(whom.size());
    work->missing = whom.size();
    for (std::size_t i = 0; i < whom.size(); ++i)
      ask(
          self, whom[i], report_budget, query_status{}, [work, i](const status_report& r) { work->got(i, r); },
          [work, i](const error&) { work->got(i, std::nullopt); });
    return work->owed.later();
  }};
}

}  // namespace smgw
