// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The resources of api.hpp, one function each. Inner use of this folder.

#include "protocols/han/api.hpp"

namespace smgw::han {

/// Use cases with derived registers (TAF 1 to 5).
[[nodiscard]] constexpr bool has_registers(const contract_view& c) noexcept { return c.taf >= 1 && c.taf <= 5; }

[[nodiscard]] decision plan_gateway(const party& p);
[[nodiscard]] decision plan_contract(const contract_view& c);
[[nodiscard]] decision plan_readings(const http::resource_call& call, const contract_view& c, const party& p,
                                     timestamp now);
[[nodiscard]] decision plan_registers(const http::resource_call& call, const contract_view& c, timestamp now);
[[nodiscard]] decision plan_log(const http::resource_call& call, const party& p, timestamp now);

/// How a call wants its answer signed.
[[nodiscard]] sealing seal_of(const http::resource_call& call) noexcept;
/// The answer in the form asked for; `json` and `csv` write it.
[[nodiscard]] http::response in_form(http::body_kind form, const std::function<void(std::string&)>& json,
                                     const std::function<void(std::string&)>& csv);
/// A field of a table: quoted where it has to be (RFC 4180), and never a formula for a spreadsheet.
void put_csv(std::string& out, std::string_view text);
/// `2026-11-25T12:00:00Z`, with milliseconds where they are not zero.
[[nodiscard]] std::string instant(timestamp t);

}  // namespace smgw::han
