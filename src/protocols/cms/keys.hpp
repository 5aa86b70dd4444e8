// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What CMS asks of the security module (detail specification 5.5, figure 5.1): random numbers, ephemeral keys, key
/// agreement and signatures. Everything here is a function, so that this layer needs no key store. The functions are
/// called synchronously, on the caller's thread, and may block as long as the module needs.

#include "base/secret.hpp"
#include "protocols/cms/suite.hpp"

#include <functional>

namespace smgw::cms {

/// Key agreement with one private key: takes the peer's uncompressed point `04 X Y`, answers Z, the x coordinate as
/// field_octets() octets.
using agree_function = std::function<expected<secret>(bytes_view peer_point)>;

/// A key pair for one message. Whoever made it destroys the private part when `agree` goes.
struct ephemeral {
  bytes public_point;  ///< `04 X Y`
  agree_function agree;
};

/// The sender's side of the security module.
struct key_source {
  std::function<expected<ephemeral>(curve)> make_ephemeral;
  std::function<expected<void>(std::span<std::uint8_t>)> random;  ///< fills the span
};

/// ECDSA over a digest: answers plain r‖s, twice field_octets().
using sign_function = std::function<expected<bytes>(bytes_view digest)>;

/// The public key of a partner, from the configured certificate.
struct public_key {
  curve group = curve::brainpool_p256r1;
  bytes point;  ///< `04 X Y`
};

/// Whom a message is for.
struct recipient {
  public_key key;
  bytes key_identifier;  ///< subject key identifier of the encryption certificate
};

/// Who signs.
struct signer {
  curve group = curve::brainpool_p256r1;
  digest hash = digest::sha256;
  bytes key_identifier;  ///< subject key identifier of the signature certificate
  sign_function sign;
  bytes certificate;  ///< DER; empty: none is embedded
};

/// One of our static keys.
struct own_key {
  curve group = curve::brainpool_p256r1;
  agree_function agree;
};

/// A partner who signs, as it is configured.
struct known_signer {
  public_key key;
  bytes certificate;  ///< DER of the signature certificate; empty: only the key is known, and none may be embedded
};

/// Finds the configured signature certificate with this subject key identifier. The answer to an unknown one is
/// errc::untrusted. A certificate inside the message never takes its place: it has to be the same, octet for octet
/// (REQ.CMS.Zertifikate.10).
using find_signer = std::function<expected<known_signer>(bytes_view key_identifier)>;
/// Finds our encryption key by subject key identifier; errc::denied if it is not ours.
using find_own_key = std::function<expected<own_key>(bytes_view key_identifier)>;

}  // namespace smgw::cms
