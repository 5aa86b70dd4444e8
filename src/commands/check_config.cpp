// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/files.hpp"
#include "commands/command.hpp"

#include <iostream>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

int check_config(const fs::path& configuration) {
  const auto loaded = platform::load_profiles(configuration);
  if (!loaded) return complain(loaded.error());
  for (const auto& p : loaded->found) std::cout << profile::to_text(p) << "\n";
  if (!loaded->set) {
    std::cout << loaded->found.size() << (loaded->found.size() == 1 ? " problem" : " problems") << "\n";
    return wrong_configuration;
  }
  std::cout << "good: " << loaded->set->meters.size() << " meters, " << loaded->set->evaluations.size()
            << " evaluations, " << loaded->set->wans.size() << " WAN profiles\n";
  return success;
}

}  // namespace

void add_check_config(CLI::App& app, context& c) {
  auto* command = app.add_subcommand("check-config", "read all profiles and print every problem at once");
  with_configuration(*command, c);
  command->callback([&c] { c.outcome = check_config(c.configuration); });
}

}  // namespace smgw::commands
