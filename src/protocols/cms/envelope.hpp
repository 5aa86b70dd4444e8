// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The fields of an AuthEnvelopedData (table 5.5), read in the order in which they come. Inner use of this module.

#include "protocols/cms/der.hpp"
#include "protocols/cms/enveloped_data.hpp"

namespace smgw::cms {

/// Everything of the structure that is needed to open it; views into the message.
struct envelope {
  bytes_view originator_curve;  ///< OBJECT IDENTIFIER element; empty: the curve of the recipient
  bytes_view originator_point;
  encryption_suite suite;
  bytes_view recipients;  ///< content of recipientEncryptedKeys
  content_type type = content_type::data;
  bytes_view iv;
  bytes_view cbc_parameters;  ///< the element, if present
  std::size_t tag_octets = cms::tag_octets;
  bytes_view attributes;  ///< content of authAttrs
  bytes_view mac;
};

/// version and recipientInfos.
[[nodiscard]] expected<void> read_start(der::reader& r, const opening& how, envelope& e);
/// contentType and contentEncryptionAlgorithm.
[[nodiscard]] expected<void> read_content_algorithm(const der::element& type, bytes_view algorithm, envelope& e);
/// authAttrs and mac, and what they have to say of the fields before.
[[nodiscard]] expected<void> read_end(der::reader& r, envelope& e);
/// The content key, if `how` takes the suite and one of the recipients is ours.
[[nodiscard]] expected<secret> find_content_key(const envelope& e, const find_own_key& find, const opening& how);
/// What is authenticated beside the content: the SET OF the attributes (RFC 5083, 2.2); empty without attributes.
[[nodiscard]] bytes additional_data(bytes_view attributes);

}  // namespace smgw::cms
