// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Where the documents of the configuration stand in the administrator's tree: what is shown and what is set have one
/// table. Inner use of management.

#include "actors/wan/management.hpp"

namespace smgw::management {

/// Of the names of logical devices.
inline constexpr std::string_view suffix = ".sm";

/// One document and where it stands in the tree.
struct place {
  object what = object::meter;
  std::string device;
  std::string document;  ///< name in the configuration
};
[[nodiscard]] std::vector<place> places_of(const configuration& told, const profile::profile_set& set);

/// Attribute 1 of an object.
[[nodiscard]] cosem::attribute_value logical_name(const obis& name);
[[nodiscard]] std::unexpected<error> nothing_there();

}  // namespace smgw::management
