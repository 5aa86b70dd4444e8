// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/volumes.hpp"

namespace smgw::cls {
namespace {

std::string state_name(const route& r) { return "proxy/" + r.rule.id + "/volume"; }

}  // namespace

void volumes::load(std::function<void()> done) {
  std::vector<const route*> limited;
  for (const auto& r : book_->all())
    if (r.rule.daily_volume_limit) limited.push_back(&r);
  if (limited.empty()) return done();
  loading_ = limited.size();
  for (const auto* r : limited)
    ask(
        self_, store_, volume_budget, read_state{state_name(*r)},
        [this, r, done](const state_value& v) {
          if (v.value) {
            const auto before = decode_day_volume(*v.value);
            if (!before) return self_->quit(to_caf(before.error()));
            book_->restore(*r, *before);
            kept_[r->rule.id] = *before;
          }
          if (--loading_ == 0) done();
        },
        [this](const error& e) { self_->quit(to_caf(e)); });
}

std::shared_ptr<store::batch> volumes::change(const route& r) {
  const auto now = book_->carried(r);
  if (!r.rule.daily_volume_limit || kept_[r.rule.id] == now) return nullptr;
  kept_[r.rule.id] = now;
  auto out = std::make_shared<store::batch>();
  out->put_state(state_name(r), encode(now));
  return out;
}

bool volumes::save(const std::function<void(const error&)>& failed) {
  bool go_on = false;
  for (const auto& r : book_->all()) {
    go_on = go_on || (r.rule.daily_volume_limit && book_->inside(r) != 0);
    if (auto changes = change(r))
      ask(self_, store_, volume_budget, commit{std::move(changes)}, [](const committed&) {}, failed);
  }
  return go_on;
}

}  // namespace smgw::cls
