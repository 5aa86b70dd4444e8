// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Opening byte streams: serial lines, named pipes and TCP. These calls may block; detached actors make them.

#include <smgw/types.hpp>

#include <stop_token>
#include <string>
#include <utility>

namespace smgw::io {

/// Owns one descriptor.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept;
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Data bits, parity (none, even) and stop bits of a serial line.
enum class character_form : std::uint8_t { n81, e81, e71 };

/// Where a stream comes from: `serial:/dev/ttyUSB0?baud=9600` or `tcp:host:port` (IPv6 hosts in brackets).
struct stream_address {
  enum class kind : std::uint8_t { serial, tcp, pipe } what = kind::tcp;
  std::string target;  ///< path, or host
  std::uint32_t baud = 9600;
  std::uint16_t port = 0;
  character_form form = character_form::n81;
};
[[nodiscard]] expected<stream_address> parse_stream_address(std::string_view text);

/// Opens a serial line raw, non-blocking, for this process alone.
[[nodiscard]] expected<descriptor> open_serial(const std::string& device, std::uint32_t baud,
                                               character_form form = character_form::n81);
/// Another speed for a line that is open, at once: what is still to be sent goes out with it. unsupported, unavailable.
[[nodiscard]] expected<void> change_baud(int serial_line, std::uint32_t baud);

/// Opens a named pipe (or /dev/stdin, if that is a pipe) for reading. It stays open while no writer has it.
[[nodiscard]] expected<descriptor> open_pipe(const std::string& path);

/// How long `dial_tcp` goes on after `leave`, at most.
inline constexpr std::chrono::milliseconds leave_latency{100};

/// Connects within `budget`; non-blocking afterwards, without Nagle's delay. Gives up when `leave` is requested.
[[nodiscard]] expected<descriptor> dial_tcp(const std::string& host, std::uint16_t port,
                                            std::chrono::milliseconds budget, const std::stop_token& leave = {});

/// Opens whatever the address names.
[[nodiscard]] expected<descriptor> open_stream(const stream_address& address, std::chrono::milliseconds budget,
                                               const std::stop_token& leave = {});

/// Listens on a numeric address, IPv4 or IPv6; port 0: any free one, told by `local_port`. unavailable: not to be had.
[[nodiscard]] expected<descriptor> listen_tcp(const std::string& host, std::uint16_t port);
[[nodiscard]] std::uint16_t local_port(const descriptor& listener);

/// Listens on a UNIX socket at `path` (mode 0600), replacing a stale one.
[[nodiscard]] expected<descriptor> listen_unix(const std::string& path);

}  // namespace smgw::io
