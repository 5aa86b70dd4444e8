// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The fields of a SignedData (table 5.6), written around a content and read in the order in which they come. Inner use
/// of this module.

#include "protocols/cms/der.hpp"
#include "protocols/cms/signed_data.hpp"

namespace smgw::cms {

/// What stands before and behind the content.
struct signature_frame {
  bytes head, tail;
};
/// Signs the digest of a content. `enclosed`: octets of the content; nothing: it is elsewhere.
[[nodiscard]] expected<signature_frame> frame_signature(bytes_view content_digest, std::optional<std::size_t> enclosed,
                                                        content_type type, const signer& by);

/// Everything of the structure that is needed to verify it; views into the message.
struct signed_message {
  content_type type = content_type::data;
  std::optional<bytes_view> content;
  bytes_view certificate;
  digest hash = digest::sha256;
  bytes_view key_identifier;
  bytes_view attributes;  ///< content of signedAttrs
  bytes_view signature;
};

/// version and digestAlgorithms.
[[nodiscard]] expected<void> read_start(der::reader& r, signed_message& m);
/// eContentType.
[[nodiscard]] expected<void> read_type(const der::element& type, signed_message& m);
/// certificates and signerInfos.
[[nodiscard]] expected<void> read_end(der::reader& r, signed_message& m);
/// All of a message.
[[nodiscard]] expected<signed_message> read_signed(bytes_view message);
/// malformed if the message brings content of its own, or a type that is not signed detached.
[[nodiscard]] expected<void> check_detached(const signed_message& m);
/// Verifies attributes and signature for a content with this digest.
[[nodiscard]] expected<void> verify_message(const signed_message& m, bytes_view content_digest, const find_signer& find,
                                            const verifying& how);

}  // namespace smgw::cms
