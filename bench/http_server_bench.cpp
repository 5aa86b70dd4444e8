// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: a request with a login is read, checked, routed and answered more than ten thousand times a second on one
// core, without a socket: what a client waits for is TLS and the store, never HTTP.

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "protocols/http/digest_server.hpp"
#include "protocols/http/resource_tree.hpp"
#include "protocols/http/server_exchange.hpp"

#include <chrono>
#include <cstdio>

namespace {

using namespace smgw;
using clock_type = std::chrono::steady_clock;

template <class F>
void measure(const char* what, F&& f) {
  for (int i = 0; i < 100; ++i) f();
  long rounds = 0;
  const auto from = clock_type::now();
  while (clock_type::now() - from < std::chrono::milliseconds{700})
    for (int i = 0; i < 32; ++i, ++rounds) f();
  const auto seconds = std::chrono::duration<double>(clock_type::now() - from).count();
  std::printf("%-36s %10.0f/s\n", what, static_cast<double>(rounds) / seconds);
}

bytes sha256(bytes_view in) {
  const auto d = crypto::sha256(in);
  return {d.begin(), d.end()};
}

}  // namespace

int main() {
  const time_point now{};
  http::digest_server logins{{.realm = "ebsi0012345678", .strict_count = false}, {sha256, sha256, sha256}, "ab"};
  const auto password = secret{as_bytes("pass")};
  const http::digest_account account{http::password_hash(sha256, "consumer1", "ebsi0012345678", password), {}};
  const auto challenge = logins.challenge(bytes(16, 1), now).front();
  const auto at = challenge.find("nonce=\"") + 7;
  http::digest_credentials c;
  c.nonce = challenge.substr(at, challenge.find('"', at) - at);
  c.uri = "/smgw/con/v1/exp/Values/con01?q.count=3";
  c.cnonce = "a1b2c3d4";
  c.count_text = "00000001";
  const auto proof = to_hex(http::digest_response(sha256, account.sha256, c, "GET"));
  const auto text = "GET " + c.uri +
                    " HTTP/1.1\r\nHost: ebsi0012345678.sm\r\nAccept: application/json\r\n"
                    "Authorization: Digest username=\"consumer1\",realm=\"ebsi0012345678\",nonce=\"" +
                    c.nonce + "\",uri=\"" + c.uri +
                    "\",qop=auth,nc=00000001,cnonce=\"a1b2c3d4\",algorithm=SHA-256,response=\"" + proof + "\"\r\n\r\n";
  const http::resource_tree tree{{{.where = http::branch::exp,
                                   .name = "Values",
                                   .roles = static_cast<std::uint8_t>(http::role::consumer),
                                   .operations = static_cast<std::uint8_t>(http::operation::hand_out),
                                   .filters = static_cast<std::uint8_t>(http::filter_key::count)}}};
  http::server_exchange exchange{now, {}, {}};
  const auto serve = [&](bool login) {
    const auto in = exchange.feed(as_bytes(text), now);
    SMGW_ASSERT(in.received.has_value());
    if (login) {
      const auto who = logins.check(*in.received, [&](std::string_view) { return &account; }, now);
      SMGW_ASSERT(who.what == http::digest_server::verdict::granted);
    }
    const auto call = tree.route(*in.received, http::role::consumer);
    SMGW_ASSERT(call.has_value());
    SMGW_ASSERT(exchange.respond(http::answer(*call, http::resource_result{{'{', '}'}, {}, false}), now).has_value());
  };
  measure("read, route, answer", [&] { serve(false); });
  measure("read, log in (SHA-256), route, answer", [&] { serve(true); });
}
