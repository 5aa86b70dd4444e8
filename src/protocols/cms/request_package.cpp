// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/request_package.hpp"

#include "base/check.hpp"
#include "protocols/cms/der.hpp"

namespace smgw::cms {

bytes encode(const request_package& p) { return der::make(der::sequence, {p.tls, p.signature, p.encryption}); }

expected<request_package> decode_request_package(bytes_view message) {
  SMGW_TRY(const auto inside, der::only(message, der::sequence));
  der::reader r{inside};
  request_package p;
  for (auto* one : {&p.tls, &p.signature, &p.encryption}) {
    SMGW_TRY(const auto request, r.next());
    if (request.tag != der::sequence) return fail(errc::malformed, "request package: not a PKCS#10 request");
    if (request.whole.size() > max_request) return fail(errc::exhausted, "request package: a request is too long");
    one->assign(request.whole.begin(), request.whole.end());
  }
  SMGW_CHECK(r.finish());
  return p;
}

expected<bytes> sign_request_package(const request_package& p, const signer& by) {
  return sign(encode(p), content_type::certificate_requests, by);
}

expected<request_package> open_request_package(bytes_view message, const find_signer& find) {
  SMGW_TRY(const auto opened, verify(message, find));
  if (opened.type != content_type::certificate_requests) return fail(errc::malformed, "not a request package");
  return decode_request_package(opened.content);
}

}  // namespace smgw::cms
