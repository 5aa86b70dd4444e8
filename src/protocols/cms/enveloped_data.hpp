// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/cms/keys.hpp"

#include <vector>

namespace smgw::cms {

/// How to seal. The defaults are what the detail specification prescribes.
struct sealing {
  encryption_suite suite{};
  content_type type = content_type::data;  ///< of the content: data or compressed_data
  key_agreement agreement = key_agreement::ecka_eg;
  shared_info info = shared_info::none;
  /// CBC-CMAC with a random IV in the parameters, repeated as an authenticated attribute (REQ.CMS.AesCbcCmac.70 to
  /// .120). Off: REQ.CMS.AuthEnvelopedData.50 leaves the parameters out here.
  bool cbc_parameters = false;
};

/// What `open` takes. The defaults are the two mandatory suites (REQ.CMS.MessageCipherSuite.10).
struct opening {
  std::vector<encryption_suite> suites{eckaeg_aes128_gcm, eckaeg_aes128_cbc_cmac};
  key_agreement agreement = key_agreement::ecka_eg;
  shared_info info = shared_info::none;
  std::size_t shortest_tag = min_tag_octets;
};

/// The plaintext and what it is.
struct opened {
  content_type type = content_type::data;
  bytes content;
  encryption_suite suite{};
};

/// Makes an AuthEnvelopedData (RFC 5083; table 5.5) for one recipient, with fresh content keys and a fresh ephemeral
/// key. Without a ContentInfo: as an inner level has it.
/// unsupported (a content type other than the two); exhausted (over max_message); errors of the functions.
[[nodiscard]] expected<bytes> seal(bytes_view content, const recipient& to, const sealing& how, const key_source& keys);

/// Opens an AuthEnvelopedData that follows table 5.5 exactly; the MAC is verified before the padding is looked at.
/// malformed (structure, presence, DER); unsupported (an unknown algorithm); denied (a suite that `how` does not take,
/// or no recipient of ours); untrusted (MAC, key wrap, point not on the curve); errors of the functions.
[[nodiscard]] expected<opened> open(bytes_view auth_enveloped_data, const find_own_key& find, const opening& how = {});

}  // namespace smgw::cms
