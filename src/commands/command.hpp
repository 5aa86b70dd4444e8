// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The commands of `smgw`: one file a group, each adds itself to the command line and runs when it was chosen.

#include <smgw/types.hpp>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

namespace smgw::commands {

// What the program ends with.
inline constexpr int success = 0;
inline constexpr int failure = 1;
inline constexpr int wrong_configuration = 2;

/// What all commands share: where the configuration lies, and how it ended.
struct context {
  std::filesystem::path configuration = "/etc/smgw";
  int outcome = success;
};

void add_run(CLI::App& app, context& c);
void add_check_config(CLI::App& app, context& c);
void add_status(CLI::App& app, context& c);
void add_log(CLI::App& app, context& c);
void add_keys(CLI::App& app, context& c);
void add_firewall(CLI::App& app, context& c);
void add_self_test(CLI::App& app, context& c);
void add_lmn(CLI::App& app, context& c);

/// The option that names the configuration's folder.
void with_configuration(CLI::App& command, context& c);

/// Says what went wrong, and what to end with.
[[nodiscard]] int complain(const error& e);

/// The data directory that the profiles name; malformed: the profiles are wrong.
[[nodiscard]] expected<std::filesystem::path> data_directory(const std::filesystem::path& configuration);

}  // namespace smgw::commands
