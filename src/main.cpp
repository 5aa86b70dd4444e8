// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "commands/command.hpp"

#include <smgw/version.hpp>

#include <iostream>

int main(int argc, char** argv) {
  using namespace smgw::commands;
  CLI::App app{"smgw: a Smart Meter Gateway by BSI TR-03109, in one process"};
  app.require_subcommand(1);
  const auto version = "smgw " + std::string(smgw::version());
  app.set_version_flag("--version", version);
  context c;
  add_run(app, c);
  add_check_config(app, c);
  add_status(app, c);
  add_log(app, c);
  add_keys(app, c);
  add_firewall(app, c);
  add_self_test(app, c);
  add_lmn(app, c);
  app.add_subcommand("version", "print the version")->callback([&version] { std::cout << version << "\n"; });
  CLI11_PARSE(app, argc, argv);
  return c.outcome;
}
