// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "head_ends.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "domain/firmware/manifest.hpp"
#include "emt.hpp"
#include "gwa_shell.hpp"
#include "light_gateways.hpp"
#include "program.hpp"
#include "relay.hpp"

#include <csignal>
#include <fstream>
#include <iostream>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;

/// Keeps each delivery as files, or as a line, before it is answered.
void keep_delivery(const emt_arguments& a, std::size_t n, const received_delivery& d) {
  const auto name = d.gateway.substr(0, d.gateway.find('.')) + "-" + std::to_string(n);
  const auto save = [](const fs::path& folder, const std::string& file, std::string_view content) {
    if (folder.empty()) return;
    if (const auto done = write_file(folder / file, content); !done) complain(done.error());
  };
  save(a.keep, name + (d.document.starts_with("{") ? ".json" : ".xml"), d.document);
  save(a.keep_cms, name + ".cms", as_text(d.message));
  if (a.cms_lines) std::cout << to_iso8601(wall_clock()) << " " << d.gateway << " " << to_hex(d.message) << std::endl;
}

expected<gwa_options> options_of(const gwa_arguments& a) {
  gwa_options o{
      .port = a.port, .service_port = a.service_port, .self = {}, .gateways = {}, .point_of_contact = a.prefix};
  SMGW_TRY(o.self, load_party(a.folder));
  SMGW_TRY(o.gateways, a.known.load());
  o.say = [](const std::string& line) { std::cout << to_iso8601(wall_clock()) << " " << line << std::endl; };
  for (const auto& f : a.files) {
    const auto equals = f.find('=');
    if (equals == f.npos) return fail(errc::malformed, f + ": write PATH=FILE");
    SMGW_TRY(o.files[a.prefix + "/" + f.substr(0, equals)],
             platform::read_file(f.substr(equals + 1), firmware::max_image));
  }
  return o;
}

}  // namespace

expected<std::vector<known_gateway>> known_arguments::load() const {
  std::vector<known_gateway> all;
  if (!fleet.empty()) {
    SMGW_TRY(all, load_gateways(fleet));
  }
  for (const auto& folder : gateways) {
    SMGW_TRY(auto one, load_gateway(folder));
    all.push_back(std::move(one));
  }
  return all;
}

int run_emt(const emt_arguments& a) {
  block_signals();
  auto self = load_party(a.folder);
  if (!self) return complain(self.error());
  auto known = a.known.load();
  if (!known) return complain(known.error());
  const auto gateways = fleet::of(std::move(*known));
  if (!gateways) return complain(gateways.error());
  emt_options options{.port = a.port,
                      .self = std::move(*self),
                      .gateways = rule_of(*gateways),
                      .gateway_signers = (*gateways)->signers(),
                      .faults = {.delay = std::chrono::milliseconds{a.delay}, .status = a.status}};
  if (!a.cms_lines)
    options.say = [](const std::string& line) { std::cout << to_iso8601(wall_clock()) << " " << line << std::endl; };
  options.take = [a, n = std::size_t{0}](const received_delivery& d) mutable { keep_delivery(a, ++n, d); };
  const auto server = emt::start(std::move(options));
  if (!server) return complain(server.error());
  auto& aside = a.cms_lines ? std::cerr : std::cout;
  aside << "listening on port " << (*server)->port() << "; stop with Ctrl-C" << std::endl;
  wait_for_signal();
  const auto c = (*server)->counts();
  aside << c.deliveries << " deliveries, " << c.values << " values, " << c.refused << " refused, " << c.connections
        << " connections\n";
  return 0;
}

int run_gwa(const gwa_arguments& a) {
  std::signal(SIGPIPE, SIG_IGN);
  auto options = options_of(a);
  if (!options) return complain(options.error());
  const auto administrator = gwa::start(std::move(*options));
  if (!administrator) return complain(administrator.error());
  const auto id = a.id.empty() ? (*administrator)->gateways().front().id() : device_id::parse(a.id);
  auto* first = id ? (*administrator)->find(*id) : nullptr;
  if (first == nullptr) return complain({errc::malformed, "--id " + a.id + ": no such gateway"});
  std::cout << "administrator on port " << (*administrator)->port() << ", services on port "
            << (*administrator)->service_port() << std::endl;
  std::unique_ptr<relay> through;
  if (a.relay_port != 0) {
    auto made = relay::start(**administrator, a.relay_port);
    if (!made) return complain(made.error());
    through = std::move(*made);
    std::cout << "relay: curl http://127.0.0.1:" << through->port() << "/" << id->text() << "/cosem/ldevs/"
              << std::endl;
  }
  if (a.script.empty()) return gwa_shell(**administrator, *first, std::cin, std::cout, false);
  std::ifstream script(a.script);
  if (!script) return complain({errc::unavailable, a.script.string() + ": cannot be read"});
  return gwa_shell(**administrator, *first, script, std::cout, true);
}

int run_fleet(const fleet_arguments& a) {
  const auto first = device_id::parse(a.first);
  if (!first) return complain(first.error());
  const auto administrator = load_certificates(a.pki / "administrator/tls.pem");
  const auto encryption = load_certificates(a.pki / "administrator/enc.pem");
  if (!administrator) return complain(administrator.error());
  if (!encryption) return complain(encryption.error());
  auto made = make_light_gateways(a.pki, a.folder, *first, a.count, wall_clock());
  if (!made) return complain(made.error());
  std::cout << a.count << " gateways: their certificates are in " << a.folder.string()
            << "; press Enter once the administrator knows them" << std::endl;
  std::string line;
  std::getline(std::cin, line);
  block_signals();
  const auto calling = light_gateways::call({.host = a.host,
                                             .port = a.port,
                                             .gateways = std::move(*made),
                                             .administrator_tls = administrator->front(),
                                             .administrator_encryption = encryption->front(),
                                             .say = [](const std::string& why) { std::cout << why << std::endl; }});
  if (!calling) return complain(calling.error());
  static_cast<void>((*calling)->await_connected(std::chrono::minutes{1}));
  std::cout << (*calling)->connected() << " connected; stop with Ctrl-C" << std::endl;
  wait_for_signal();
  std::cout << (*calling)->answers() << " requests answered\n";
  return 0;
}

}  // namespace smgw::sim
