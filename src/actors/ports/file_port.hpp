// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A file of a receiver's lines in the place of a line: a capture, or what a receiver appends to. A poll never waits
/// for a regular file, so a WIRE cannot read one; a pump can.

#include <smgw/ports/serial_port.hpp>

#include <filesystem>

namespace smgw {

/// Whether this is a regular file, be it by `/dev/stdin`.
[[nodiscard]] bool is_file_port(const std::filesystem::path& file);

/// Reads the file from its beginning, then whatever is appended. What is written to it is dropped: a file takes no
/// commands. unavailable: it cannot be opened.
[[nodiscard]] expected<std::unique_ptr<ports::serial_port>> open_file_port(const std::filesystem::path& file);

}  // namespace smgw
