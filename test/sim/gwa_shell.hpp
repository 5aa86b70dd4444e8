// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "gwa.hpp"

#include <iosfwd>

namespace smgw::sim {

/// The commands of `smgw-sim gwa`, one a line, from people or from a script. `#` begins a comment, `help` lists them.
/// Returns the exit code: 1 after a command that failed where a script runs.
int gwa_shell(gwa& administrator, const device_id& gateway, std::istream& in, std::ostream& out, bool script);

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
