// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "delivery_reader.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "party_cms.hpp"
#include "protocols/cosem/delivery_json.hpp"
#include "protocols/http/media.hpp"

namespace smgw::sim {

expected<received_delivery> read_delivery(const http::request& request, const party& self,
                                          const std::vector<crypto::certificate>& gateway_signers) {
  if (request.verb != http::method::post) return fail(errc::denied, "deliveries come by POST");
  const auto kind = http::classify(request.headers.get("Content-Type"));
  const bool json = kind && *kind != http::body_kind::cms_xml;
  if (!kind || (json && *kind != http::body_kind::cms_json_full && *kind != http::body_kind::cms_json_sealed))
    return fail(errc::unsupported, "the content type is not that of a delivery");
  SMGW_TRY(const auto content, open_sealed(request.body, self, gateway_signers));
  received_delivery d;
  d.message_octets = request.body.size();
  d.message = request.body;
  d.document = as_text(content);
  SMGW_TRY(d.content, json ? cosem::read_json(d.document) : cosem::read(d.document));
  return d;
}

}  // namespace smgw::sim
