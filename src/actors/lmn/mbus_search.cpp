// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/mbus_search.hpp"

#include <format>

namespace smgw::lmn {
namespace {

/// 330 bit times and 50 ms (EN 13757-2, 5.5), and 100 ms for the adapter; the rate behind a server is not known.
mbus::search::options options_of(const profile::lmn_port& port) {
  mbus::search::options o;
  if (!port.serial.empty()) o.patience = std::chrono::milliseconds{330'000 / port.baud + 150};
  return o;
}

}  // namespace

mbus_search::mbus_search(const profile::lmn_port& port) : options_(options_of(port)) {}

mbus_search::output mbus_search::start(time_point now, bool bus_is_free) {
  search_.emplace(options_);
  found_ = 0;
  held_ = false;
  return take(search_->start(now), !bus_is_free);
}

mbus_search::output mbus_search::tick(time_point now, bool wanted) {
  if (!std::exchange(held_, false)) return take(search_->tick(now), wanted);
  return take(search_->again(now), wanted);
}

mbus_search::output mbus_search::take(expected<mbus::search::output> step, bool wanted) {
  output out;
  counted_ = search_->counted();
  if (!step) {
    out.news = "search: " + step.error().what;
    stop();
    return out;
  }
  wake_ = step->wake_at;
  found_ += step->found.size();
  out.found = std::move(step->found);
  held_ = wanted && !step->transmit.empty() && search_->between_steps();
  if (!held_) out.transmit = std::move(step->transmit);
  if (step->done) {
    out.news = std::format("search: {} found by {} selections{}", found_, counted_.selections,
                           counted_.unresolved == 0 ? "" : "; several have one number, and are not told apart");
    stop();
  }
  return out;
}

void mbus_search::report(status_report& to) const {
  if (counted_.selections == 0) return;
  to.fields.emplace_back("searching", running() ? "yes" : "no");
  to.fields.emplace_back("selections", std::int64_t{counted_.selections});
  to.fields.emplace_back("collisions", std::int64_t{counted_.collisions});
  to.fields.emplace_back("not told apart", std::int64_t{counted_.unresolved});
  to.fields.emplace_back("nameless", std::int64_t{counted_.nameless});
}

}  // namespace smgw::lmn
