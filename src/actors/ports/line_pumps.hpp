// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Between a line that an OEM supplies and a WIRE: a socket pair and two threads, so that everything above sees a
/// descriptor, back-pressure included.

#include "actors/io/streams.hpp"

#include <smgw/ports/serial_port.hpp>

#include <list>
#include <memory>
#include <mutex>

namespace smgw {

/// How long one `read` of a port may wait: what a stop may take at most.
inline constexpr std::chrono::milliseconds read_patience{250};
/// A line that takes longer for what one wire sends is lost.
inline constexpr std::chrono::milliseconds write_patience{5000};

/// All lines of a gateway that run through ports. Thread-safe.
class line_pumps {
 public:
  line_pumps();
  ~line_pumps();
  /// Takes the port and answers the descriptor that stands for it. When either side ends, the port is let go.
  [[nodiscard]] expected<io::descriptor> attach(std::unique_ptr<ports::serial_port> port);
  /// Ends all and waits for their threads: no port is called afterwards.
  void stop();

 private:
  struct pump;
  std::mutex guard_;
  bool stopped_ = false;
  std::list<std::unique_ptr<pump>> running_;
};

}  // namespace smgw
