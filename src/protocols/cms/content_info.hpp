// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/cms/suite.hpp"

namespace smgw::cms {

/// What a ContentInfo holds: a view into the message.
struct content_info {
  content_type type = content_type::signed_data;
  bytes_view content;  ///< the DER of the structure, tag included
};

/// `ContentInfo { contentType, content [0] EXPLICIT }` around one structure (RFC 5652, 3; REQ.CMS.ContentInfo.10).
[[nodiscard]] bytes wrap_content_info(content_type type, bytes_view content);
/// Strict DER with nothing behind; malformed, unsupported (another type), exhausted (longer than max_message).
[[nodiscard]] expected<content_info> unwrap_content_info(bytes_view message);

}  // namespace smgw::cms
