// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/profile_set.hpp"
#include "domain/profile/reader.hpp"

/// How each profile is read from its document, and what is checked between them. Each lives in the file of its name.
namespace smgw::profile {

[[nodiscard]] gateway read_gateway(object_reader& in);
[[nodiscard]] home_network read_home_network(object_reader& in);
[[nodiscard]] log read_log(object_reader& in);
[[nodiscard]] meter read_meter(object_reader& in);
[[nodiscard]] wan read_wan(object_reader& in);
[[nodiscard]] han read_han(object_reader& in);
[[nodiscard]] proxy read_proxy(object_reader& in);
[[nodiscard]] profile::time read_time(object_reader& in);
[[nodiscard]] evaluation read_evaluation(object_reader& in);
/// The members that belong to one tariff use case; problems for members of another one.
void read_extras(object_reader& in, evaluation& e);
[[nodiscard]] std::optional<cms_suite> read_suite(object_reader& in);

/// What only shows when all profiles are known: references, overlaps, units, grids.
void check_references(profile_set& set, problems& out);
void check_evaluation(const profile_set& set, const evaluation& e, report& to);

}  // namespace smgw::profile
