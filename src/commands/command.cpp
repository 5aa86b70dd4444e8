// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "commands/command.hpp"

#include "actors/platform/files.hpp"

#include <iostream>

namespace smgw::commands {

void with_configuration(CLI::App& command, context& c) {
  command.add_option("-c,--config", c.configuration, "folder of the profiles and certificates")->capture_default_str();
  command.parse_complete_callback([&c] {
    std::error_code unknown;
    if (!std::filesystem::is_directory(c.configuration, unknown))
      throw CLI::ValidationError("--config", "no folder with profiles at " + c.configuration.string());
  });
}

int complain(const error& e) {
  std::cerr << "smgw: " << e.what << "\n";
  return e.code == errc::malformed ? wrong_configuration : failure;
}

expected<std::filesystem::path> data_directory(const std::filesystem::path& configuration) {
  auto loaded = platform::load_profiles(configuration);
  if (!loaded) return std::unexpected(loaded.error());
  if (!loaded->set) return fail(errc::malformed, "the profiles are wrong; see smgw check-config");
  return std::filesystem::path(loaded->set->self.data_directory);
}

}  // namespace smgw::commands
