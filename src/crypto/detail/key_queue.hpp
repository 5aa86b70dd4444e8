// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The queue of a queued key store: who waits for the device, whose turn it is, and the thread that has the device.
/// Which operations a key store has is known to its callers alone (queued_key_store.cpp).

#include "base/check.hpp"
#include "crypto/queued_key_store.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace smgw::crypto {

/// What callers and the thread share. The thread keeps it alive: a device that never answers holds the thread for ever.
struct queued_key_store::line {
  using clock = std::chrono::steady_clock;
  struct job {
    std::move_only_function<void(key_store&)> work;
    bool done = false;
  };
  using job_ptr = std::shared_ptr<job>;

  queue_options options;
  open_key_store_function opener;

  std::mutex lock;  // guards what follows
  std::condition_variable work_there, changed;
  std::array<std::deque<job_ptr>, 2> lanes;
  unsigned in_a_row = 0;
  std::optional<clock::time_point> busy_since;  // of the operation that runs
  std::chrono::milliseconds busy_budget{};
  bool stopping = false, ended = false;
  std::optional<expected<void>> opened;
  key_store_identity identity;
  key_store_capabilities capabilities;
  key_store_state state = key_store_state::absent;
  std::function<void(bool)> told;
  bool told_ready = true;

  [[nodiscard]] bool hangs() const { return busy_since && clock::now() >= *busy_since + busy_budget; }
  [[nodiscard]] std::size_t waiting() const { return lanes[0].size() + lanes[1].size(); }
  std::deque<job_ptr>& lane(urgency u) { return lanes[static_cast<std::size_t>(u)]; }

  [[nodiscard]] bool ready() const { return !hangs() && state == key_store_state::ready; }

  /// What the thread does, until the last view has gone.
  void serve();
  /// A caller's operation from its place in the lane to its answer.
  expected<void> complete(const job_ptr& mine, urgency u);
  /// Nobody waits for it: keys that go. Not bounded by `most_waiting`, because each belongs to a key that was made.
  void leave(job_ptr mine);
  /// Waits until `there` holds, the device hangs, or `until` has passed.
  template <class There>
  expected<void> wait(std::unique_lock<std::mutex>& held, clock::time_point until, There there) {
    while (!there()) {
      const auto limit = busy_since ? std::min(until, *busy_since + busy_budget) : until;
      if (clock::now() >= limit) {
        if (hangs()) return no_answer();
        return fail(errc::unavailable, "the key store is too busy: others wait before this operation");
      }
      changed.wait_until(held, limit);
    }
    return {};
  }

 private:
  void tell(std::unique_lock<std::mutex>& held);
  [[nodiscard]] job_ptr next();
  [[nodiscard]] static job_ptr look();
  template <class F>
  void watched(std::unique_lock<std::mutex>& held, std::chrono::milliseconds budget, F&& f);
  void begin(std::shared_ptr<key_store>& module);
  static std::unexpected<error> no_answer() {
    return fail(errc::unavailable, "the key store's device does not answer");
  }
};

/// Ends the thread with the last view. One that a device holds is left behind: it touches only what it shares.
class queued_key_store::worker {
 public:
  explicit worker(std::shared_ptr<line> shared) : line_(std::move(shared)), thread_([to = line_] { to->serve(); }) {}
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  line* operator->() const { return line_.get(); }

  template <class Work>
  auto run(urgency u, Work work) -> std::invoke_result_t<Work&, key_store&> {
    const auto answer = std::make_shared<std::optional<std::invoke_result_t<Work&, key_store&>>>();
    const auto mine = std::make_shared<line::job>(
        [answer, work = std::move(work)](key_store& module) mutable { answer->emplace(work(module)); });
    SMGW_CHECK(line_->complete(mine, u));
    return *std::move(*answer);
  }

 private:
  std::shared_ptr<line> line_;
  std::thread thread_;
};

}  // namespace smgw::crypto
