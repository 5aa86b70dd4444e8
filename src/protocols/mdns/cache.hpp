// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/mdns/message.hpp"

#include <chrono>

namespace smgw::mdns {

inline constexpr std::size_t max_cached = 64;  ///< records of one link; those that end first make room (ours)
/// The longest life that is believed: the longest that RFC 6762, 10 recommends.
inline constexpr std::chrono::seconds longest_life{4500};

/// What others said of the names that the gateway asked for, for as long as they said (RFC 6762, 10).
class cache {
 public:
  /// A record that was heard. A life of zero is a goodbye (10.1); a unique one replaces what was heard before (10.2).
  void take(const record& r, time_point now);
  /// Records of a name and type that still live, with the seconds they have left.
  [[nodiscard]] std::vector<record> find(const name& about, type what, time_point now) const;
  /// Those that are told with a question, so that nobody repeats them: more than half of their life is left (7.1).
  [[nodiscard]] std::vector<record> known(const question& q, time_point now) const;
  /// The owner of the name has said that it has no record of this type (6.1).
  [[nodiscard]] bool denied(const name& about, type what, time_point now) const;
  [[nodiscard]] bool has(const name& about, time_point now) const;
  /// What was said of a name has proved wrong (10.4).
  void forget(const name& about);

 private:
  struct entry {
    record what;
    time_point heard, ends;
  };
  std::vector<entry> entries_;
};

}  // namespace smgw::mdns
