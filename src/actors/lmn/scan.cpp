// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/scan.hpp"

#include "actors/ask.hpp"
#include "actors/reply_slot.hpp"

namespace smgw {
namespace {

/// One question under way.
struct collection {
  reply_slot<heard_list> owed;
  std::vector<std::vector<heard_meter>> lists;
  std::size_t missing = 0;

  void got(std::size_t i, std::vector<heard_meter> meters) {
    lists[i] = std::move(meters);
    if (--missing != 0) return;
    heard_list all;
    for (auto& l : lists) std::ranges::move(l, std::back_inserter(all.meters));
    owed.deliver(std::move(all));
  }
};

}  // namespace

scan_actor::behavior_type scan_board(scan_actor::pointer self, links_function links) {
  guard(self);
  return {[self, links = std::move(links)](const query_heard&) -> caf::result<heard_list> {
    const auto whom = links();
    if (whom.empty()) return heard_list{};
    auto work = std::make_shared<collection>();
    work->owed = reply_slot<heard_list>(self);
    work->lists.resize(whom.size());
    work->missing = whom.size();
    for (std::size_t i = 0; i < whom.size(); ++i)
      ask(
          self, whom[i], heard_budget, query_heard{}, [work, i](const heard_list& l) { work->got(i, l.meters); },
          [work, i](const error&) { work->got(i, {}); });
    return work->owed.later();
  }};
}

}  // namespace smgw
