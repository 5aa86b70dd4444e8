// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Requests for the gateway's three certificates, and taking in what the CA has issued.

#include "actors/platform/own_certificates.hpp"
#include "crypto/key_store.hpp"
#include "crypto/pki.hpp"

namespace smgw::platform {

/// A key, and what the certificates on disk say of it.
struct key_line {
  crypto::key_info key;
  std::string certificate;             ///< subject; empty: there is none
  std::optional<timestamp> not_after;  ///< of that certificate
  std::string standing;                ///< `in force`, `next`, `before`, or empty: no certificate
};
[[nodiscard]] expected<std::vector<key_line>> list_keys(const crypto::key_store& keys, const own_certificates& own);

struct renewal_order {
  crypto::distinguished_name subject;
  crypto::curve on = crypto::curve::brainpool_p256r1;
};
struct renewal {
  unsigned generation = 0;
  bytes package;           ///< for the administrator: see protocols/cms/request_package.hpp
  bool is_signed = false;  ///< by the signature key in force; false for the first certificates
};
/// Makes the next generation's keys where they are missing, and requests for them. Called again, it asks for the same
/// keys again. Errors of the key store.
[[nodiscard]] expected<renewal> begin_renewal(crypto::key_store& keys, const own_certificates& own,
                                              const renewal_order& order);

/// What an import did.
struct import_report {
  unsigned generation = 0;
  std::vector<std::string> taken;    ///< file names of the certificates that were put in place
  std::vector<std::string> missing;  ///< those that are still to come
};
/// Takes certificates that belong to the keys of the generation under way; CA certificates among them go behind the TLS
/// certificate. When all three are there, they are offered. conflict: a certificate for none of these keys; denied:
/// its use does not fit the key; expired: it is not valid now; untrusted: the chain that came with it does not hold.
[[nodiscard]] expected<import_report> import_certificates(const crypto::key_store& keys, const own_certificates& own,
                                                          std::span<const crypto::certificate> given, timestamp now);

}  // namespace smgw::platform
