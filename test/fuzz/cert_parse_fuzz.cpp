// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Certificates, chains, requests and signatures as anybody may send them: no crash, and what parses holds together.
#include "base/check.hpp"
#include "crypto/certificate.hpp"
#include "crypto/pki.hpp"
#include "crypto/signature.hpp"

using namespace smgw;
using namespace smgw::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  if (const auto c = parse_certificate(in)) {
    SMGW_ASSERT(c->der.size() <= max_certificate_size);
    SMGW_ASSERT(c->public_point.size() == point_size(c->on));
    SMGW_ASSERT(check_point(c->on, c->public_point));
    const auto again = parse_certificate(c->der);
    SMGW_ASSERT(again && *again == *c);
    SMGW_ASSERT(parse_certificate(bytes_view{c->der}).has_value());
    (void)check_use(*c, certificate_use::tls_client);
    (void)check_issued_by(*c, *c);
  }
  if (const auto chain = parse_certificates(in)) {
    SMGW_ASSERT(!chain->empty() && chain->size() <= max_chain_length);
    (void)check_chain(*chain, std::span{*chain}.last(1), {.use = certificate_use::tls_server, .now = std::nullopt});
  }
  if (const auto r = parse_request(in)) SMGW_ASSERT(r->public_point.size() == point_size(r->on));
  for (const auto on : all_curves)
    if (const auto raw = signature_from_der(on, in)) SMGW_ASSERT(std::ranges::equal(*signature_to_der(on, *raw), in));
  return 0;
}
