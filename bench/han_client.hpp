// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A consumer with a certificate, who asks a gateway in its home network.

#include "actors/io/streams.hpp"
#include "actors/platform/files.hpp"
#include "base/octets.hpp"
#include "cls.hpp"
#include "sockets.hpp"
#include "world.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>

#include <format>
#include <iostream>

namespace smgw::bench {

[[noreturn]] inline void give_up(std::string_view why) {
  std::cerr << why << std::endl;
  std::_Exit(1);  // the gateway's threads run on
}

template <class T>
T must(expected<T> value, std::string_view what) {
  if (!value) give_up(std::format("{}: {}", what, value.error().what));
  return *std::move(value);
}
inline void must(expected<void> done, std::string_view what) {
  if (!done) give_up(std::format("{}: {}", what, done.error().what));
}

/// The world's gateway serves its home network at this port of the loopback, to this consumer.
inline void open_home(const sim::world& world, const sim::cls_party& consumer, std::uint16_t port) {
  using nlohmann::json;
  const auto at = world.configuration();
  auto profile = json::parse(must(platform::read_file(at / "gateway.json"), "the gateway's profile"));
  profile["han"] = {{"listen", std::format("127.0.0.1:{}", port)}, {"mdns", false}};
  must(sim::write_file(at / "gateway.json", profile.dump()), "a file");
  must(sim::write_file(at / "consumer.pem", to_pem(consumer.certificate)), "a file");
  must(sim::write_file(at / "han/consumer.json", json{{"profile", "han"},
                                                      {"version", 1},
                                                      {"id", "consumer"},
                                                      {"role", "consumer"},
                                                      {"consumer", "consumer1"},
                                                      {"certificate", "consumer.pem"}}
                                                     .dump()),
       "a file");
}

/// HTTP over TLS on one connection.
class han_client {
 public:
  han_client(std::uint16_t port, const sim::cls_party& self, const crypto::certificate& of)
      : fd_(must(io::dial_tcp("127.0.0.1", port, std::chrono::seconds{5}), "connection")),
        tls_(must(crypto::tls_session::create({.role = crypto::tls_role::client,
                                               .interface = crypto::tls_interface::han,
                                               .identity = self.identity(),
                                               .peer = {.pinned = {of}, .anchors = {}, .check_time = false}}),
                  "session")) {
    take(must(tls_.start(sim::wall_clock()), "handshake"));
    while (!tls_.established()) read();
  }
  std::string get(const std::string& path) {
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: smgw.local\r\n\r\n";
    put_all(must(tls_.send(as_bytes(request)), "request"));
    for (;;) {
      const auto head = text_.find("\r\n\r\n");
      if (head != text_.npos) {
        const auto at = text_.find("Content-Length: ");
        const auto length = std::stoul(text_.substr(at + 16));
        if (text_.size() >= head + 4 + length) {
          auto answer = text_.substr(0, head + 4 + length);
          text_.erase(0, answer.size());
          return answer;
        }
      }
      read();
    }
  }

 private:
  void put_all(bytes_view data) {
    while (!data.empty()) {
      pollfd ready{fd_.get(), POLLOUT, 0};
      ::poll(&ready, 1, 5000);
      const auto n = ::send(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL);
      if (n <= 0) give_up("the gateway closed");
      data = data.subspan(static_cast<std::size_t>(n));
    }
  }
  void take(const crypto::tls_output& out) {
    put_all(out.transmit);
    text_ += as_text(out.plaintext);
    if (out.failure) must(expected<int>{std::unexpected{out.failure->why}}, "TLS");
  }
  void read() {
    pollfd ready{fd_.get(), POLLIN, 0};
    ::poll(&ready, 1, 20'000);
    bytes piece(65536);
    const auto n = ::recv(fd_.get(), piece.data(), piece.size(), 0);
    if (n <= 0) must(expected<int>{fail(errc::unavailable, "the gateway closed")}, "answer");
    piece.resize(static_cast<std::size_t>(n));
    take(must(tls_.feed(piece, sim::wall_clock()), "answer"));
  }
  io::descriptor fd_;
  crypto::tls_session tls_;
  std::string text_;
};

}  // namespace smgw::bench
