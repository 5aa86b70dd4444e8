// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: the bounded parser reads more than a hundred thousand requests a second on one core: HTTP is never what a
// connection of a gateway waits for.

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/http/parser.hpp"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

using namespace smgw;
using clock_type = std::chrono::steady_clock;

template <class F>
void measure(const char* what, std::size_t octets, F&& f) {
  for (int i = 0; i < 100; ++i) f();
  long rounds = 0;
  const auto from = clock_type::now();
  while (clock_type::now() - from < std::chrono::milliseconds{700})
    for (int i = 0; i < 32; ++i, ++rounds) f();
  const auto seconds = std::chrono::duration<double>(clock_type::now() - from).count();
  std::printf("%-28s %8zu octets  %10.0f/s  %8.1f MiB/s\n", what, octets, static_cast<double>(rounds) / seconds,
              static_cast<double>(octets) * static_cast<double>(rounds) / seconds / (1 << 20));
}

}  // namespace

int main() {
  const std::string login =
      "POST /smgw/m2m/01005e318011/json HTTP/1.1\r\nHost: smgw.local\r\nUser-Agent: client/1.0\r\nAccept: */*\r\n"
      "Authorization: Digest username=\"consumer1\", realm=\"ebsi0012345678\", "
      "nonce=\"1f0a6cbb3c1d4f6a9c0e2b7d5a8f4e31\", uri=\"/smgw/m2m/01005e318011/json\", qop=auth, nc=00000001, "
      "cnonce=\"a1b2c3d4e5f60718\", response=\"6629fae49393a05397450978507c4ef1\", algorithm=\"MD5\"\r\n"
      "Content-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"method\":\"smgw-info\"}";
  http::request_parser requests;
  measure("request with login", login.size(), [&] { SMGW_ASSERT((*requests.feed(as_bytes(login))).has_value()); });
  measure("the same, octet by octet", login.size(), [&] {
    std::size_t done = 0;
    for (const char& c : login) done += requests.feed(as_bytes({&c, 1}))->has_value() ? 1u : 0u;
    SMGW_ASSERT(done == 1);
  });
  const std::string large = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n" + std::string(1 << 20, 'x');
  measure("request with 1 MiB", large.size(), [&] { SMGW_ASSERT((*requests.feed(as_bytes(large))).has_value()); });
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  http::response_parser responses;
  measure("response", answer.size(), [&] {
    responses.expect(http::method::post);
    SMGW_ASSERT((*responses.feed(as_bytes(answer))).has_value());
  });
}
