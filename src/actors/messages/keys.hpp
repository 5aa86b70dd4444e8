// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// To and from the KEY TOKEN.

#include "actors/discipline.hpp"

#include <smgw/types.hpp>

#include <string>
#include <vector>

namespace smgw {

/// Compress, encrypt for the recipient, and sign.
struct protect_content {
  std::string recipient;  ///< id of a WAN profile
  bytes content;
};
/// The protected message, ready to send.
struct protected_content {
  bytes message;
};
/// Sign these entries with the inner signature.
struct sign_entries {
  std::vector<list_entry> entries;
};
struct signed_entries {
  std::vector<list_entry> entries;
};
/// Sign a digest with the signature key.
struct sign_digest {
  bytes digest;
};
struct digest_signature {
  bytes signature;
};

/// Sign content as a CMS message, with the signature certificate in it.
struct sign_content {
  bytes content;
  bool detached = false;  ///< the message does not hold the content
};
struct signed_content {
  bytes message;
};

}  // namespace smgw

SMGW_MESSAGE(protect_content)
SMGW_MESSAGE(protected_content)
SMGW_MESSAGE(sign_entries)
SMGW_MESSAGE(signed_entries)
SMGW_MESSAGE(sign_digest)
SMGW_MESSAGE(digest_signature)
SMGW_MESSAGE(sign_content)
SMGW_MESSAGE(signed_content)
