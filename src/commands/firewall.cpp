// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/access/firewall.hpp"

#include "actors/platform/files.hpp"
#include "commands/command.hpp"

#include <iostream>

namespace smgw::commands {
namespace {

int print_rules(const std::filesystem::path& configuration, const access::machine& on) {
  const auto loaded = platform::load_profiles(configuration);
  if (!loaded) return complain(loaded.error());
  if (!loaded->set) return complain({errc::malformed, "the profiles are wrong; see smgw check-config"});
  const auto rules = access::nftables(*loaded->set, on);
  if (!rules) return complain(rules.error());
  std::cout << *rules;
  return success;
}

}  // namespace

void add_firewall(CLI::App& app, context& c) {
  const auto on = std::make_shared<access::machine>();
  auto* command = app.add_subcommand("firewall", "print nftables rules: what the flow table allows these profiles");
  with_configuration(*command, c);
  command->add_option("--wan", on->wan, "interface of the WAN")->capture_default_str();
  command->add_option("--han", on->han, "interface of the home network")->capture_default_str();
  command->add_option("--home-port", on->home_port, "TCP port of the home network's web service (0: none)")
      ->capture_default_str();
  command->add_option("--proxy-port", on->proxy_port, "TCP port of the proxy (0: none)")->capture_default_str();
  command->add_option("--resolver", on->resolvers, "address of a name server, where peers have names");
  command->callback([&c, on] { c.outcome = print_rules(c.configuration, *on); });
}

}  // namespace smgw::commands
