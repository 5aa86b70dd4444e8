// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The pages of the PPC dialect. Clients take them apart by the ids, so these are as they are. Inner use.

#include "protocols/han/model.hpp"

namespace smgw::han::ppc {

inline constexpr std::size_t max_fields = 32;  ///< of a form

/// A form, as browsers send it. Clients leave the Content-Type out or add fields: both are fine.
struct form {
  std::vector<std::pair<std::string, std::string>> fields;
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
};
/// malformed: a broken percent-encoding; exhausted.
[[nodiscard]] expected<form> read_form(std::string_view body);
/// Its members `from` and `to`, legal time: `2026-01-01 00:00:00` or a date. A day up to now without them.
[[nodiscard]] expected<period_view> window_of(const form& f, timestamp now);

[[nodiscard]] std::string escaped(std::string_view text);
/// `1-0:1.8.0`
[[nodiscard]] std::string short_obis(const obis& name);
/// The frame around every page.
[[nodiscard]] http::response page(const party& p, const findings& f, const std::string& content);
/// A page that says why there is no file, so that it cannot be taken for one.
[[nodiscard]] http::response refused(const party& p, const findings& f, const std::string& why);

[[nodiscard]] std::string welcome(const party& p);
[[nodiscard]] std::string meter_form(const party& p);
[[nodiscard]] std::string tariff_form(const party& p);
[[nodiscard]] std::string values_form(const meter_view& m, const party& p);
[[nodiscard]] std::string versions(const findings& f);
/// The table `metervalue`, newest first; the registers of one instant follow each other.
[[nodiscard]] std::string value_table(const meter_view& m, const std::vector<std::vector<list_entry>>& lists);
/// The records as XML.
[[nodiscard]] std::string log_document(const std::vector<record_view>& records);

}  // namespace smgw::han::ppc
