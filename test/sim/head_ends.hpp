// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The commands of `smgw-sim` that serve many gateways, or are them.

#include "fleet.hpp"

namespace smgw::sim {

/// The gateways that a head-end knows.
struct known_arguments {
  std::vector<std::filesystem::path> gateways;  ///< folders
  std::filesystem::path fleet;                  ///< a folder of such folders; empty: none

  [[nodiscard]] expected<std::vector<known_gateway>> load() const;
};

/// `smgw-sim emt`.
struct emt_arguments {
  std::filesystem::path folder;
  known_arguments known;
  std::uint16_t port = 8443;
  unsigned delay = 0;
  int status = 200;
  std::filesystem::path keep, keep_cms;
  bool cms_lines = false;
};

/// `smgw-sim gwa`.
struct gwa_arguments {
  std::filesystem::path folder, script;
  known_arguments known;
  std::string id, prefix = "/smgw";
  std::uint16_t port = 8444, service_port = 8445, relay_port = 0;
  std::vector<std::string> files;
};

/// `smgw-sim fleet`.
struct fleet_arguments {
  std::filesystem::path pki, folder;
  std::string first = "ESMG0000000001", host = "127.0.0.1";
  std::size_t count = 1000;
  std::uint16_t port = 8444;
};

/// Until SIGINT or SIGTERM; the exit code.
int run_emt(const emt_arguments& a);
int run_fleet(const fleet_arguments& a);
/// Until the commands end.
int run_gwa(const gwa_arguments& a);

}  // namespace smgw::sim
