// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/request_package.hpp"

#include "protocols/cms/der.hpp"
#include "protocols/cms/parties.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::cms;

namespace {

request_package three() {
  return {der::make(der::sequence, bytes(10, 1)), der::make(der::sequence, bytes(20, 2)),
          der::make(der::sequence, bytes(30, 3))};
}
bool same(const request_package& a, const request_package& b) {
  return a.tls == b.tls && a.signature == b.signature && a.encryption == b.encryption;
}

}  // namespace

TEST_CASE("a package of requests goes there and back, signed and bare", "[cms]") {
  const test::party gateway(curve::brainpool_p256r1, 1);
  const auto package = three();
  CHECK(same(*decode_request_package(encode(package)), package));
  const auto message = sign_request_package(package, gateway.as_signer());
  REQUIRE(message);
  CHECK(same(*open_request_package(*message, gateway.finds_signer()), package));
}

TEST_CASE("a package of somebody else, another content, or another number of requests is refused", "[cms]") {
  const test::party gateway(curve::brainpool_p256r1, 1), stranger(curve::brainpool_p256r1, 2);
  const auto foreign = sign_request_package(three(), stranger.as_signer());
  REQUIRE(foreign);
  CHECK(open_request_package(*foreign, gateway.finds_signer()).error().code == errc::untrusted);
  const auto data = sign(encode(three()), content_type::data, gateway.as_signer());
  REQUIRE(data);
  CHECK(open_request_package(*data, gateway.finds_signer()).error().code == errc::malformed);
  const auto one = der::make(der::sequence, bytes(10, 1));
  for (const auto& parts : {der::make(der::sequence, {one, one}), der::make(der::sequence, {one, one, one, one}),
                            der::make(der::sequence, {one, one, bytes{0x02, 0x01, 0x00}})})
    CHECK_FALSE(decode_request_package(parts));
  const auto large = der::make(der::sequence, bytes(max_request, 0));
  CHECK(decode_request_package(der::make(der::sequence, {large, one, one})).error().code == errc::exhausted);
  // A package is no delivery: what opens deliveries does not take it.
  const auto message = sign_request_package(three(), gateway.as_signer());
  REQUIRE(message);
  CHECK(unprotect(*message, gateway.finds_signer(), gateway.finds_own_key()).error().code == errc::denied);
}
