// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/han/model.hpp"

namespace smgw::han {

[[nodiscard]] std::string to_base64(bytes_view data);

/// The answer `r` as the signed `message` over its body. Enclosed: the message is the body. Detached (q.signed):
/// PROPOSED, since the guideline does not say how body and signature travel together: one JSON object
/// `{"suite":"CMS_ECDSA_SHA256_Detached","contentType":"…","content":"<base64>","signature":"<base64>"}`, whose decoded
/// members `openssl cms -verify -binary -inform DER -in signature -content content` takes.
[[nodiscard]] http::response sealed(http::response r, const plan& how, const bytes& message);

}  // namespace smgw::han
