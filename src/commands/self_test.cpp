// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "commands/command.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace smgw::commands {
namespace {

int self_test(const std::filesystem::path& configuration) {
  const auto data = data_directory(configuration);
  if (!data) return complain(data.error());
  const auto answer = platform::ask_console(*data, "self-test");
  if (!answer) return complain(answer.error());
  const auto result = nlohmann::ordered_json::parse(*answer, nullptr, false);
  if (!result.is_object()) return complain({errc::internal, "the gateway's answer cannot be read"});
  if (result.contains("error")) return complain({errc::denied, result.value("text", std::string{})});
  if (result.contains("checks"))
    for (const auto& line : result["checks"]) std::cout << line.get<std::string>() << "\n";
  return result.value("passed", false) ? success : failure;
}

}  // namespace

void add_self_test(CLI::App& app, context& c) {
  auto* command = app.add_subcommand("self-test", "let the running gateway test itself");
  with_configuration(*command, c);
  command->callback([&c] { c.outcome = self_test(c.configuration); });
}

}  // namespace smgw::commands
