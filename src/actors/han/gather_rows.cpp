// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/gather.hpp"

namespace smgw::han {

void job::fetch_rows() { fail_with({errc::unavailable, "registers are not kept"}); }

void job::fetch_document() { fail_with({errc::unavailable, "documents are not made"}); }

}  // namespace smgw::han
