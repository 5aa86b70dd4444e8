// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Messages that every actor knows.

#include "actors/discipline.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace smgw {

/// Tell how you are.
struct query_status {};
/// Names and values, in the order they are shown; counters are numbers.
struct status_report {
  using value = std::variant<std::int64_t, std::string>;
  std::string who;
  std::vector<std::pair<std::string, value>> fields;
};
/// A timer of this actor has run out.
struct wake {
  std::uint64_t round = 0;
};

}  // namespace smgw

SMGW_MESSAGE(query_status)
SMGW_MESSAGE(status_report)
SMGW_MESSAGE(wake)
