// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/metering/contract.hpp"

namespace smgw {

/// Rows of one question, at most: a month of quarter hours is 2,976, three years of days 1,096.
inline constexpr std::size_t max_rows = 4096;

/// Reads kept rows from the store, or forms the others anew from the last snapshot and the original values after it.
/// unsupported: the use case has no registers. exhausted: more than max_rows would be the answer.
[[nodiscard]] caf::result<row_page> read_contract_rows(contract_actor::stateful_pointer<contract_state> self,
                                                       const store_actor& store, const profile::evaluation& evaluation,
                                                       const std::vector<contract_input>& inputs,
                                                       const read_rows& wanted);

}  // namespace smgw
