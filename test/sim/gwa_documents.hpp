// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What an administrator sends to gateways and reads from them, between files and COSEM.

#include "protocols/cosem/tree.hpp"

#include <iosfwd>
#include <map>

namespace smgw::sim {

/// A gateway's answer as people read it; what is no XML as it is.
void print_document(const std::string& document, std::ostream& out);

/// The address of a profile by its content, and its object: `1emh….sm`, `1-01005e318002`. malformed: no profile.
struct profile_place {
  std::string device;
  cosem::object_id object;
};
[[nodiscard]] expected<profile_place> place_of(std::string_view json, const device_id& gateway);
/// The container that sets these files: JSON profiles and certificates, by file name.
[[nodiscard]] expected<std::string> container_of(const std::map<std::string, std::string>& files,
                                                 const device_id& gateway);

}  // namespace smgw::sim
