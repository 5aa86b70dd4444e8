// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// One side of a proxied connection: a socket, its TLS session and, towards controllable systems that called, the
/// SOCKS frames between them. Used by one thread; nothing here waits.

#include "actors/io/streams.hpp"
#include "crypto/tls.hpp"
#include "protocols/socks/server.hpp"

namespace smgw::cls {

/// Octets that wait for one side before the other is read no more.
inline constexpr std::size_t max_waiting = std::size_t{256} * 1024;

class leg {
 public:
  /// A side whose TLS session begins now; with `framed` the peer has called us with SOCKS.
  [[nodiscard]] static expected<leg> create(io::descriptor fd, crypto::tls_config tls, bool framed, timestamp now);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool established() const noexcept { return tls_.established(); }
  [[nodiscard]] bool wants_write() const noexcept { return sent_ < out_.size(); }
  [[nodiscard]] std::size_t waiting() const noexcept { return out_.size() - sent_; }
  /// The peer says no more: it closed, or failed.
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  [[nodiscard]] const std::optional<crypto::tls_summary>& summary() const noexcept { return tls_.summary(); }

  /// Takes what the socket has; decrypted octets are added to `plain`. An error ends the side: cut it after write().
  [[nodiscard]] expected<void> read(timestamp now, bytes& plain);
  /// Sends what waits, as far as the socket takes it.
  [[nodiscard]] expected<void> write();
  [[nodiscard]] expected<void> send(bytes_view plain);
  /// close_notify, in a closing frame where there are frames (REQ.TA.SOCKSTLS.ClosingHandshake.10).
  void close();
  [[nodiscard]] expected<void> tick(timestamp now);

 private:
  leg(io::descriptor fd, crypto::tls_session tls, bool framed) : fd_(std::move(fd)), tls_(std::move(tls)) {
    if (framed) frames_.emplace();
  }
  [[nodiscard]] expected<void> take(expected<crypto::tls_output> out, bytes& plain);
  [[nodiscard]] expected<void> take_octets(bytes_view in, timestamp now, bytes& plain);
  void queue(bytes_view records, bool closing);

  io::descriptor fd_;
  crypto::tls_session tls_;
  std::optional<socks::server> frames_;
  bytes out_;
  std::size_t sent_ = 0;
  bool finished_ = false;
};

}  // namespace smgw::cls
