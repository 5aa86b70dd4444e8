// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/meter_key_pair.hpp"

#include <botan/data_src.h>
#include <botan/ec_apoint.h>
#include <botan/ec_group.h>
#include <botan/ecdsa.h>
#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace std::chrono_literals;

namespace {

const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
const auto meter = *device_id::parse("1SMG0020000001");

}  // namespace

TEST_CASE("a meter's key pair and certificate are made as the guideline says",
          "[crypto][REQ.SYMHDLC.SMGW.InitialPairing.10][REQ.SML.CLI.UpdateMtrCertAndKey.10]") {
  for (const auto on : {curve::brainpool_p256r1, curve::secp256r1, curve::brainpool_p384r1}) {
    const auto made = make_meter_key_pair(meter, on, now, now + std::chrono::days{7 * 365});
    REQUIRE(made);
    const auto& c = made->public_part;
    CHECK(c.subject_cn == "1smg0020000001.sm");
    CHECK(c.on == on);
    CHECK(c.der.size() <= max_lmn_certificate_size);
    CHECK(c.usage.digital_signature);
    CHECK_FALSE(c.is_ca);
    const auto taken = take_meter_key_pair(made->both.reveal());
    REQUIRE(taken);
    CHECK(taken->public_part == c);
    CHECK(taken->scalar.size() == field_size(on));
  }
  CHECK(make_meter_key_pair(meter, curve::brainpool_p256r1, now, now + std::chrono::days{8 * 366}).error().code ==
        errc::malformed);
}

TEST_CASE("a meter's key is read as RFC 5915 by another library's decoder",
          "[crypto][REQ.SML.CLI.UpdateMtrCertAndKey.10]") {
  const auto made = make_meter_key_pair(meter, curve::brainpool_p256r1, now, now + 24h).value();
  const auto key = made.both.reveal().subspan(made.public_part.der.size());
  const Botan::AlgorithmIdentifier ec("1.2.840.10045.2.1", Botan::EC_Group::from_name("brainpool256r1").DER_encode());
  const Botan::ECDSA_PrivateKey read(ec, Botan::secure_vector<std::uint8_t>(key.begin(), key.end()));
  CHECK(read._public_ec_point().serialize_uncompressed() == made.public_part.public_point);
}

TEST_CASE("a key of another certificate, and what is cut, is refused", "[crypto]") {
  const auto one = make_meter_key_pair(meter, curve::brainpool_p256r1, now, now + 24h).value();
  const auto two = make_meter_key_pair(meter, curve::brainpool_p256r1, now, now + 24h).value();
  bytes mixed = one.public_part.der;
  const auto key = two.both.reveal().subspan(two.public_part.der.size());
  mixed.insert(mixed.end(), key.begin(), key.end());
  CHECK(take_meter_key_pair(mixed).error().code == errc::untrusted);
  const auto both = one.both.reveal();
  for (std::size_t i = 0; i < both.size(); ++i) CHECK_FALSE(take_meter_key_pair(both.first(i)));
}
