// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "delivery_reader.hpp"

#include "actors/foundation/key_token.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/protect.hpp"

#include <algorithm>

namespace smgw::sim {
namespace {

cms::curve to_cms(crypto::curve c) { return static_cast<cms::curve>(c); }
static_assert(static_cast<int>(cms::curve::secp384r1) == static_cast<int>(crypto::curve::secp384r1) &&
              static_cast<int>(cms::curve::brainpool_p512r1) == static_cast<int>(crypto::curve::brainpool_p512r1));

bool same(const bytes& a, bytes_view b) { return std::ranges::equal(a, b); }

}  // namespace

expected<received_delivery> read_delivery(const http::request& request, const party& self,
                                          const std::vector<crypto::certificate>& gateway_signers) {
  if (request.verb != http::method::post) return fail(errc::denied, "deliveries come by POST");
  if (!request.headers.get("Content-Type").starts_with("application/vnd.de-dke-k461-cosem+xml"))
    return fail(errc::unsupported, "the content type is not that of a delivery");
  const cms::find_signer find = [&](bytes_view id) -> expected<cms::public_key> {
    for (const auto& c : gateway_signers)
      if (same(c.subject_key_id, id)) return cms::public_key{to_cms(c.on), c.public_point};
    return fail(errc::untrusted, "no such signer");
  };
  const cms::find_own_key own = [&](bytes_view id) -> expected<cms::own_key> {
    if (!same(self.encryption.subject_key_id, id)) return fail(errc::denied, "not encrypted for us");
    return cms::own_key{to_cms(self.encryption.on),
                        [keys = self.keys](bytes_view peer) { return keys->agree(encryption_label, peer); }};
  };
  SMGW_TRY(auto message, cms::unprotect(request.body, find, own));
  received_delivery d;
  d.message_octets = request.body.size();
  d.document = as_text(message.content);
  SMGW_TRY(d.content, cosem::read(d.document));
  return d;
}

}  // namespace smgw::sim
