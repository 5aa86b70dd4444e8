// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Media types of bodies and the choice among them (detail specification 6.3, table 6.1; RFC 9110, 8.3 and 12.5.1).

#include "protocols/http/message.hpp"

#include <optional>

namespace smgw::http {

inline constexpr std::size_t max_media_parameters = 8;
inline constexpr std::size_t max_accept_entries = 32;

struct media_type {
  std::string type;               ///< lower case: `application`
  std::string subtype;            ///< lower case: `json`
  std::vector<field> parameters;  ///< names in lower case, values as they are, without their quotes
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
};

/// Reads `type/subtype; name=value; name="value"`. malformed, exhausted.
[[nodiscard]] expected<media_type> parse_media_type(std::string_view text);

/// The bodies of the gateway's interfaces: table 6.1 row by row.
enum class body_kind : std::uint8_t {
  json,
  xml,
  octets,           ///< file download
  byteranges,       ///< parts of a file
  cms_json,         ///< SignedData(JSON)
  cms_json_sealed,  ///< SignedData(AuthEnvelopedData(JSON))
  cms_json_full,    ///< SignedData(AuthEnvelopedData(CompressedData(JSON)))
  cms_xml,          ///< SignedData(AuthEnvelopedData(CompressedData(XML)))
  csv,              ///< tables for people; ours, not in table 6.1
  events,           ///< server-sent events; ours, not in table 6.1
};

/// The Content-Type to send. A byteranges body has a boundary to add: see range.hpp.
[[nodiscard]] std::string_view content_type(body_kind kind) noexcept;

/// Which row a Content-Type names: blanks in lists, case, the registered spelling of octet-stream and the older name of
/// the XML container do not matter; parameters that change the meaning do. unsupported: none of them (answer 415).
[[nodiscard]] expected<body_kind> classify(std::string_view content_type);

/// Picks from `offered` (in the server's order) by the Accept field. Without one, or where it does not determine one
/// type, the first is taken (REQ.Webservice.HttpServer.250). Nothing: none of them is acceptable (answer 406).
/// A field that breaks the syntax counts as none.
[[nodiscard]] std::optional<body_kind> negotiate(const fields& headers, std::span<const body_kind> offered);

}  // namespace smgw::http
