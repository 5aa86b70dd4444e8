// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Parties with fixed keys for the tests of CMS: what the security module does for the gateway, done by Botan.

#include "protocols/cms/protect.hpp"

#include <memory>
#include <string>

namespace smgw::test {

/// One party: a static key for agreement and for signatures, and a deterministic source of randomness and ephemerals.
class party {
 public:
  /// `seed` decides all keys.
  party(cms::curve c, std::uint8_t seed);
  ~party();
  party(const party&) = delete;
  party& operator=(const party&) = delete;

  [[nodiscard]] cms::recipient as_recipient() const;
  [[nodiscard]] cms::signer as_signer(cms::digest d = cms::digest::sha256) const;
  [[nodiscard]] cms::key_source source() const;
  [[nodiscard]] cms::find_signer finds_signer() const;
  [[nodiscard]] cms::find_own_key finds_own_key() const;
  [[nodiscard]] const cms::public_key& key() const { return key_; }
  [[nodiscard]] const bytes& ski() const { return ski_; }
  /// The private key and a certificate signed with it, as PEM; digital signature and key agreement.
  [[nodiscard]] std::string key_pem() const;
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] bytes certificate_der() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
  cms::public_key key_;
  bytes ski_;
};

inline constexpr cms::curve all_curves[] = {cms::curve::brainpool_p256r1, cms::curve::brainpool_p384r1,
                                            cms::curve::brainpool_p512r1, cms::curve::secp256r1, cms::curve::secp384r1};
[[nodiscard]] const char* curve_name(cms::curve c);
/// A message with some structure, so that it compresses.
[[nodiscard]] bytes sample(std::size_t size);

}  // namespace smgw::test
