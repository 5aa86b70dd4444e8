// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/cms/keys.hpp"

#include <vector>

namespace smgw::cms {

/// What `verify` takes. The default is the mandatory suite (REQ.CMS.MessageCipherSuite.20).
struct verifying {
  std::vector<digest> digests{digest::sha256};
  /// Table 5.6 has exactly content-type and message-digest as signed attributes. With this on, others (as the signing
  /// time other programs add) are read and ignored; the signature covers them.
  bool other_attributes = false;
};

/// A verified SignedData: views into the message.
struct verified {
  content_type type = content_type::data;
  bytes_view content;         ///< the signed octets; those handed in where the signature is detached
  bytes_view key_identifier;  ///< whose key verified it
  bytes_view certificate;     ///< DER, if one was embedded: it is the configured one
};

/// Makes a ContentInfo(SignedData) with `content` inside (suite CMS_ECDSA_SHA256; table 5.6).
/// `type` is auth_enveloped_data, data or certificate_requests. Errors of signer::sign; internal if its answer has a
/// wrong size.
[[nodiscard]] expected<bytes> sign(bytes_view content, content_type type, const signer& by);
/// Makes a ContentInfo(SignedData) over id-data that is elsewhere (suite CMS_ECDSA_SHA256_Detached).
[[nodiscard]] expected<bytes> sign_detached(bytes_view content, const signer& by);

/// Verifies a ContentInfo(SignedData) that follows table 5.6 exactly.
/// malformed; unsupported (an unknown algorithm); denied (a digest that `how` does not take); untrusted (signer
/// unknown, digest or signature wrong, an embedded certificate that is not the configured one).
[[nodiscard]] expected<verified> verify(bytes_view message, const find_signer& find, const verifying& how = {});
/// The same for a detached signature over `content`; malformed if the message brings content of its own.
[[nodiscard]] expected<verified> verify_detached(bytes_view message, bytes_view content, const find_signer& find,
                                                 const verifying& how = {});

}  // namespace smgw::cms
