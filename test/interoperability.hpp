// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What has worked with another implementation, for docs/interoperability.md: with SMGW_INTEROPERABILITY set to a file,
/// each meeting that went well adds a line there, and test/tools/interoperability.py makes tables of the lines.

#include <cstdlib>
#include <fstream>
#include <string>

namespace smgw::test {

/// One cell: in `table`, at `row` and `column`, `what` has worked.
inline void record_interoperability(const std::string& table, const std::string& row, const std::string& column,
                                    const std::string& what) {
  const auto* file = std::getenv("SMGW_INTEROPERABILITY");  // NOLINT(concurrency-mt-unsafe)
  if (file != nullptr)
    std::ofstream{file, std::ios::app} << table << '\t' << row << '\t' << column << '\t' << what << '\n';
}

}  // namespace smgw::test
