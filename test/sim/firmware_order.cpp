// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "firmware_order.hpp"

#include "actors/foundation/key_token.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "protocols/cms/signed_data.hpp"
#include "protocols/cosem/tree.hpp"

namespace smgw::sim {

expected<std::string> firmware_order(bytes_view image, const std::string& version, const std::string& path,
                                     const party& maker) {
  SMGW_TRY(const auto parsed, firmware::version::parse(version));
  const firmware::manifest m{"smgw", parsed, image.size(), crypto::sha256(image), path};
  const cms::signer by{.group = static_cast<cms::curve>(maker.signature.on),
                       .hash = cms::digest::sha256,
                       .key_identifier = maker.signature.subject_key_id,
                       .sign = [keys = maker.keys](bytes_view d) { return keys->sign_digest(signature_label, d); },
                       .certificate = {}};
  SMGW_TRY(auto message, cms::sign(as_bytes(firmware::write_manifest(m)), cms::content_type::data, by));
  return cosem::write_method_request(cosem::data{cosem::data_type::octet_string, std::move(message)});
}

}  // namespace smgw::sim
