// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A client's first message, read octet by octet.

#include "base/octets.hpp"
#include "crypto/tls_world.hpp"

#include <map>

namespace smgw::crypto::test {

struct hello {
  bytes random;
  std::map<std::uint16_t, bytes> extensions;
};

/// One ClientHello in one record.
inline hello parse_hello(bytes_view in) {
  hello h;
  REQUIRE(in.size() > 50);
  REQUIRE(in[0] == 22);  // handshake
  REQUIRE(in[5] == 1);   // client_hello
  in = in.subspan(5 + 4 + 2);
  h.random.assign(in.begin(), in.begin() + 32);
  in = in.subspan(32);
  in = in.subspan(std::size_t{1} + in[0]);                              // session id
  in = in.subspan(std::size_t{2} + load_be<std::uint16_t>(in.data()));  // suites
  in = in.subspan(std::size_t{1} + in[0]);                              // compression
  in = in.subspan(2);
  while (in.size() >= 4) {
    const auto id = load_be<std::uint16_t>(in.data());
    const std::size_t size = load_be<std::uint16_t>(in.data() + 2);
    REQUIRE(in.size() >= 4 + size);
    h.extensions[id].assign(in.begin() + 4, in.begin() + static_cast<std::ptrdiff_t>(4 + size));
    in = in.subspan(4 + size);
  }
  return h;
}

inline hello hello_of(const tls_config& c) {
  auto session = must(tls_session::create(c));
  const auto out = must(session.start(day_one));
  if (out.failure) FAIL(out.failure->why.what);
  return parse_hello(out.transmit);
}

/// A root CA of this name; its keys go on with the object.
inline certificate_authority authority(const std::string& name, curve on = curve::secp256r1) {
  return must(certificate_authority::make_root(soft_key_store::in_memory(), "root", on,
                                               {.subject = {.common_name = name, .country = "DE"},
                                                .not_before = day_one - 1h,
                                                .not_after = day_one + std::chrono::hours{24 * 1000}}));
}

/// A gateway's or a participant's TLS certificate of this CA.
inline party make_issued_party(const certificate_authority& ca, curve on) {
  party p{.keys = soft_key_store::in_memory(), .label = "gw_tls", .chain = {}};
  const auto made = must(make_party(ca, *p.keys,
                                    {.key_prefix = "gw_",
                                     .subject = {.common_name = "ESMG0000000001.SMGW", .country = "DE"},
                                     .not_before = day_one - 1h,
                                     .not_after = day_one + std::chrono::hours{24 * 300},
                                     .on = on}));
  p.chain = {made.tls, ca.own()};
  return p;
}

}  // namespace smgw::crypto::test
