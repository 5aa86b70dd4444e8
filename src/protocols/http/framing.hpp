// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Where a message ends and whom it is for, decided once a header is complete. Inner use of the parser.

#include "protocols/http/message.hpp"

namespace smgw::http {

/// What the syntax told.
struct framing {
  bool http_1_1 = true;
  bool has_length = false;
};

/// A status of 0: nothing to object.
struct objection {
  int status = 0;
  const char* text = "";
};

/// RFC 9112, 6.1 to 6.3: nothing about where the body ends may be open to a second reading. 400, 501.
[[nodiscard]] objection check_coding(const fields& headers, const framing& seen) noexcept;
/// The same for requests, and their Host: 400, 411, 501.
[[nodiscard]] objection check_request_framing(method verb, const fields& headers, const framing& seen) noexcept;
/// Absolute form (RFC 9112, 3.2.2): its host wins, and the origin form goes on. 400.
[[nodiscard]] objection to_origin_form(std::string& target, fields& headers);

}  // namespace smgw::http
