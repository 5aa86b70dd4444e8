// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The gateway's requests for its three certificates, as one message to the administrator.
///
/// PROPOSED: TR-03109-4 names the package CertReqMsgsWithOuterSignature and its object identifier, but its ASN.1 is not
/// public here. This is a SEQUENCE of three PKCS#10 requests, each signed by the key it asks for (TLS, signature,
/// encryption), in a SignedData by the signature key that is valid now.

#include "protocols/cms/signed_data.hpp"

namespace smgw::cms {

struct request_package {
  bytes tls, signature, encryption;  ///< PKCS#10, DER
};

/// Largest request that is read.
inline constexpr std::size_t max_request = 4096;

/// The bare SEQUENCE, for a gateway that has no valid signature key yet.
[[nodiscard]] bytes encode(const request_package& p);
[[nodiscard]] expected<request_package> decode_request_package(bytes_view der);

[[nodiscard]] expected<bytes> sign_request_package(const request_package& p, const signer& by);
/// untrusted: signed by somebody else; malformed: no such package inside.
[[nodiscard]] expected<request_package> open_request_package(bytes_view message, const find_signer& find);

}  // namespace smgw::cms
