// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/queued_key_store.hpp"

#include "base/check.hpp"

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

  /// Without the lock, and each change once.
  void tell(std::unique_lock<std::mutex>& held) {
    if (!told || ready() == told_ready) return;
    told_ready = !told_ready;
    const auto who = told;
    const bool now = told_ready;
    held.unlock();
    who(now);
    held.lock();
  }

  job_ptr next() {
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
  void watched(std::unique_lock<std::mutex>& held, std::chrono::milliseconds budget, F&& f) {
    busy_since = clock::now();
    busy_budget = budget;
    changed.notify_all();
    held.unlock();
    std::forward<F>(f)();
    held.lock();
    busy_since.reset();
  }

  void serve() {
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

  /// Any operation that speaks with the device shows whether it is back.
  static job_ptr look() {
    return std::make_shared<job>([](key_store& m) {
      bytes some(8);
      (void)m.random(some);
    });
  }

  void begin(std::shared_ptr<key_store>& module) {
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

  static std::unexpected<error> no_answer() {
    return fail(errc::unavailable, "the key store's device does not answer");
  }

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

  expected<void> complete(const job_ptr& mine, urgency u) {
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

  /// Nobody waits for it: keys that go. Not bounded by `most_waiting`, because each belongs to a key that was made.
  void leave(job_ptr mine) {
    const std::scoped_lock held{lock};
    lane(urgency::handshake).push_back(std::move(mine));
    work_there.notify_one();
  }
};

/// Ends the thread with the last view. One that a device holds is left behind: it touches only what it shares.
class queued_key_store::worker {
 public:
  explicit worker(std::shared_ptr<line> shared) : line_(std::move(shared)), thread_([to = line_] { to->serve(); }) {}
  ~worker() {
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

/// Used and dropped on any thread; the device hears of it on the queue's.
class queued_key_store::ephemeral final : public ephemeral_key {
 public:
  ephemeral(std::shared_ptr<worker> home, urgency u, std::unique_ptr<ephemeral_key> inner)
      : home_(std::move(home)),
        urgency_(u),
        point_(inner->public_point().begin(), inner->public_point().end()),
        inner_(std::move(inner)) {}
  ~ephemeral() override { drop(); }
  [[nodiscard]] bytes_view public_point() const noexcept override { return point_; }
  [[nodiscard]] expected<secret> agree(bytes_view peer_point) override {
    if (inner_ == nullptr) return fail(errc::conflict, "an ephemeral key is used once");
    auto shared = home_->run(urgency_, [inner = inner_, peer = bytes(peer_point.begin(), peer_point.end())](
                                           key_store&) { return inner->agree(peer); });
    drop();
    return shared;
  }

 private:
  /// By the queue's thread, also where a device that hangs has kept the operation from its turn.
  void drop() {
    if (inner_ == nullptr) return;
    (*home_)->leave(std::make_shared<line::job>([inner = std::move(inner_)](key_store&) mutable { inner.reset(); }));
  }
  std::shared_ptr<worker> home_;
  urgency urgency_;
  bytes point_;
  std::shared_ptr<ephemeral_key> inner_;
};

queued_key_store::queued_key_store(std::shared_ptr<worker> thread, urgency u)
    : worker_(std::move(thread)), urgency_(u) {}
queued_key_store::~queued_key_store() = default;

expected<std::shared_ptr<queued_key_store>> queued_key_store::open(open_key_store_function open,
                                                                   queue_options options) {
  auto shared = std::make_shared<line>();
  shared->options = options;
  shared->opener = std::move(open);
  auto thread = std::make_shared<worker>(shared);
  std::unique_lock held{shared->lock};
  const auto in_time =
      shared->wait(held, line::clock::now() + options.opening, [&] { return shared->opened.has_value(); });
  const auto result = in_time ? *shared->opened : in_time;
  held.unlock();
  if (!result) return std::unexpected(result.error());
  return std::shared_ptr<queued_key_store>(new queued_key_store(std::move(thread), urgency::batch));
}

std::shared_ptr<queued_key_store> queued_key_store::at(urgency u) const {
  return std::shared_ptr<queued_key_store>(new queued_key_store(worker_, u));
}

template <class Work>
auto queued_key_store::run(Work work) const {
  return worker_->run(urgency_, std::move(work));
}

queue_load queued_key_store::load() const {
  const std::scoped_lock held{(*worker_)->lock};
  return {.busy = (*worker_)->busy_since.has_value(), .waiting = (*worker_)->waiting()};
}

void queued_key_store::listen(std::function<void(bool ready)> told) const {
  const std::scoped_lock held{(*worker_)->lock};
  (*worker_)->told = std::move(told);
}

bool queued_key_store::hangs() const {
  const std::scoped_lock held{(*worker_)->lock};
  return (*worker_)->hangs();
}

key_store_identity queued_key_store::identify() const {
  const std::scoped_lock held{(*worker_)->lock};
  return (*worker_)->identity;
}

key_store_state queued_key_store::state() const {
  const std::scoped_lock held{(*worker_)->lock};
  return (*worker_)->hangs() ? key_store_state::absent : (*worker_)->state;
}

key_store_capabilities queued_key_store::capabilities() const {
  const std::scoped_lock held{(*worker_)->lock};
  return (*worker_)->capabilities;
}

// What an operation needs is copied: its caller may have gone when it runs.

expected<void> queued_key_store::random(std::span<std::uint8_t> out) {
  SMGW_TRY(const auto drawn, run([size = out.size()](key_store& m) -> expected<secret> {
             secret some(size);
             SMGW_CHECK(m.random(some.writable()));
             return some;
           }));
  std::ranges::copy(drawn.reveal(), out.begin());
  return {};
}

expected<key_info> queued_key_store::generate(std::string_view label, curve on, key_purpose purpose) {
  return run([name = std::string(label), on, purpose](key_store& m) { return m.generate(name, on, purpose); });
}

expected<std::vector<key_info>> queued_key_store::list() const {
  return run([](key_store& m) { return m.list(); });
}

expected<key_info> queued_key_store::find(std::string_view label) const {
  return run([name = std::string(label)](key_store& m) { return m.find(name); });
}

expected<void> queued_key_store::destroy(std::string_view label) {
  return run([name = std::string(label)](key_store& m) { return m.destroy(name); });
}

expected<bytes> queued_key_store::sign_digest(std::string_view label, bytes_view digest) {
  return run([name = std::string(label), octets = bytes(digest.begin(), digest.end())](key_store& m) {
    return m.sign_digest(name, octets);
  });
}

expected<secret> queued_key_store::agree(std::string_view label, bytes_view peer_point) {
  return run([name = std::string(label), peer = bytes(peer_point.begin(), peer_point.end())](key_store& m) {
    return m.agree(name, peer);
  });
}

expected<std::unique_ptr<ephemeral_key>> queued_key_store::generate_ephemeral(curve on) {
  SMGW_TRY(auto made, run([on](key_store& m) { return m.generate_ephemeral(on); }));
  return std::make_unique<ephemeral>(worker_, urgency_, std::move(made));
}

expected<bytes> queued_key_store::seal(bytes_view plaintext) {
  return run([text = secret{plaintext}](key_store& m) { return m.seal(text.reveal()); });
}

expected<secret> queued_key_store::unseal(bytes_view sealed) {
  return run([octets = bytes(sealed.begin(), sealed.end())](key_store& m) { return m.unseal(octets); });
}

expected<std::uint64_t> queued_key_store::counter() {
  return run([](key_store& m) { return m.counter(); });
}

expected<std::uint64_t> queued_key_store::advance_counter() {
  return run([](key_store& m) { return m.advance_counter(); });
}

std::shared_ptr<key_store> in_lane(const std::shared_ptr<key_store>& keys, urgency u) {
  if (const auto queued = std::dynamic_pointer_cast<queued_key_store>(keys)) return queued->at(u);
  return keys;
}

}  // namespace smgw::crypto
