// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 5, event-variable tariffs [Ereignisvariable Tarife]: events choose the stage; the list of events is kept.
#include "base/check.hpp"
#include "domain/tariff/registers.hpp"
#include "domain/tariff/use_cases.hpp"

#include <algorithm>

namespace smgw::tariff {
namespace {

constexpr std::size_t max_changes = 2048;  ///< changes of stage that are not over yet (ours)

class taf5 : public registers {
 public:
  taf5(const profile::evaluation& p, const calendar::legal_time& zone) : registers(p, zone), stage_(p.initial_stage) {
    ensure(0);
    for (const auto& s : p.stages) ensure(s.number);
    ensure(profile::error_stage);
  }

 private:
  struct change {
    timestamp from;
    unsigned stage;
  };

  expected<void> on_event(const tariff_event& event, step& out) override {
    const auto known = std::ranges::find(profile().events, event.id, &profile::stage_event::event);
    if (known == profile().events.end()) return fail(errc::denied, "not an event of this profile: '" + event.id + "'");
    if (changes_.size() >= max_changes) return fail(errc::exhausted, "too many events wait for their values");
    const auto from = effective(event.at);
    std::erase_if(changes_, [&](const change& c) { return c.from == from; });  // the later word counts
    changes_.push_back({.from = from, .stage = known->stage});
    std::ranges::sort(changes_, {}, &change::from);
    auto r = make_result(result_kind::event, event.at, from);
    r.register_name = register_of(known->stage);
    r.note = event.id;
    out.results.push_back(std::move(r));
    return {};
  }

  /// At once means: from the registration period that runs; else: from the next one. Never before what is consumed.
  [[nodiscard]] timestamp effective(timestamp at) const {
    const auto period = std::chrono::duration_cast<std::chrono::milliseconds>(profile().period).count();
    auto k = at.time_since_epoch().count() / period;
    if (!profile().event_at_once && at.time_since_epoch().count() % period != 0) ++k;
    return std::max(timestamp{std::chrono::milliseconds{k * period}}, until());
  }

  expected<void> assign(const interval& i, step&) override {
    SMGW_CHECK(add(0, i.energy));
    while (!changes_.empty() && changes_.front().from <= i.from) pop();
    // Any change inside counts, also one that follows a word for the stage that was active already.
    const bool changed =
        std::ranges::any_of(changes_, [&](const change& c) { return c.from < i.to && c.stage != stage_; });
    const auto stage = changed ? profile::error_stage : stage_;
    if (changed) warn();
    while (!changes_.empty() && changes_.front().from < i.to) pop();
    return add(stage, i.energy);
  }
  void pop() {
    stage_ = changes_.front().stage;
    changes_.erase(changes_.begin());
  }

  void save_more(bytes& out) const override {
    put_count(out, stage_);
    put_count(out, changes_.size());
    for (const auto& c : changes_) {
      put_time(out, c.from);
      put_count(out, c.stage);
    }
  }
  void load_more(state_reader& in) override {
    stage_ = static_cast<unsigned>(in.read_count());
    changes_.clear();
    for (auto n = in.read_count(); n > 0 && in.good(); --n) {
      const auto from = in.read_time();
      changes_.push_back({.from = from, .stage = static_cast<unsigned>(in.read_count())});
    }
  }

  unsigned stage_;
  std::vector<change> changes_;  ///< ascending
};

}  // namespace

std::unique_ptr<engine> make_taf5(const profile::evaluation& p, const calendar::legal_time& zone) {
  return std::make_unique<taf5>(p, zone);
}

}  // namespace smgw::tariff
