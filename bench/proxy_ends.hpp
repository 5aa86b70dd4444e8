// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The two ends of a benchmarked channel, which are the same for whoever carries it.

#include "actors/platform/assembly.hpp"
#include "cls.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cstdlib>
#include <iostream>

namespace smgw::bench {

template <class T>
T must(expected<T> value) {
  if (!value) {
    std::cerr << value.error().what << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe)
  }
  return *std::move(value);
}

inline void must_do(const expected<void>& done) {
  if (done) return;
  std::cerr << done.error().what << "\n";
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

struct parties {
  sim::cls_party box, gateway, market;
};

/// A channel by SOCKS, as controllable systems ask for it.
inline sim::cls_client channel(std::uint16_t port, const parties& who) {
  auto c = must(sim::cls_client::connect("127.0.0.1", port, who.box, who.gateway.certificate));
  if (must(c.request("bench")) != socks::reply_code::connected) must_do(fail(errc::denied, "refused"));
  return c;
}

/// TLS without frames and without a request: all that socat knows.
class plain_client {
 public:
  plain_client(io::descriptor fd, crypto::tls_session tls) : fd_(std::move(fd)), tls_(std::move(tls)) {}

  [[nodiscard]] expected<void> begin() {
    if (auto done = take(tls_.start(platform::system_clock_now())); !done) return done;
    while (!tls_.established())
      if (auto done = read_once(); !done) return done;
    return {};
  }
  [[nodiscard]] expected<void> send(bytes_view plain) {
    while (!plain.empty()) {
      const auto piece = plain.first(std::min<std::size_t>(plain.size(), 16384));
      auto records = tls_.send(piece);
      if (!records) return std::unexpected{records.error()};
      if (auto done = write(*records); !done) return done;
      plain = plain.subspan(piece.size());
    }
    return {};
  }
  [[nodiscard]] expected<bytes> receive() {
    while (plain_.empty())
      if (auto done = read_once(); !done) return std::unexpected{done.error()};
    return std::exchange(plain_, {});
  }

 private:
  expected<void> write(bytes_view data) {
    while (!data.empty()) {
      const auto n = ::send(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL);
      if (n < 0 && errno == EAGAIN) {
        wait(POLLOUT);
        continue;
      }
      if (n <= 0) return fail(errc::unavailable, "the connection broke");
      data = data.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }
  expected<void> take(expected<crypto::tls_output> out) {
    if (!out) return std::unexpected{out.error()};
    if (auto done = write(out->transmit); !done) return done;
    plain_.insert(plain_.end(), out->plaintext.begin(), out->plaintext.end());
    if (out->failure) return std::unexpected{out->failure->why};
    return {};
  }
  expected<void> read_once() {
    wait(POLLIN);
    bytes piece(16384);
    const auto n = ::recv(fd_.get(), piece.data(), piece.size(), 0);
    if (n < 0 && errno == EAGAIN) return {};
    if (n <= 0) return fail(errc::unavailable, "closed");
    return take(tls_.feed(bytes_view{piece}.first(static_cast<std::size_t>(n)), platform::system_clock_now()));
  }
  void wait(short events) const {
    pollfd ready{fd_.get(), events, 0};
    ::poll(&ready, 1, 30'000);
  }
  io::descriptor fd_;
  crypto::tls_session tls_;
  bytes plain_;
};

inline plain_client plain_channel(std::uint16_t port, const parties& who, const crypto::certificate& relay) {
  auto fd = must(io::dial_tcp("127.0.0.1", port, std::chrono::seconds{5}));
  plain_client c{std::move(fd),
                 must(crypto::tls_session::create({.role = crypto::tls_role::client,
                                                   .interface = crypto::tls_interface::han,
                                                   .identity = who.box.identity(),
                                                   .peer = {.pinned = {relay}, .anchors = {}, .check_time = false}}))};
  must_do(c.begin());
  return c;
}

}  // namespace smgw::bench
