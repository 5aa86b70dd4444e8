// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Wired M-Bus values against libmbus's normalized output, which the rows state: base units, seconds for all durations,
/// one VIFE at most.

#include "protocols/mbus/record.hpp"

#include <array>
#include <cstdio>

namespace smgw::vectors {

/// What printf makes of it, up to 63 characters.
template <class... Args>
std::string print(const char* format, Args... args) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, args...);
  return text.data();
}

/// Empty if the `Value` of a row is what that output has for the record, else what differs.
[[nodiscard]] std::string compare_normal(const std::string& want, const mbus::record& r);

}  // namespace smgw::vectors
