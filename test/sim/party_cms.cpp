// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "party_cms.hpp"

#include "actors/foundation/key_token.hpp"
#include "base/check.hpp"
#include "protocols/cms/protect.hpp"

#include <algorithm>

namespace smgw::sim {
namespace {

cms::curve to_cms(crypto::curve c) { return static_cast<cms::curve>(c); }
crypto::curve from_cms(cms::curve c) { return static_cast<crypto::curve>(c); }
static_assert(static_cast<int>(cms::curve::secp384r1) == static_cast<int>(crypto::curve::secp384r1) &&
              static_cast<int>(cms::curve::brainpool_p512r1) == static_cast<int>(crypto::curve::brainpool_p512r1));

}  // namespace

expected<bytes> seal_for(const crypto::certificate& to, const party& from, bytes_view content) {
  const cms::key_source source{.make_ephemeral = [keys = from.keys](cms::curve c) -> expected<cms::ephemeral> {
                                 SMGW_TRY(auto made, keys->generate_ephemeral(from_cms(c)));
                                 const std::shared_ptr<crypto::ephemeral_key> key = std::move(made);
                                 const auto point = key->public_point();
                                 return cms::ephemeral{bytes(point.begin(), point.end()),
                                                       [key](bytes_view peer) { return key->agree(peer); }};
                               },
                               .random = [keys = from.keys](std::span<std::uint8_t> out) { return keys->random(out); }};
  const cms::signer by{.group = to_cms(from.signature.on),
                       .hash = cms::digest::sha256,
                       .key_identifier = from.signature.subject_key_id,
                       .sign = [keys = from.keys](bytes_view d) { return keys->sign_digest(signature_label, d); },
                       .certificate = {}};
  return cms::protect(content, {{to_cms(to.on), to.public_point}, to.subject_key_id}, by, {}, source);
}

expected<bytes> open_sealed(bytes_view message, const party& self, const std::vector<crypto::certificate>& signers) {
  const cms::find_signer find = [&](bytes_view id) -> expected<cms::known_signer> {
    for (const auto& c : signers)
      if (std::ranges::equal(c.subject_key_id, id)) return cms::known_signer{{to_cms(c.on), c.public_point}, c.der};
    return fail(errc::untrusted, "no such signer");
  };
  const cms::find_own_key own = [&](bytes_view id) -> expected<cms::own_key> {
    if (!std::ranges::equal(self.encryption.subject_key_id, id)) return fail(errc::denied, "not encrypted for us");
    return cms::own_key{to_cms(self.encryption.on),
                        [keys = self.keys](bytes_view peer) { return keys->agree(encryption_label, peer); }};
  };
  SMGW_TRY(auto opened, cms::unprotect(message, find, own));
  return std::move(opened.content);
}

}  // namespace smgw::sim
