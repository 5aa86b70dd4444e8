// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/console.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/offline.hpp"
#include "base/octets.hpp"

#include <smgw/gateway.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
namespace fs = std::filesystem;

constexpr int success = 0;
constexpr int failure = 1;
constexpr int wrong_configuration = 2;

int complain(const error& e) {
  std::cerr << "smgw: " << e.what << "\n";
  return e.code == errc::malformed ? wrong_configuration : failure;
}

/// Signals are taken by one thread that waits for them; handlers do nothing.
sigset_t block_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return wanted;
}

int run(const fs::path& configuration, bool quiet) {
  const auto wanted = block_signals();
  const auto log = spdlog::stderr_color_mt("smgw");
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%v%$");
  if (quiet) log->set_level(spdlog::level::warn);
  auto started = gateway::start(
      {configuration, [log](std::string_view who, std::string_view what) { log->info("{}: {}", who, what); }});
  if (!started) return complain(started.error());
  log->info("gateway: running; stop with Ctrl-C");
  std::jthread signals([&started, wanted](const std::stop_token& stop) {
    const timespec pause{0, 500'000'000};
    while (!stop.stop_requested())
      if (sigtimedwait(&wanted, nullptr, &pause) > 0) return started->stop_waiting();
  });
  started->wait();
  const bool failed = started->failed();
  if (failed) log->error("gateway: gave up; the service manager should start it again");
  return failed ? failure : success;
}

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

expected<fs::path> data_directory(const fs::path& configuration) {
  auto loaded = platform::load_profiles(configuration);
  if (!loaded) return std::unexpected(loaded.error());
  if (!loaded->set) return fail(errc::malformed, "the profiles are wrong; see smgw check-config");
  return fs::path(loaded->set->self.data_directory);
}

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

int main(int argc, char** argv) {
  CLI::App app{"smgw: a Smart Meter Gateway by BSI TR-03109, in one process"};
  app.require_subcommand(1);
  fs::path configuration = "/etc/smgw";
  const auto with_configuration = [&](CLI::App* command) {
    command->add_option("-c,--config", configuration, "folder of the profiles and certificates")->capture_default_str();
    return command;
  };
  bool quiet = false;
  bool json = false;
  std::string log = "system";
  std::size_t count = 50;

  auto* running = with_configuration(app.add_subcommand("run", "run the gateway until it is told to stop"));
  running->add_flag("-q,--quiet", quiet, "no line per event, only warnings and errors");
  auto* checking =
      with_configuration(app.add_subcommand("check-config", "read all profiles and print every problem at once"));
  auto* telling =
      with_configuration(app.add_subcommand("status", "ask the running gateway how everything is, its queue too"));
  telling->add_flag("--json", json, "print JSON");
  auto* logs = app.add_subcommand("log", "the three logs");
  logs->require_subcommand(1);
  auto* verifying = with_configuration(logs->add_subcommand("verify", "verify the hash chains of all logs"));
  verifying->add_flag("--json", json, "print JSON");
  auto* showing = with_configuration(
      logs->add_subcommand("show", "print the newest records of a log (of a gateway that does not run)"));
  showing->add_option("log", log, "system, calibration or consumer/ID")->capture_default_str();
  showing->add_option("-n,--count", count, "how many")->capture_default_str();
  auto* version = app.add_subcommand("version", "print the version");
  CLI11_PARSE(app, argc, argv);

  if (running->parsed()) return run(configuration, quiet);
  if (checking->parsed()) return check_config(configuration);
  if (telling->parsed()) return show_status(configuration, json);
  if (verifying->parsed()) return log_verify(configuration, json);
  if (showing->parsed()) return log_show(configuration, log, count);
  if (version->parsed()) std::cout << "smgw " SMGW_VERSION "\n";
  return success;
}
