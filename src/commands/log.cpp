// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/platform/offline.hpp"
#include "commands/command.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

/// Asks the running gateway, or reads its store when none runs.
expected<std::string> verify(const fs::path& configuration) {
  auto data = data_directory(configuration);
  if (!data) return std::unexpected(data.error());
  if (auto running = platform::ask_console(*data, "log verify")) return running;
  auto verdict = platform::verify_offline(configuration);
  if (!verdict) return std::unexpected(verdict.error());
  return platform::to_json(*verdict);
}

int log_verify(const fs::path& configuration, bool json) {
  const auto answer = verify(configuration);
  if (!answer) return complain(answer.error());
  const auto verdict = nlohmann::ordered_json::parse(*answer);
  if (json) {
    std::cout << *answer;
  } else if (verdict.contains("error")) {
    std::cout << verdict["text"].get<std::string>() << "\n";
  } else {
    for (const auto& line : verdict["logs"]) std::cout << line.get<std::string>() << "\n";
  }
  return verdict.value("whole", false) ? success : failure;
}

int log_show(const fs::path& configuration, const std::string& log, std::size_t count) {
  const auto lines = platform::show_offline(configuration, log, count);
  if (!lines) return complain(lines.error());
  for (const auto& line : *lines) std::cout << line << "\n";
  return success;
}

}  // namespace

void add_log(CLI::App& app, context& c) {
  struct options {
    bool json = false;
    std::string log = "system";
    std::size_t count = 50;
  };
  const auto given = std::make_shared<options>();
  auto* logs = app.add_subcommand("log", "the three logs");
  logs->require_subcommand(1);
  auto* verifying = logs->add_subcommand("verify", "verify the hash chains of all logs");
  with_configuration(*verifying, c);
  verifying->add_flag("--json", given->json, "print JSON");
  verifying->callback([&c, given] { c.outcome = log_verify(c.configuration, given->json); });
  auto* showing = logs->add_subcommand("show", "print the newest records of a log (of a gateway that does not run)");
  with_configuration(*showing, c);
  showing->add_option("log", given->log, "system, calibration or consumer/ID")->capture_default_str();
  showing->add_option("-n,--count", given->count, "how many")->capture_default_str();
  showing->callback([&c, given] { c.outcome = log_show(c.configuration, given->log, given->count); });
}

}  // namespace smgw::commands
