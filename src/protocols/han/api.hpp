// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The HAN interface of version 2.0: `/smgw/con/v1` and `/smgw/srv/v1` (detail specification 6.7, 6.8). The names and
/// contents of the resources are PROPOSED, since the published text gives none; docs/han-api.md tells them for people.

#include "protocols/han/model.hpp"

namespace smgw::han {

/// Entries of one page of readings.
inline constexpr std::size_t page_entries = 4096;
/// Between two self-tests.
inline constexpr std::chrono::minutes self_test_pause{10};

/// Every resource with who may do what: the tree, the description and the tests are made of it.
/// `with_documents`: lists by VDE-AR-E 2418-6 are offered.
[[nodiscard]] std::vector<http::resource_rule> api_rules(bool with_documents);

/// What a call that the tree has let through comes to, for this party.
[[nodiscard]] decision plan_api(const http::resource_call& call, const party& p, timestamp now);

/// One event of the stream: the newest telegram of a meter.
[[nodiscard]] std::string live_event(const live_view& v);
/// The gateway's state has changed.
[[nodiscard]] std::string gateway_event();

/// The interface described by OpenAPI 3.1, made of the same rules, for one role.
[[nodiscard]] std::string describe_api(const std::vector<http::resource_rule>& rules, http::role who,
                                       std::string_view version);

}  // namespace smgw::han
