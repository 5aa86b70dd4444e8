// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace smgw::test {

/// What `xmllint` says about a document by the published schema; empty: valid.
[[nodiscard]] std::string xsd_complaints(const std::string& xml);

/// The checks that the public transparency software makes beyond the schema, written anew from their description:
/// completeness of the model, masks of the status word, context of the use case. Empty: all hold.
[[nodiscard]] std::vector<std::string> trudi_complaints(const std::string& xml, unsigned taf);

}  // namespace smgw::test
