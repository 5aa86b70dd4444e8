// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "commands/command.hpp"

#include <smgw/gateway.hpp>
#include <smgw/linux_ports.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <thread>

namespace smgw::commands {
namespace {

namespace fs = std::filesystem;

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

int run(const fs::path& configuration, bool quiet, const fs::path& rauc) {
  const auto wanted = block_signals();
  const auto log = spdlog::stderr_color_mt("smgw");
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%v%$");
  if (quiet) log->set_level(spdlog::level::warn);
  gateway_options options{
      configuration, [log](std::string_view who, std::string_view what) { log->info("{}: {}", who, what); }, {}};
  if (!rauc.empty()) options.ports.update = linux_ports::rauc({.folder = rauc});
  auto started = gateway::start(std::move(options));
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

}  // namespace

void add_run(CLI::App& app, context& c) {
  auto* command = app.add_subcommand("run", "run the gateway until it is told to stop");
  with_configuration(*command, c);
  const auto quiet = std::make_shared<bool>(false);
  command->add_flag("-q,--quiet", *quiet, "no line per event, only warnings and errors");
  const auto rauc = std::make_shared<fs::path>();
  command->add_option("--rauc", *rauc, "firmware slots are RAUC's; images wait in this folder until they are verified");
  command->callback([&c, quiet, rauc] { c.outcome = run(c.configuration, *quiet, *rauc); });
}

}  // namespace smgw::commands
