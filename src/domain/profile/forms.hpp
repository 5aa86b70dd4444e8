// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/periods.hpp"
#include "domain/profile/gateway.hpp"

#include <optional>
#include <string_view>

/// The forms that texts in profiles take. Nothing: the text has another form.
namespace smgw::profile::forms {

[[nodiscard]] std::optional<endpoint> read_endpoint(std::string_view text);  ///< `host:port`, `[2001:db8::1]:443`
[[nodiscard]] bool is_host(std::string_view text);                           ///< DNS name or IPv4 address
[[nodiscard]] bool is_service_instance(std::string_view text);  ///< `name._service._tcp.local` (RFC 6763, 4.1)
[[nodiscard]] bool is_identifier(std::string_view text);        ///< 1..63 of `[A-Za-z0-9._-]`, a letter or digit first
/// A certificate beside the profiles: an identifier that ends in .pem, .crt, .cer or .der; no folders.
[[nodiscard]] bool is_certificate_file(std::string_view text);
[[nodiscard]] bool is_usage_point(std::string_view text);  ///< 33 characters: two letters, then capitals and digits
[[nodiscard]] bool is_uri_prefix(std::string_view text);   ///< absolute path without query or fragment
[[nodiscard]] std::optional<decimal> read_decimal(std::string_view text);  ///< `-12.5`, at most 18 digits
[[nodiscard]] std::optional<std::chrono::seconds> read_time_of_day(std::string_view text);  ///< `hh:mm[:ss]`
[[nodiscard]] std::optional<std::chrono::month_day> read_month_day(std::string_view text);  ///< `mm-dd`
[[nodiscard]] std::optional<std::chrono::year_month_day> read_date(std::string_view text);  ///< `yyyy-mm-dd`
[[nodiscard]] std::optional<unit> read_unit(std::string_view text);                         ///< `Wh`, `m3`, …

/// The candidate nearest to a misspelt word, if one is near enough to be meant.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace smgw::profile::forms
