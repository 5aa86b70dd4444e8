// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/files.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "card/reader.hpp"
#include "demo.hpp"
#include "emt.hpp"
#include "meter.hpp"
#include "world.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>

namespace {

using namespace smgw;
using namespace smgw::sim;
namespace fs = std::filesystem;

int complain(const error& e) {
  std::cerr << "smgw-sim: " << e.what << "\n";
  return 1;
}

timestamp wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

void wait_for_signal() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  int got = 0;
  sigwait(&wanted, &got);
}

void block_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

/// A capture is a file of raw octets or of hex digits.
expected<bytes> read_capture(const fs::path& file) {
  auto raw = platform::read_file(file);
  if (!raw || raw->empty() || raw->front() == 0x1B) return raw;
  std::string text(as_text(*raw));
  std::erase_if(text, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
  return from_hex(text);
}

struct meter_arguments {
  std::string id = "1SMG0000000001", device, replay;
  std::uint64_t seed = 1;
  unsigned interval = 1000;
  std::uint16_t port = 7000;
};

int run_meter(const meter_arguments& a) {
  block_signals();
  const auto id = device_id::parse(a.id);
  if (!id) return complain(id.error());
  bytes replay;
  if (!a.replay.empty()) {
    auto capture = read_capture(a.replay);
    if (!capture) return complain(capture.error());
    replay = std::move(*capture);
  }
  const auto m = meter::start({.id = *id,
                               .seed = a.seed,
                               .interval = std::chrono::milliseconds{a.interval},
                               .tcp_port = a.port,
                               .device = a.device,
                               .replay = std::move(replay)});
  if (!m) return complain(m.error());
  std::cout << (a.device.empty() ? "port " + std::to_string((*m)->port()) : "serial line " + a.device)
            << "; stop with Ctrl-C" << std::endl;
  wait_for_signal();
  std::cout << (*m)->telegrams() << " telegrams sent\n";
  return 0;
}

struct emt_arguments {
  fs::path folder;
  std::vector<fs::path> gateways;
  std::uint16_t port = 8443;
  unsigned delay = 0;
  int status = 200;
  fs::path keep;
};

int run_emt(const emt_arguments& a) {
  block_signals();
  auto self = load_party(a.folder);
  if (!self) return complain(self.error());
  emt_options options{.port = a.port,
                      .self = std::move(*self),
                      .faults = {.delay = std::chrono::milliseconds{a.delay}, .status = a.status}};
  for (const auto& folder : a.gateways) {
    const auto tls = load_certificates(folder / "tls.pem");
    const auto signer = load_certificates(folder / "sig.pem");
    if (!tls) return complain(tls.error());
    if (!signer) return complain(signer.error());
    options.gateways.pinned.push_back(tls->front());
    options.gateway_signers.push_back(signer->front());
  }
  options.say = [](const std::string& line) { std::cout << to_iso8601(wall_clock()) << " " << line << std::endl; };
  options.take = [keep = a.keep, n = 0](const received_delivery& d) mutable {
    if (keep.empty()) return;
    if (const auto done = write_file(keep / (std::to_string(++n) + ".xml"), d.document); !done) complain(done.error());
  };
  const auto server = emt::start(std::move(options));
  if (!server) return complain(server.error());
  std::cout << "listening on port " << (*server)->port() << "; stop with Ctrl-C" << std::endl;
  wait_for_signal();
  const auto c = (*server)->counts();
  std::cout << c.deliveries << " deliveries, " << c.values << " values, " << c.refused << " refused, " << c.connections
            << " connections\n";
  return 0;
}

int run_card(card_options options, std::uint16_t port) {
  block_signals();
  const auto card = card_module::make(std::move(options));
  if (!card) return complain(card.error());
  const auto inserted = inserted_card::insert(**card, port, std::chrono::seconds{10});
  if (!inserted) return complain(inserted.error());
  std::cout << "in the virtual reader on port " << port << "; pull it with Ctrl-C" << std::endl;
  wait_for_signal();
  const auto c = (*card)->counters();
  std::cout << c.keys << " keys and " << c.ephemerals << " ephemeral keys made, " << c.signatures << " signatures, "
            << c.agreements << " agreements, " << c.failed_pins << " wrong PINs\n";
  return 0;
}

int run_pki(const fs::path& folder, const std::string& gateway, const std::string& curve_name) {
  const auto id = device_id::parse(gateway);
  if (!id) return complain(id.error());
  const auto curve = crypto::parse_curve(curve_name);
  if (!curve) return complain(curve.error());
  const auto made = make_pki(folder,
                             {{.folder = "gateway", .common_name = std::string(id->text()) + ".SMGW", .gateway = true},
                              {.folder = "administrator", .common_name = "administrator.GWA", .gateway = false},
                              {.folder = "stadtwerk", .common_name = "stadtwerk.EMT", .gateway = false}},
                             *curve, wall_clock());
  if (!made) return complain(made.error());
  std::cout << "root, sub-CA and the certificates of gateway, administrator and stadtwerk are in " << folder.string()
            << "\n";
  return 0;
}

int run_issue(const fs::path& folder, const fs::path& package, const fs::path& out) {
  const auto content = platform::read_file(package);
  if (!content) return complain(content.error());
  const auto pem = issue_certificates(folder, *content, wall_clock());
  if (!pem) return complain(pem.error());
  if (out.empty()) {
    std::cout << *pem;
  } else if (const auto written = write_file(out, *pem); !written) {
    return complain(written.error());
  }
  return 0;
}

int run_world(const fs::path& folder, const std::string& gateway, const std::string& peers, std::uint16_t meter_port,
              std::uint16_t emt_port) {
  const auto id = device_id::parse(gateway);
  if (!id) return complain(id.error());
  const auto made = make_world({.folder = folder,
                                .gateway = *id,
                                .meters = {{*device_id::parse("1SMG0000000001"), peers, meter_port, ""}},
                                .emt_host = peers,
                                .emt_port = emt_port,
                                .now = wall_clock()});
  if (!made) return complain(made.error());
  std::cout << "smgw run --config " << made->configuration().string() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"smgw-sim: the world around a gateway, for laboratories and tests"};
  app.require_subcommand(1);

  meter_arguments m;
  auto* meter_command =
      app.add_subcommand("meter", "an electricity meter that pushes SML: a household's curve, or a capture");
  meter_command->add_option("--id", m.id, "device id by DIN 43849")->capture_default_str();
  meter_command->add_option("--port", m.port, "TCP port (0: any)")->capture_default_str();
  meter_command->add_option("--device", m.device, "make a pseudo-terminal at this path instead of TCP");
  meter_command->add_option("--seed", m.seed, "of the household")->capture_default_str();
  meter_command->add_option("--interval", m.interval, "milliseconds between telegrams")->capture_default_str();
  meter_command->add_option("--replay", m.replay, "send this capture (raw octets or hex) instead");

  emt_arguments e;
  auto* emt_command = app.add_subcommand("emt", "a market participant that verifies, decrypts and prints what comes");
  emt_command->add_option("folder", e.folder, "its folder of a PKI made by smgw-sim pki")->required();
  emt_command->add_option("--gateway", e.gateways, "folder of a gateway that may deliver")->required();
  emt_command->add_option("--port", e.port, "TCP port (0: any)")->capture_default_str();
  emt_command->add_option("--delay", e.delay, "milliseconds before each answer")->capture_default_str();
  emt_command->add_option("--status", e.status, "answer every delivery with this status code")->capture_default_str();
  emt_command->add_option("--keep", e.keep, "write each document to this folder");

  card_options k;
  std::uint16_t reader_port = 35963;
  unsigned signature_time = 0;
  auto* card_command =
      app.add_subcommand("card", "a security module as a smart card, in the virtual reader of vsmartcard-vpcd");
  card_command->add_option("--port", reader_port, "TCP port of the reader")->capture_default_str();
  card_command->add_option("--pin", k.pin, "10 to 32 digits")->capture_default_str();
  card_command->add_option("--serial", k.serial, "hex digits")->capture_default_str();
  card_command->add_option("--folder", k.folder, "keep its keys here (default: in memory)");
  card_command->add_option("--milliseconds", signature_time, "how long each private-key operation takes")
      ->capture_default_str();

  fs::path pki_folder;
  std::string gateway_id = "ESMG0000000001";
  std::string curve = "brainpoolP256r1";
  auto* pki_command = app.add_subcommand("pki", "make a test PKI: root, sub-CA, and three certificates for each party");
  pki_command->add_option("folder", pki_folder)->required();
  pki_command->add_option("--gateway", gateway_id, "device id of the gateway")->capture_default_str();
  pki_command->add_option("--curve", curve)->capture_default_str();

  fs::path package, issued;
  auto* issue_command = app.add_subcommand("issue", "the test PKI answers a gateway's package of certificate requests");
  issue_command->add_option("folder", pki_folder, "made by smgw-sim pki")->required();
  issue_command->add_option("package", package, "made by smgw keys renew")->required();
  issue_command->add_option("-o,--out", issued, "write the certificates to this file (default: print them)");

  fs::path world_folder;
  std::string peers = "127.0.0.1";
  std::uint16_t meter_port = 7000, emt_port = 8443;
  auto* world_command = app.add_subcommand("world", "profiles, keys and certificates of a gateway with one meter");
  world_command->add_option("folder", world_folder, "absolute; the gateway keeps its data here too")->required();
  world_command->add_option("--gateway", gateway_id, "device id of the gateway")->capture_default_str();
  world_command->add_option("--peers", peers, "host of meter and market participant")->capture_default_str();
  world_command->add_option("--meter-port", meter_port)->capture_default_str();
  world_command->add_option("--emt-port", emt_port)->capture_default_str();

  demo_options d;
  std::string length;
  unsigned period = 5;
  auto* demo_command = app.add_subcommand("demo", "a small world: gateway, two meters, a market participant");
  demo_command->add_option("--gateway", d.gateway, "the program smgw")->required();
  demo_command->add_option("--for", length, "how long, as 60s or 5m (default: until Ctrl-C)");
  demo_command->add_option("--folder", d.folder, "keep the world here (default: a temporary folder)");
  demo_command->add_option("--period", period, "registration period in seconds")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  if (meter_command->parsed()) return run_meter(m);
  if (emt_command->parsed()) return run_emt(e);
  k.signature = std::chrono::milliseconds{signature_time};
  if (card_command->parsed()) return run_card(std::move(k), reader_port);
  if (world_command->parsed()) return run_world(world_folder, gateway_id, peers, meter_port, emt_port);
  if (pki_command->parsed()) return run_pki(pki_folder, gateway_id, curve);
  if (issue_command->parsed()) return run_issue(pki_folder, package, issued);
  if (!length.empty()) {
    const auto unit = length.back() == 'm' ? 60 : 1;
    if (length.back() == 's' || length.back() == 'm') length.pop_back();
    d.length = std::chrono::seconds{unit * std::atoi(length.c_str())};
    if (d.length.count() <= 0) return complain({errc::malformed, "--for wants a time like 60s or 5m"});
  }
  d.period = std::chrono::seconds{period};
  return demo(d);
}
