// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/dissect/layer_writer.hpp"
#include "protocols/wmbus/receiver.hpp"

namespace smgw::dissect {

/// L, C, M, A: ten octets.
void describe_link(bytes_view header, telegram& t);
/// All between the link layer and the application; what is encrypted is shown as such.
void describe_headers(const wmbus::telegram& w, bytes_view body, telegram& t);

}  // namespace smgw::dissect
