// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <string>
#include <vector>

namespace smgw::profile {

/// One thing that is wrong with a profile, said so that a person can repair it.
struct problem {
  std::string profile;  ///< name of the file or resource
  std::string pointer;  ///< JSON pointer (RFC 6901) to the member; empty: the whole document
  std::string reason;
  std::string fix;
  friend bool operator==(const problem&, const problem&) = default;
};
using problems = std::vector<problem>;

/// `meters/m1.json /registers/0/obis: not an OBIS code. Write it as 1-0:1.8.0.`
[[nodiscard]] std::string to_text(const problem& p);

}  // namespace smgw::profile
