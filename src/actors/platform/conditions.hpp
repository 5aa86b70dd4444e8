// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/state/machine.hpp"

#include <functional>
#include <mutex>

namespace smgw {

/// The state machine where everyone can reach it at once: whoever finds a condition raises it here, whoever acts asks
/// here whether it may. Thread-safe. Changes go to the listener, those from before it came too.
class conditions {
 public:
  using listener = std::function<void(const state::transition&)>;

  void raise(state::condition c, timestamp now) {
    change([&] { return machine_.raise(c, now); });
  }
  void clear(state::condition c, timestamp now) {
    change([&] { return machine_.clear(c, now); });
  }
  void tick(timestamp now) {
    change([&] { return machine_.tick(now); });
  }
  [[nodiscard]] state::operating now_in() const {
    const std::scoped_lock lock(guard_);
    return machine_.now_in();
  }
  [[nodiscard]] state::permissions allowed() const { return state::allowed_in(now_in()); }
  [[nodiscard]] status::gateway_state marks() const {
    const std::scoped_lock lock(guard_);
    return machine_.marks();
  }
  [[nodiscard]] std::vector<state::condition> holding() const {
    const std::scoped_lock lock(guard_);
    return machine_.holding();
  }
  void listen(listener who) {
    const std::scoped_lock lock(guard_);
    listener_ = std::move(who);
    for (const auto& t : unheard_) listener_(t);
    unheard_.clear();
  }
  void leave() {
    const std::scoped_lock lock(guard_);
    listener_ = nullptr;
  }

 private:
  template <class Step>
  void change(Step step) {
    const std::scoped_lock lock(guard_);
    const auto t = step();
    if (!t) return;
    if (listener_) return listener_(*t);
    unheard_.push_back(*t);
  }

  mutable std::mutex guard_;
  state::machine machine_;
  listener listener_;
  std::vector<state::transition> unheard_;
};

}  // namespace smgw
