// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Simulated wireless meters and the air between them and a receiver.

#include "base/secret.hpp"
#include "protocols/mbus/identity.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace smgw::sim {

enum class radio_mode : std::uint8_t { plain = 0, mode5 = 5, mode7 = 7, mode10 = 10 };

/// A water meter that sends its volume.
struct radio_meter {
  mbus::identity id;
  bytes key = bytes(16);
  radio_mode mode = radio_mode::mode7;
  std::uint32_t counter = 0;  ///< of the last message
  std::uint64_t seed = 1;

  /// The volume at an instant, in litres; grows with time, another way for each seed.
  [[nodiscard]] std::int64_t litres(timestamp at) const noexcept;
  /// The next message as a frame without CRCs.
  [[nodiscard]] bytes next_frame(timestamp at);
};
/// A meter whose device id this is: `8APA0512345678`. malformed: not of a medium that radio meters have.
[[nodiscard]] expected<mbus::identity> radio_identity(const device_id& id);

/// A line as rtl-wmbus writes it.
[[nodiscard]] std::string receiver_line(bytes_view frame);

/// The air: meters send at their own times, which drift; what overlaps is lost, and so is a part of the rest.
class air {
 public:
  struct options {
    std::uint64_t seed = 1;
    std::chrono::milliseconds interval{300'000};  ///< of each meter, nominally
    unsigned jitter_percent = 3;                  ///< EN 13757-4: so that two meters do not stay in step
    unsigned loss_percent = 5;
    std::uint32_t chips_per_second = 100'000;  ///< mode T
  };
  struct counters {
    std::uint64_t sent = 0, collided = 0, lost = 0, heard = 0;
  };
  air(options o, std::vector<radio_meter> meters, timestamp start);

  /// What the receiver hears from the last call to `until`, in order.
  [[nodiscard]] std::vector<bytes> pass(timestamp until);
  [[nodiscard]] const counters& counted() const noexcept { return counters_; }
  [[nodiscard]] std::vector<radio_meter>& meters() noexcept { return meters_; }

 private:
  [[nodiscard]] std::uint64_t draw() noexcept;
  [[nodiscard]] timestamp after(timestamp t) noexcept;
  options options_;
  std::vector<radio_meter> meters_;
  std::vector<timestamp> next_;
  std::uint64_t state_;
  counters counters_;
};

}  // namespace smgw::sim
