// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/messages/common.hpp"
#include "domain/profile/gateway.hpp"
#include "protocols/mbus/secondary.hpp"

namespace smgw::lmn {

/// A search for slaves by their secondary addresses that gives way: readouts come first, and when the bus is free
/// again, the selection that was not said is said.
class mbus_search {
 public:
  explicit mbus_search(const profile::lmn_port& port);

  struct output {
    bytes transmit;
    std::vector<mbus::identity> found;
    std::string news;  ///< how it ended
  };
  /// `bus_is_free`: else the first selection waits.
  [[nodiscard]] output start(time_point now, bool bus_is_free);
  [[nodiscard]] output feed(bytes_view in, time_point now) { return take(search_->feed(in, now), false); }
  /// `wanted`: somebody else would use the bus now; then nothing is said, and held() is true.
  [[nodiscard]] output tick(time_point now, bool wanted);
  /// The bus is free again.
  void resume(time_point now) { wake_ = now; }

  [[nodiscard]] bool running() const noexcept { return search_.has_value(); }
  [[nodiscard]] bool held() const noexcept { return held_; }
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept { return running() ? wake_ : std::nullopt; }
  void stop() { search_.reset(); }
  void report(status_report& to) const;

 private:
  output take(expected<mbus::search::output> step, bool wanted);

  mbus::search::options options_;
  std::optional<mbus::search> search_;
  mbus::search::counters counted_;  ///< of the last one
  std::size_t found_ = 0;
  bool held_ = false;
  std::optional<time_point> wake_;
};

}  // namespace smgw::lmn
