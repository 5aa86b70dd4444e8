// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/http/media.hpp"

namespace smgw::http {

/// Nesting of a JSON body. The guideline gives no number; no document of it comes near.
inline constexpr std::size_t max_json_depth = 32;

/// Can the body be parsed as its Content-Type says (REQ.Webservice.HttpServer.62)? malformed says why not. Only the
/// syntax of the outermost form is looked at: that of a CMS structure is one DER SEQUENCE of the body's length.
[[nodiscard]] expected<void> check_syntax(body_kind kind, bytes_view body);

/// `{"error":"…"}`, with everything escaped that needs it.
[[nodiscard]] std::string error_text(std::string_view why);

}  // namespace smgw::http
