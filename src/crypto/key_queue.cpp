// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/key_queue.hpp"

#include <algorithm>
#include <utility>

namespace smgw::crypto {

/// Without the lock, and each change once.
void queued_key_store::line::tell(std::unique_lock<std::mutex>& held) {
  if (!told || ready() == told_ready) return;
  told_ready = !told_ready;
  const auto who = told;
  const bool now = told_ready;
  held.unlock();
  who(now);
  held.lock();
}

auto queued_key_store::line::next() -> job_ptr {
  auto& first = lane(urgency::handshake);
  auto& second = lane(urgency::batch);
  const bool urgent = !first.empty() && (second.empty() || in_a_row < most_in_a_row);
  in_a_row = urgent && !second.empty() ? in_a_row + 1 : 0;
  auto& from = urgent ? first : second;
  auto taken = std::move(from.front());
  from.pop_front();
  return taken;
}

/// Runs `f` without the lock, under the eyes of those who wait.
template <class F>
void queued_key_store::line::watched(std::unique_lock<std::mutex>& held, std::chrono::milliseconds budget, F&& f) {
  busy_since = clock::now();
  busy_budget = budget;
  changed.notify_all();
  held.unlock();
  std::forward<F>(f)();
  held.lock();
  busy_since.reset();
}

void queued_key_store::line::begin(std::shared_ptr<key_store>& module) {
  auto made = std::exchange(opener, {})();
  expected<void> result;
  if (made)
    module = *std::move(made);
  else
    result = std::unexpected(made.error());
  const auto who = module ? module->identify() : key_store_identity{};
  const auto can = module ? module->capabilities() : key_store_capabilities{};
  const auto now = module ? module->state() : key_store_state::absent;
  const std::scoped_lock again{lock};
  identity = who;
  capabilities = can;
  state = now;
  opened = std::move(result);
}

/// Any operation that speaks with the device shows whether it is back.
auto queued_key_store::line::look() -> job_ptr {
  return std::make_shared<job>([](key_store& m) {
    bytes some(8);
    (void)m.random(some);
  });
}

void queued_key_store::line::serve() {
  std::shared_ptr<key_store> module;
  std::unique_lock held{lock};
  watched(held, options.opening, [&] { begin(module); });
  while (module != nullptr) {
    changed.notify_all();
    tell(held);
    const auto wanted = [&] { return stopping || waiting() != 0; };
    if (ready()) {
      work_there.wait(held, wanted);
    } else if (!work_there.wait_for(held, options.look_again, wanted)) {
      lane(urgency::batch).push_back(look());
    }
    if (waiting() == 0) break;
    auto taken = next();
    watched(held, options.operation, [&] {
      taken->work(*module);
      taken->work = nullptr;  // an answer that nobody waits for goes here: it may speak with the device
      const auto now = module->state();
      const std::scoped_lock again{lock};
      state = now;
      taken->done = true;
    });
  }
  held.unlock();
  module.reset();  // may speak with the device
  held.lock();
  ended = true;
  changed.notify_all();
}

expected<void> queued_key_store::line::complete(const job_ptr& mine, urgency u) {
  std::unique_lock held{lock};
  if (hangs()) {
    tell(held);
    return no_answer();
  }
  if (waiting() >= options.most_waiting) return fail(errc::exhausted, "too many operations wait for the key store");
  lane(u).push_back(mine);
  work_there.notify_one();
  auto done = wait(held, clock::now() + options.patience, [&] { return mine->done; });
  if (!done) std::erase(lane(u), mine);
  tell(held);
  return done;
}

void queued_key_store::line::leave(job_ptr mine) {
  const std::scoped_lock held{lock};
  lane(urgency::handshake).push_back(std::move(mine));
  work_there.notify_one();
}

queued_key_store::worker::~worker() {
  std::unique_lock held{line_->lock};
  line_->stopping = true;
  line_->work_there.notify_one();
  const auto over = line_->wait(held, line::clock::now() + line_->options.patience, [&] { return line_->ended; });
  held.unlock();
  if (over)
    thread_.join();
  else
    thread_.detach();
}

}  // namespace smgw::crypto
