// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// `SET OF Attribute` in signedAttrs and authAttrs. Inner use of this module.

#include "protocols/cms/suite.hpp"

#include <vector>

namespace smgw::cms {

/// An attribute with exactly one value: views into the set.
struct attribute {
  bytes_view type;   ///< the OBJECT IDENTIFIER element
  bytes_view value;  ///< the element of the value
};

/// Content octets of a SET OF, sorted as DER wants it.
[[nodiscard]] bytes encode_attributes(const std::vector<attribute>& list);
/// Strict: sorted, no type twice, one value each, at most max_attributes, at least one; malformed or exhausted.
[[nodiscard]] expected<std::vector<attribute>> decode_attributes(bytes_view set_content);
/// The value of the attribute of this type; nothing if there is none.
[[nodiscard]] const bytes_view* find_attribute(const std::vector<attribute>& list, bytes_view type) noexcept;

}  // namespace smgw::cms
