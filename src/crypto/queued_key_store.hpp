// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A queue in front of a key store whose device takes one command at a time and may not answer at all.

#include "crypto/key_store.hpp"

#include <functional>

namespace smgw::crypto {

/// Who waits for an operation. A peer gives up on a handshake after seconds; a message waits in the outbox for hours.
enum class urgency : std::uint8_t { handshake, batch };

struct queue_options {
  /// One operation of the device, with a new connection to it if need be. It hangs when it takes longer.
  std::chrono::milliseconds operation{10'000};
  /// Opening the device: a TPM makes its root key then.
  std::chrono::milliseconds opening{30'000};
  /// From the call to the answer, with the wait for others: more is given up.
  std::chrono::milliseconds patience{30'000};
  /// How often a device that is not ready is looked at, while nobody uses it.
  std::chrono::milliseconds look_again{5'000};
  /// Operations that wait; one more is exhausted.
  std::size_t most_waiting = 256;
};

struct queue_load {
  bool busy = false;        ///< the device has an operation
  std::size_t waiting = 0;  ///< operations that have not begun
};

using open_key_store_function = std::function<expected<std::shared_ptr<key_store>>()>;

/// Runs the operations of a key store one after the other on a thread of its own, handshakes before batches; after
/// `most_in_a_row` handshakes a batch that waits has its turn. Each call ends in time: when the device hangs, those
/// that wait and those that come fail at once (unavailable) until it answers again. What was begun may still happen
/// then: a key that was being generated may be there, and its label taken.
class queued_key_store final : public key_store {
 public:
  static constexpr unsigned most_in_a_row = 8;

  /// Opens the store on the queue's thread. The errors of `open`; unavailable: it hangs.
  [[nodiscard]] static expected<std::shared_ptr<queued_key_store>> open(open_key_store_function open,
                                                                        queue_options options = {});
  ~queued_key_store() override;

  /// The same queue for other callers.
  [[nodiscard]] std::shared_ptr<queued_key_store> at(urgency u) const;
  /// `told` hears, on any thread, when the device stops to be ready (false), and when it is ready again (true).
  void listen(std::function<void(bool ready)> told) const;
  /// The device has not answered in time, and not since.
  [[nodiscard]] bool hangs() const;
  [[nodiscard]] queue_load load() const;

  [[nodiscard]] key_store_identity identify() const override;
  /// As it was after the last operation; absent while the device hangs.
  [[nodiscard]] key_store_state state() const override;
  [[nodiscard]] key_store_capabilities capabilities() const override;
  [[nodiscard]] expected<void> random(std::span<std::uint8_t> out) override;
  [[nodiscard]] expected<key_info> generate(std::string_view label, curve on, key_purpose purpose) override;
  [[nodiscard]] expected<std::vector<key_info>> list() const override;
  [[nodiscard]] expected<key_info> find(std::string_view label) const override;
  [[nodiscard]] expected<void> destroy(std::string_view label) override;
  [[nodiscard]] expected<bytes> sign_digest(std::string_view label, bytes_view digest) override;
  [[nodiscard]] expected<secret> agree(std::string_view label, bytes_view peer_point) override;
  [[nodiscard]] expected<std::unique_ptr<ephemeral_key>> generate_ephemeral(curve on) override;
  [[nodiscard]] expected<bytes> seal(bytes_view plaintext) override;
  [[nodiscard]] expected<secret> unseal(bytes_view sealed) override;
  [[nodiscard]] expected<std::uint64_t> counter() override;
  [[nodiscard]] expected<std::uint64_t> advance_counter() override;

 private:
  struct line;
  class worker;
  class ephemeral;
  queued_key_store(std::shared_ptr<worker> thread, urgency u);
  template <class Work>
  auto run(Work work) const;
  std::shared_ptr<worker> worker_;
  urgency urgency_;
};

/// The lane `u` of a queued key store; any other key store as it is.
[[nodiscard]] std::shared_ptr<key_store> in_lane(const std::shared_ptr<key_store>& keys, urgency u);

}  // namespace smgw::crypto
