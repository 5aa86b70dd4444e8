// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Two parties with keys and certificates, and a wire between them that tests can bend.

#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tls.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

namespace smgw::crypto::test {

using namespace std::chrono_literals;

inline constexpr timestamp day_one = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

/// The value of an expected that has to be there; else the test ends with its error.
template <class T>
T must(expected<T> e) {
  if (!e) FAIL("errc " << to_string(e.error().code) << ": " << e.error().what);
  if constexpr (!std::is_void_v<T>) return *std::move(e);
}

/// A party with a key store and a certificate.
struct party {
  std::shared_ptr<soft_key_store> keys;
  std::string label = "tls";
  std::vector<certificate> chain;

  [[nodiscard]] const certificate& own() const { return chain.front(); }
  [[nodiscard]] tls_identity identity() const { return {.keys = keys, .label = label, .chain = chain}; }
};

inline party make_self_signed_party(curve on, std::string name = "1emh0010482201.sm",
                                    timestamp from = day_one - std::chrono::hours{24},
                                    std::chrono::days life = std::chrono::days{2000}) {
  party p{.keys = soft_key_store::in_memory(), .label = "tls", .chain = {}};
  must(p.keys->generate(p.label, on, key_purpose::lmn));
  self_signed_order order{};
  order.subject.common_name = std::move(name);
  order.not_before = from;
  order.not_after = from + life;
  p.chain = {must(make_self_signed(*p.keys, p.label, order))};
  return p;
}

inline tls_config config_of(tls_role role, const party& self, const party& peer,
                            tls_interface interface = tls_interface::lmn) {
  tls_config c;
  c.role = role;
  c.interface = interface;
  c.identity = self.identity();
  c.peer.pinned = {peer.own()};
  return c;
}

/// What one side has seen so far.
struct endpoint {
  tls_session session;
  bytes received;
  bool done = false, closed = false;
  std::optional<tls_failure> failure;

  explicit endpoint(tls_session s) : session(std::move(s)) {}
  bytes take(tls_output out) {
    received.insert(received.end(), out.plaintext.begin(), out.plaintext.end());
    done = done || out.handshake_done;
    closed = closed || out.peer_closed;
    if (out.failure) failure = std::move(out.failure);
    return std::move(out.transmit);
  }
};

/// Client and server joined by a wire. `bend` may change what passes: (from client?, octets so far, octets) -> octets.
struct pair_of_sessions {
  endpoint client, server;
  timestamp now = day_one;
  std::size_t chunk = SIZE_MAX;
  std::function<bytes(bool, std::size_t, bytes)> bend;
  std::size_t passed[2]{0, 0};

  pair_of_sessions(const tls_config& c, const tls_config& s)
      : client(must(tls_session::create(c))), server(must(tls_session::create(s))) {}

  /// Delivers to one side and returns its answer.
  bytes deliver(bool from_client, bytes data) {
    auto& to = from_client ? server : client;
    auto& count = passed[from_client ? 0 : 1];
    const auto size = data.size();
    if (bend) data = bend(from_client, count, std::move(data));
    count += size;
    bytes answer;
    for (bytes_view rest = data; !rest.empty();) {
      const auto piece = rest.first(std::min(chunk, rest.size()));
      rest = rest.subspan(piece.size());
      auto out = to.session.feed(piece, now);
      if (!out) break;  // over
      const auto more = to.take(*std::move(out));
      answer.insert(answer.end(), more.begin(), more.end());
    }
    return answer;
  }
  /// Octets back and forth until nothing is left to say.
  void pump(bool from_client, bytes data) {
    for (int round = 0; round < 20 && !data.empty(); ++round) {
      data = deliver(from_client, std::move(data));
      from_client = !from_client;
    }
  }
  bool handshake() {
    const auto nothing = server.take(must(server.session.start(now)));
    REQUIRE(nothing.empty());
    pump(true, client.take(must(client.session.start(now))));
    for (const auto* side : {&client, &server})
      if (side->failure)
        UNSCOPED_INFO((side == &client ? "client: " : "server: ")
                      << side->failure->alert << ": " << side->failure->why.what);
    return client.session.established() && server.session.established();
  }
  /// Text both ways.
  void talk() {
    const bytes hello{'h', 'e', 'l', 'l', 'o'}, answer(3000, 'a');
    client.received.clear();
    server.received.clear();
    pump(true, must(client.session.send(hello)));
    pump(false, must(server.session.send(answer)));
    CHECK(server.received == hello);
    CHECK(client.received == answer);
  }
};

}  // namespace smgw::crypto::test
