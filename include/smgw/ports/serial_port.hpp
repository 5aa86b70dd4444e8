// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A line to meters: RS-485, an optical head, whatever moves octets.
///
/// Thread and blocking: the gateway opens the line, reads and writes on threads that belong to this line alone; `read`
/// and `write` come from one thread each and may overlap. Both may block, but no longer than they are told.
/// Contract test: testkit::check_serial_port.

#include <smgw/types.hpp>

#include <functional>
#include <memory>

namespace smgw::ports {

/// What the gateway profile says about a serial port of the LMN.
struct serial_line {
  std::string port;    ///< id of the port
  std::string device;  ///< `serial`, as the profile has it; to an OEM's own implementation any name it likes
  std::uint32_t baud = 0;
};

/// An open line; closes when it goes.
class SMGW_API serial_port {
 public:
  virtual ~serial_port() = default;
  serial_port(const serial_port&) = delete;
  serial_port& operator=(const serial_port&) = delete;

  /// Waits at most `patience` for octets and reads what is there, at most `into.size()`. 0: none came in time.
  /// An error means that the line is lost: the gateway lets the object go, and opens the line again later.
  [[nodiscard]] virtual expected<std::size_t> read(std::span<std::uint8_t> into,
                                                   std::chrono::milliseconds patience) = 0;
  /// Sends all of `octets`, in order; exhausted if the line did not take them within `patience`.
  [[nodiscard]] virtual expected<void> write(bytes_view octets, std::chrono::milliseconds patience) = 0;

 protected:
  serial_port() = default;
};

/// Opens a line. Called again and again, ever more patiently, while it answers unavailable.
using open_serial_port = std::function<expected<std::unique_ptr<serial_port>>(const serial_line&)>;

}  // namespace smgw::ports
