// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A controllable system [CLS] and the market participant that steers it, each on its side of a gateway's proxy.

#include "actors/io/streams.hpp"
#include "crypto/tls.hpp"
#include "pki.hpp"
#include "protocols/socks/frame.hpp"
#include "protocols/socks/request.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

namespace smgw::sim {

/// A controllable system's key and self-signed certificate.
struct cls_party {
  std::shared_ptr<crypto::key_store> keys;
  crypto::certificate certificate;
  [[nodiscard]] crypto::tls_identity identity() const;
};
/// With a key in memory.
[[nodiscard]] expected<cls_party> make_cls(const std::string& common_name, timestamp now);
/// With its key and certificate (cls.pem) in a folder, which is made at the first time.
[[nodiscard]] expected<cls_party> keep_cls(const std::filesystem::path& folder, const std::string& common_name,
                                           timestamp now);

/// The client's side of SOCKSv5 with TLS: one connection, one thread.
class cls_client {
 public:
  /// Greeting and TLS handshake; `gateway` is pinned.
  [[nodiscard]] static expected<cls_client> connect(const std::string& host, std::uint16_t port, const cls_party& self,
                                                    const crypto::certificate& gateway);
  /// CONNECT to the name of a proxy profile.
  [[nodiscard]] expected<socks::reply_code> request(std::string_view name);
  [[nodiscard]] expected<void> send(bytes_view plain);
  /// What comes next; empty: the other side has closed.
  [[nodiscard]] expected<bytes> receive(std::chrono::milliseconds wait = std::chrono::seconds{30});
  void close();
  [[nodiscard]] bool closing_seen() const noexcept { return closing_seen_; }
  /// The gateway has cut the connection within this time; what still comes is passed over.
  [[nodiscard]] bool transport_ends(std::chrono::milliseconds wait);
  /// Octets as they are, for tests of what must be refused.
  [[nodiscard]] bool send_raw(bytes_view octets);

 private:
  cls_client(io::descriptor fd, crypto::tls_session tls) : fd_(std::move(fd)), tls_(std::move(tls)) {}
  [[nodiscard]] expected<void> read_once(std::chrono::steady_clock::time_point until);
  [[nodiscard]] expected<void> take(expected<crypto::tls_output> out);
  io::descriptor fd_;
  crypto::tls_session tls_;
  socks::frame_reader frames_;
  bytes plain_;
  bool ended_ = false;
  bool closing_seen_ = false;
  bool said_goodbye_ = false;  ///< an end is no surprise any more
};

/// A control box [Steuerbox] at a heat pump or a wallbox: connects through the gateway, or waits for it, and obeys
/// lines of text (PROPOSED for simulations): `LIMIT <watts>` is answered with `OK <watts>`, `FREE` with `OK FREE`.
class control_box {
 public:
  struct options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    bool waits = false;  ///< listens on the port for the gateway, with plain TLS
    std::string name;    ///< of the proxy profile
    cls_party self;
    crypto::certificate gateway;
    unsigned wants = 11'000;                                           ///< watts that the device takes if it may
    std::chrono::milliseconds first_pause{5'000}, last_pause{60'000};  ///< before the next attempt
    std::function<void(const std::string&)> say;
  };
  [[nodiscard]] static expected<std::unique_ptr<control_box>> start(options o);
  ~control_box();
  /// Watts now.
  [[nodiscard]] unsigned power() const;
  [[nodiscard]] bool connected() const;

 private:
  struct impl;
  explicit control_box(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

/// A TLS server, such as a market participant's: each connection is served by a function on a thread of its own.
class market_server {
 public:
  struct connection {
    std::function<bool(bytes_view)> send;
    std::function<bytes(std::chrono::milliseconds)> receive;  ///< empty: closed, or nothing in time
  };
  using serve_function = std::function<void(const connection&)>;
  [[nodiscard]] static expected<std::unique_ptr<market_server>> start(
      crypto::tls_identity self, crypto::tls_peer_rule gateways, std::uint16_t port, serve_function serve,
      crypto::tls_interface on = crypto::tls_interface::wan);
  ~market_server();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct impl;
  explicit market_server(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

}  // namespace smgw::sim
