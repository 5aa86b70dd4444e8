// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the key stores in devices share: a connection that is lost and found again, and ephemeral keys that are gone
/// with it.

#include "crypto/detail/botan.hpp"
#include "crypto/key_store.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace smgw::crypto::detail {

/// The way to a device that takes one command at a time. `Store`, which is derived from it, gives
/// - `enter()`: `expected<std::unique_ptr<Session>>`, a new session with the device that was there first;
/// - `worn_out()`: the session has to be replaced, though nothing failed;
/// - `agree_once(handle, curve, point)` and `release(handle)` for its ephemeral keys;
/// - `device`: its name in messages; `has_pin`: a refusal (denied) is that of a PIN.
template <class Store, class Session>
struct device_connection {
  mutable std::mutex lock;  // guards what follows, and what the store adds
  std::unique_ptr<Session> now;
  std::uint64_t life = 0;  // of the session: what an earlier one made is gone
  key_store_state state = key_store_state::absent;

  expected<void> connect() {
    if (now && !self().worn_out()) return {};
    // A device counts wrong PINs: one that was refused is not offered again.
    if (state == key_store_state::locked)
      return fail(errc::denied, std::string(Store::device) + ": the PIN was refused; restart with the right one");
    now.reset();
    auto opened = self().enter();
    if (!opened) {
      state = after(opened.error().code);
      return std::unexpected(opened.error());
    }
    now = *std::move(opened);
    ++life;
    state = key_store_state::ready;
    return {};
  }

  /// Runs `work` with the lock held. A session that was lost is opened again, once.
  template <class Work>
  auto run(Work&& work) -> decltype(work(std::declval<Session&>())) {
    const std::scoped_lock held{lock};
    for (bool again = false;; again = true) {
      if (auto up = connect(); !up) return std::unexpected(up.error());
      auto done = work(*now);
      if (done || done.error().code != errc::unavailable) return done;
      now.reset();
      state = key_store_state::absent;
      if (again) return done;
    }
  }

 private:
  Store& self() { return static_cast<Store&>(*this); }
  static key_store_state after(errc refusal) {
    if (refusal == errc::untrusted) return key_store_state::failed;
    return refusal == errc::denied && Store::has_pin ? key_store_state::locked : key_store_state::absent;
  }
};

/// A key pair in a device: destroyed there with this object, or by its one use.
template <class Store, class Handle>
class device_ephemeral final : public ephemeral_key {
 public:
  /// With the store's lock held, for a key of its session.
  device_ephemeral(std::shared_ptr<Store> home, curve on, Handle key, bytes point)
      : home_(std::move(home)), on_(on), key_(key), life_(home_->life), point_(std::move(point)) {}
  ~device_ephemeral() override {
    if (!key_) return;
    const std::scoped_lock held{home_->lock};
    drop();
  }
  [[nodiscard]] bytes_view public_point() const noexcept override { return point_; }
  [[nodiscard]] expected<secret> agree(bytes_view peer_point) override {
    const std::scoped_lock held{home_->lock};
    if (!key_) return fail(errc::conflict, "an ephemeral key is used once");
    auto shared = derive(peer_point);
    drop();
    return shared;
  }

 private:
  [[nodiscard]] bool there() const { return home_->now && home_->life == life_; }
  expected<secret> derive(bytes_view peer_point) {
    if (!point_of(on_, peer_point)) return fail(errc::malformed, "the peer's point is not on the curve");
    if (!there())
      return fail(errc::unavailable, std::string(Store::device) + " was away: the ephemeral key is gone with it");
    return home_->agree_once(*key_, on_, peer_point);
  }
  void drop() noexcept {
    if (key_ && there()) home_->release(*key_);
    key_.reset();
  }
  std::shared_ptr<Store> home_;
  curve on_;
  std::optional<Handle> key_;
  std::uint64_t life_;
  bytes point_;
};

}  // namespace smgw::crypto::detail
