// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/engine.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::tariff {

using namespace std::chrono;

namespace {

/// Periods without any row that one call closes; a clock set years ahead skips the rest (short demonstration periods).
constexpr unsigned max_closings = 1000;

timestamp before(timestamp t) { return t - milliseconds{1}; }

}  // namespace

engine::engine(profile::evaluation p, calendar::span length, calendar::legal_time zone)
    : profile_(std::move(p)),
      periods_(length, profile_.valid_from, zone),
      // The value at the start of validity is the base of the first period, so it is consumed too.
      until_(before(profile_.valid_from)),
      closed_(until_),
      rows_(profile_, until_) {}

void engine::begin(timestamp first) {
  begun_ = true;
  period_from_ = std::max(profile_.valid_from, periods_.current(first));
  period_to_ = periods_.next(first);
  // A value at the very boundary belongs to the period it ends, if there was one.
  if (first == period_from_ && first > profile_.valid_from) {
    period_to_ = first;
    period_from_ = std::max(profile_.valid_from, periods_.current(before(first)));
  }
  if (profile_.valid_until) period_to_ = std::min(period_to_, *profile_.valid_until);
}

bool engine::over() const noexcept { return profile_.valid_until && begun_ && period_from_ >= *profile_.valid_until; }

expected<void> engine::resume(const cursor& from) {
  if (from.until < until_) return fail(errc::malformed, "the cursor lies before the start of validity");
  state_reader in{from.state};
  const auto version = in.read_count();
  const auto taf = in.read_count();
  if (version == 0 || version > state_version || taf != profile_.taf)
    return fail(errc::malformed, "the cursor is of another use case");
  in.set_version(version);
  const bool begun = in.read_flag();
  until_ = closed_ = from.until;
  rows_ = rows{profile_, until_};
  if (begun) begin(until_ + milliseconds{1});
  if (profile_.valid_until && until_ >= *profile_.valid_until) period_from_ = period_to_ = *profile_.valid_until;
  load(in);
  return in.done();
}

cursor engine::position() const {
  cursor at{.until = saves_open_period() ? until_ : closed_, .state = {}};
  put_count(at.state, state_version);
  put_count(at.state, profile_.taf);
  put_flag(at.state, begun_ && at.until >= profile_.valid_from);
  save(at.state);
  return at;
}

result engine::make_result(result_kind kind, timestamp from, timestamp to) const {
  result r{.contract = profile_.id,
           .taf = profile_.taf,
           .kind = kind,
           .meter = {},
           .register_name = profile_.register_name,
           .entries = {},
           .from = from,
           .to = to,
           .recipients = {},
           .note = {},
           .keep = true};
  for (const auto& to_whom : profile_.recipients) r.recipients.push_back(to_whom.wan);
  return r;
}

device_id engine::common_meter() const {
  const auto& in = profile_.inputs;
  const bool one = std::ranges::all_of(in, [&](const auto& i) { return i.meter == in.front().meter; });
  return one && !in.empty() ? in.front().meter : device_id{};
}

bool engine::starts_day(timestamp t) const {
  const auto today = floor<days>(zone().to_local(t));
  // Where the clock leaves that time out, the day begins with the change.
  return zone().to_utc(today + profile_.day_start) == t;
}

expected<void> engine::close(step& out) {
  SMGW_CHECK(on_period(period_from_, period_to_, out));
  advanced_ = true;
  until_ = closed_ = std::max(until_, period_to_);
  period_from_ = period_to_;
  period_to_ = periods_.next(period_from_);
  if (profile_.valid_until) period_to_ = std::min(period_to_, *profile_.valid_until);
  return {};
}

expected<void> engine::take(row& r, step& out) {
  if (r.target <= until_) return {};  // too late: its period is closed
  if (!begun_) begin(r.target);
  for (unsigned n = 0; r.target > period_to_ && !over(); ++n) {
    if (n == max_closings) {
      period_to_ = periods_.next(before(r.target));
      if (profile_.valid_until) period_to_ = std::min(period_to_, *profile_.valid_until);
      period_from_ = std::min(period_to_, std::max(period_from_, periods_.current(before(r.target))));
      continue;
    }
    SMGW_CHECK(close(out));
  }
  if (over() || r.target > period_to_) return {};
  SMGW_CHECK(on_row(r, out));
  until_ = r.target;
  if (starts_day(r.target))
    if (auto now = levels(); now && now->at == r.target) {
      out.rows.push_back({.kind = list_kind::daily, .row = std::move(*now)});
      advanced_ = true;
    }
  if (r.target == period_to_) SMGW_CHECK(close(out));
  return {};
}

expected<void> engine::drain(timestamp give_up, step& out) {
  while (auto r = rows_.next(give_up)) SMGW_CHECK(take(*r, out));
  return {};
}

expected<step> engine::finish(expected<void> outcome, step out) {
  if (!outcome) return std::unexpected{std::move(outcome).error()};
  if (advanced_ || !out.results.empty()) out.advanced = position();
  advanced_ = false;
  return out;
}

expected<step> engine::consume(const list_entry& entry) {
  step out;
  const auto input = rows_.input_of(entry);
  if (!input || over()) return out;
  rows_.offer(*input, entry);
  auto outcome = drain(timestamp::min(), out);
  return finish(std::move(outcome), std::move(out));
}

expected<step> engine::tick(timestamp now) {
  step out;
  const auto give_up = now - patience;
  auto outcome = drain(give_up, out);
  // Nothing came at all: the period still ends.
  for (unsigned n = 0; outcome && begun_ && !over() && period_to_ <= give_up && n < max_closings; ++n)
    outcome = close(out);
  return finish(std::move(outcome), std::move(out));
}

expected<step> engine::happened(const tariff_event& event) {
  step out;
  auto outcome = on_event(event, out);
  if (outcome) advanced_ = true;
  return finish(std::move(outcome), std::move(out));
}

expected<void> engine::on_event(const tariff_event& event, step&) {
  return fail(errc::unsupported, "this tariff use case takes no event '" + event.id + "'");
}

std::optional<timestamp> engine::next_deadline() const {
  if (over() || !begun_) {
    const auto waiting = rows_.oldest();
    return waiting && !over() ? std::optional{*waiting + patience} : std::nullopt;
  }
  return std::min(rows_.oldest().value_or(period_to_), period_to_) + patience;
}

}  // namespace smgw::tariff
