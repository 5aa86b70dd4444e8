// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/tariff/moment.hpp"

#include "domain/status/status.hpp"

#include <algorithm>

namespace smgw::tariff {

moment::moment(const profile::evaluation& p, const calendar::legal_time& zone, bool regular, std::uint32_t marks)
    : series(p, p.delivery, zone, marks, false),
      regular_(regular),
      marks_(marks),
      beyond_(p.inputs.size(), std::vector<bool>(p.triggers.size())),
      newest_(p.inputs.size()) {}

bool moment::crosses(const list_entry& e, std::vector<bool>& beyond) const {
  const auto value = amount::from(e.value.value);
  if (!value || !status::has_value(e.value.status)) return false;
  bool crossed = false;
  for (std::size_t i = 0; i < beyond.size(); ++i) {
    const auto& t = profile().triggers[i];
    if (t.register_name != e.value.register_name) continue;
    const auto limit = [](const std::optional<decimal>& d) { return d ? amount::from(*d) : fail(errc::unavailable); };
    const auto above = limit(t.above);
    const auto below = limit(t.below);
    const bool now = (above && *value > *above) || (below && *value < *below);
    crossed = crossed || (now && !beyond[i]);
    beyond[i] = now;
  }
  return crossed;
}

void moment::send(std::size_t input, list_entry e, std::string note, step& out) const {
  e.value.status.smgw |= marks_;
  auto r = make_result(result_kind::series, e.target, e.target);
  r.meter = profile().inputs[input].meter;
  r.register_name = profile().inputs[input].register_name;
  r.note = std::move(note);
  r.keep = false;
  r.entries.push_back(std::move(e));
  out.results.push_back(std::move(r));
}

expected<void> moment::on_row(row& r, step& out) {
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    if (!r.entries[i]) continue;
    newest_[i] = r.entries[i];
    if (r.target <= judged_ || !crosses(*newest_[i], beyond_[i])) continue;
    auto e = *newest_[i];
    e.value.status.smgw |= status::value_triggered;
    send(i, std::move(e), "threshold", out);
  }
  judged_ = std::max(judged_, r.target);
  return regular_ ? series::on_row(r, out) : expected<void>{};
}

void moment::save(bytes& out) const {
  put_time(out, judged_);
  for (const auto& of_input : beyond_)
    for (const bool now : of_input) put_flag(out, now);
}

void moment::load(state_reader& in) {
  if (in.version() < 2) return;
  judged_ = in.read_time();
  for (auto& of_input : beyond_)
    for (std::size_t i = 0; i < of_input.size(); ++i) of_input[i] = in.read_flag();
}

expected<void> moment::on_event(const tariff_event& event, step& out) {
  if (event.id != "query") return fail(errc::denied, "current values are queried and nothing else");
  for (std::size_t i = 0; i < newest_.size(); ++i)
    if (newest_[i]) send(i, *newest_[i], event.id, out);
  if (out.results.empty()) return fail(errc::unavailable, "no value yet");
  return {};
}

}  // namespace smgw::tariff
