// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/content_info.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/der.hpp"
#include "protocols/cms/oids.hpp"

namespace smgw::cms {

bytes wrap_content_info(content_type type, bytes_view content) {
  const auto oid = oids::of(type);
  const auto inner = der::header_size(content.size()) + content.size();
  bytes out;
  out.reserve(inner + oid.size() + 8);
  der::put_header(out, der::sequence, oid.size() + inner);
  put(out, oid);
  der::put_element(out, der::constructed(0), content);
  return out;
}

expected<content_info> unwrap_content_info(bytes_view message) {
  if (message.size() > max_message + max_message / 2) return fail(errc::exhausted, "CMS message too long");
  SMGW_TRY(const auto body, der::only(message, der::sequence));
  der::reader r{body};
  SMGW_TRY(const auto oid, r.next());
  if (oid.tag != der::oid) return fail(errc::malformed, "content type missing");
  const auto type = oids::to_content_type(oid.whole);
  SMGW_TRY(const auto content, r.next(der::constructed(0)));
  SMGW_CHECK(r.finish());
  if (!type || *type == content_type::certificate_requests) return fail(errc::unsupported, "CMS content type");
  return content_info{*type, content};
}

}  // namespace smgw::cms
