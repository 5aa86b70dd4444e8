// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The operations of a key store, each as one in the queue of its device.
#include "crypto/queued_key_store.hpp"

#include "base/check.hpp"
#include "crypto/detail/key_queue.hpp"

#include <algorithm>

namespace smgw::crypto {

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
