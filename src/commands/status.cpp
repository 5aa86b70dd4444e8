// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "commands/command.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

void print_status(const nlohmann::ordered_json& all) {
  for (const auto& [who, fields] : all.items()) {
    std::cout << who << "\n";
    for (const auto& [name, value] : fields.items())
      std::cout << "  " << name << std::string(name.size() < 24 ? 24 - name.size() : 1, ' ')
                << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
  }
}

int show_status(const fs::path& configuration, bool json) {
  const auto data = data_directory(configuration);
  if (!data) return complain(data.error());
  const auto answer = platform::ask_console(*data, "status");
  if (!answer) return complain(answer.error());
  if (json) {
    std::cout << *answer;
  } else {
    print_status(nlohmann::ordered_json::parse(*answer));
  }
  return success;
}

}  // namespace

void add_status(CLI::App& app, context& c) {
  auto* command = app.add_subcommand("status", "ask the running gateway how everything is, its queue too");
  with_configuration(*command, c);
  const auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "print JSON");
  command->callback([&c, json] { c.outcome = show_status(c.configuration, *json); });
}

}  // namespace smgw::commands
