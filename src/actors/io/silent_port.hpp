// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A port that hears and never answers: the wake-up service. Datagrams, and on wish short TCP messages.

#include <smgw/types.hpp>

#include <atomic>
#include <functional>
#include <memory>

namespace smgw::io {

/// Octets taken of one message; longer ones are cut, and so do not parse.
inline constexpr std::size_t max_heard = 256;
/// TCP connections at once, and how long one may take to say its message.
inline constexpr std::size_t max_callers = 8;
inline constexpr std::chrono::seconds caller_patience{5};

/// Decides in the port's own thread, cheaply and without allocation, whether something is worth waking anybody.
using wanted_function = std::function<bool(bytes_view)>;
/// Takes what was wanted. Called from the port's thread; must not block.
using heard_function = std::function<void(bytes_view)>;

struct heard_counts {
  std::uint64_t datagrams = 0;  ///< all that arrived
  std::uint64_t callers = 0;    ///< TCP connections
  std::uint64_t dropped = 0;    ///< not wanted
};

/// One thread over the sockets. However much arrives, the memory is the same: whatever is not wanted ends here.
class silent_port {
 public:
  /// Port 0: any free one. unavailable: it cannot be bound.
  [[nodiscard]] static expected<std::unique_ptr<silent_port>> open(std::uint16_t port, bool tcp, wanted_function wanted,
                                                                   heard_function heard);
  ~silent_port();
  silent_port(const silent_port&) = delete;
  silent_port& operator=(const silent_port&) = delete;
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] heard_counts counts() const noexcept;

 private:
  struct impl;
  explicit silent_port(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::io
