// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// To and from the KEY TOKEN.

#include "actors/discipline.hpp"
#include "crypto/certificate.hpp"
#include "domain/profile/wan.hpp"

#include <smgw/types.hpp>

#include <map>
#include <string>
#include <vector>

namespace smgw {

/// How to protect content for one reader.
struct reader {
  crypto::certificate encryption;
  profile::cms_suite suite = profile::cms_suite::eckaeg_aes_128_gcm;
  bool compress = true;
};
/// One of the gateway's own keys.
struct own_key {
  crypto::certificate certificate;
  std::string label;  ///< in the key store
};
/// Other profiles, or renewed certificates: who reads what the gateway protects, and whose signatures count, by id of
/// the WAN profile; what the gateway signs with, and what it can open, newest first.
struct renew_credentials {
  std::map<std::string, reader> readers;
  std::map<std::string, crypto::certificate> signers;
  own_key signature;
  std::vector<own_key> encryption;
};

/// Compress, encrypt for the recipient, and sign.
struct protect_content {
  std::string recipient;  ///< id of a WAN profile
  bytes content;
  std::uint32_t values = 0;  ///< in it: the message's size follows from their number alone
};
/// The protected message, ready to send.
struct protected_content {
  bytes message;
};
/// Verify the sender's signature, then decrypt with the gateway's key, then inflate.
struct open_content {
  std::string sender;  ///< id of the WAN profile whose signer certificate counts
  bytes message;
};
/// What was inside.
struct opened_content {
  bytes content;
};
/// Make the next generation of the gateway's keys, and requests for their certificates.
struct request_certificates {};
/// The package for the certificate authority, as protocols/cms/request_package.hpp describes it.
struct certificate_requests {
  unsigned generation = 0;
  bytes package;
};
/// Take in what the certificate authority has issued for them (PEM, CA certificates among them).
struct install_certificates {
  bytes certificates;
};
struct certificates_installed {
  std::string text;  ///< for people: which, and which are missing
};

/// The certificates that wait were tried: they are in force from now on, or given up.
struct settle_certificates {
  bool worked = false;
};
struct certificates_settled {
  std::string text;  ///< for people
};

/// Destroy every private key of the gateway, whatever it is for: the end of its life (overview 13).
struct destroy_keys {};
struct keys_destroyed {
  std::size_t count = 0;
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
SMGW_MESSAGE(renew_credentials)
SMGW_MESSAGE(open_content)
SMGW_MESSAGE(opened_content)
SMGW_MESSAGE(request_certificates)
SMGW_MESSAGE(certificate_requests)
SMGW_MESSAGE(install_certificates)
SMGW_MESSAGE(certificates_installed)
SMGW_MESSAGE(settle_certificates)
SMGW_MESSAGE(certificates_settled)
SMGW_MESSAGE(destroy_keys)
SMGW_MESSAGE(keys_destroyed)
SMGW_MESSAGE(sign_entries)
SMGW_MESSAGE(signed_entries)
SMGW_MESSAGE(sign_digest)
SMGW_MESSAGE(digest_signature)
SMGW_MESSAGE(sign_content)
SMGW_MESSAGE(signed_content)
