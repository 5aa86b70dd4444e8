// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "card/reader.hpp"
#include "cls.hpp"
#include "demo.hpp"
#include "firmware_order.hpp"
#include "head_ends.hpp"
#include "kinds.hpp"
#include "meter.hpp"
#include "program.hpp"
#include "sockets.hpp"
#include "world.hpp"

#include <smgw/version.hpp>

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

using namespace smgw;
using namespace smgw::sim;
namespace fs = std::filesystem;

/// A capture is a file of raw octets or of hex digits.
expected<bytes> read_capture(const fs::path& file) {
  auto raw = platform::read_file(file);
  if (!raw || raw->empty() || raw->front() == 0x1B) return raw;
  std::string text(as_text(*raw));
  std::erase_if(text, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
  return from_hex(text);
}

struct meter_arguments {
  std::string kind = "sml", id = "1SMG0000000001", device, replay, key, authentication_key;
  fs::path certificate, gateway;
  unsigned mode = 7, count = 1, loss = 0;
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
  meter_options options{.id = *id,
                        .seed = a.seed,
                        .interval = std::chrono::milliseconds{a.interval},
                        .tcp_port = a.port,
                        .device = a.device,
                        .replay = std::move(replay)};
  const auto chosen = choose_kind({.kind = a.kind,
                                   .key = a.key,
                                   .authentication_key = a.authentication_key,
                                   .mode = a.mode,
                                   .count = a.count,
                                   .loss_percent = a.loss,
                                   .certificate = a.certificate,
                                   .gateway = a.gateway},
                                  wall_clock(), options);
  if (!chosen) return complain(chosen.error());
  const auto m = meter::start(std::move(options));
  if (!m) return complain(m.error());
  std::cout << (a.device.empty() ? "port " + std::to_string((*m)->port()) : "serial line " + a.device)
            << "; stop with Ctrl-C" << std::endl;
  wait_for_signal();
  std::cout << (*m)->telegrams() << " telegrams sent\n";
  return 0;
}

struct cls_arguments {
  fs::path folder, gateway;
  std::string host = "127.0.0.1", name = "wallbox.local";
  std::uint16_t port = 9443;
  bool waits = false;
};

int run_cls(const cls_arguments& a) {
  block_signals();
  auto self = keep_cls(a.folder, a.name, wall_clock());
  if (!self) return complain(self.error());
  std::cout << "certificate for the proxy profile: " << (a.folder / "cls.pem").string() << std::endl;
  const auto gateway = load_certificates(a.gateway);
  if (!gateway) return complain(gateway.error());
  const auto box = control_box::start(
      {.host = a.host,
       .port = a.port,
       .waits = a.waits,
       .name = a.name,
       .self = std::move(*self),
       .gateway = gateway->front(),
       .say = [](const std::string& line) { std::cout << to_iso8601(wall_clock()) << " " << line << std::endl; }});
  if (!box) return complain(box.error());
  wait_for_signal();
  std::cout << (*box)->power() << " W\n";
  return 0;
}

struct steer_arguments {
  fs::path folder, gateway;
  std::uint16_t port = 8446;
  unsigned limit = 4200, length = 0;
};

/// Section 14a EnWG: whoever connects through a gateway is limited, and set free again.
void steer(const market_server::connection& c, const steer_arguments& a) {
  const auto say = [&](const std::string& line) {
    if (!c.send(as_bytes(line + "\n"))) return;
    const auto answer = c.receive(std::chrono::seconds{30});
    std::cout << to_iso8601(wall_clock()) << " " << line << " -> " << as_text(answer) << std::flush;
  };
  say("LIMIT " + std::to_string(a.limit));
  static_cast<void>(c.receive(a.length == 0 ? std::chrono::hours{24} : std::chrono::seconds{a.length}));
  say("FREE");
}

int run_steer(const steer_arguments& a) {
  block_signals();
  const auto self = load_party(a.folder);
  if (!self) return complain(self.error());
  const auto tls = load_certificates(a.gateway / "tls.pem");
  if (!tls) return complain(tls.error());
  const auto server = market_server::start(self->identity(), {.pinned = {tls->front()}, .anchors = {}}, a.port,
                                           [a](const market_server::connection& c) { steer(c, a); });
  if (!server) return complain(server.error());
  std::cout << "listening on port " << (*server)->port() << "; stop with Ctrl-C" << std::endl;
  wait_for_signal();
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

struct firmware_arguments {
  fs::path maker, image, out;
  std::string version, path;
};

int run_firmware(const firmware_arguments& a) {
  const auto maker = load_party(a.maker);
  if (!maker) return complain(maker.error());
  const auto image = platform::read_file(a.image, firmware::max_image);
  if (!image) return complain(image.error());
  const auto order = firmware_order(*image, a.version, a.path, *maker);
  if (!order) return complain(order.error());
  if (const auto written = write_file(a.out, *order); !written) return complain(written.error());
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

void add_known(CLI::App* command, known_arguments& into) {
  command->add_option("--gateway", into.gateways, "folder with a gateway's tls.pem, sig.pem and enc.pem");
  command->add_option("--fleet", into.fleet, "a folder of such folders: thousands of gateways");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"smgw-sim: the world around a gateway, for laboratories and tests"};
  app.set_version_flag("--version", "smgw-sim " + std::string(smgw::version()));
  app.require_subcommand(1);

  meter_arguments m;
  auto* meter_command = app.add_subcommand(
      "meter",
      "a meter, or many: a household's curve by SML, DLMS, D0 or on a wired bus, water by radio, or a capture");
  meter_command
      ->add_option("--kind", m.kind,
                   "sml, wmbus (lines as rtl-wmbus writes them), dlms, d0, hdlc (a wired bus with TLS and SML), or "
                   "mbus (water on a wired M-Bus)")
      ->check(CLI::IsMember({"sml", "wmbus", "dlms", "d0", "hdlc", "mbus"}))
      ->capture_default_str();
  meter_command->add_option(
      "--key", m.key,
      "wmbus: master key; dlms: encryption key; hdlc: the maker's key, to be paired with (hexadecimal digits)");
  meter_command->add_option("--auth-key", m.authentication_key, "dlms: authentication key");
  meter_command->add_option("--mode", m.mode, "wmbus: security mode 0, 5, 7 or 10")->capture_default_str();
  meter_command->add_option("--count", m.count, "wmbus, hdlc, mbus: so many meters, their numbers count up")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  meter_command->add_option("--loss", m.loss, "wmbus: percentage of frames that are lost")->capture_default_str();
  meter_command->add_option("--certificate", m.certificate, "hdlc: write the meters' certificates to this folder");
  meter_command->add_option("--gateway", m.gateway, "hdlc: certificate of the gateway for the LMN");
  meter_command->add_option("--id", m.id, "device id by DIN 43849")->capture_default_str();
  meter_command->add_option("--port", m.port, "TCP port (0: any)")->capture_default_str();
  meter_command->add_option("--device", m.device, "make a pseudo-terminal at this path instead of TCP");
  meter_command->add_option("--seed", m.seed, "of the household")->capture_default_str();
  meter_command->add_option("--interval", m.interval, "milliseconds between telegrams")->capture_default_str();
  meter_command->add_option("--replay", m.replay, "send this capture (raw octets or hex) instead");

  emt_arguments e;
  auto* emt_command = app.add_subcommand("emt", "a market participant that verifies, decrypts and prints what comes");
  emt_command->add_option("folder", e.folder, "its folder of a PKI made by smgw-sim pki")->required();
  add_known(emt_command, e.known);
  emt_command->add_option("--port", e.port, "TCP port (0: any)")->capture_default_str();
  emt_command->add_option("--delay", e.delay, "milliseconds before each answer")->capture_default_str();
  emt_command->add_option("--status", e.status, "answer every delivery with this status code")->capture_default_str();
  emt_command->add_option("--keep", e.keep, "write each document to this folder");
  emt_command->add_option("--keep-cms", e.keep_cms, "write each message as it came, signed and encrypted, here");
  emt_command->add_flag("--cms-lines", e.cms_lines,
                        "print nothing but each message as it came: time, gateway, CMS in hexadecimal digits");

  cls_arguments c;
  auto* cls_command = app.add_subcommand(
      "cls", "a control box at a wallbox: reaches its market participant through the gateway, and obeys its limits");
  cls_command->add_option("folder", c.folder, "keeps its key and certificate here")->required();
  cls_command->add_option("--gateway", c.gateway, "certificate of the gateway for the home network")->required();
  cls_command->add_option("--host", c.host)->capture_default_str();
  cls_command->add_option("--port", c.port, "the gateway's proxy; with --wait our own")->capture_default_str();
  cls_command->add_option("--name", c.name, "local_server_name of the proxy profile")->capture_default_str();
  cls_command->add_flag("--wait", c.waits, "wait for the gateway instead of calling it");

  steer_arguments st;
  auto* steer_command =
      app.add_subcommand("steer", "a market participant that limits whatever connects through a gateway's proxy");
  steer_command->add_option("folder", st.folder, "its folder of a PKI made by smgw-sim pki")->required();
  steer_command->add_option("--gateway", st.gateway, "folder of the gateway")->required();
  steer_command->add_option("--port", st.port, "TCP port (0: any)")->capture_default_str();
  steer_command->add_option("--limit", st.limit, "watts")->capture_default_str();
  steer_command->add_option("--for", st.length, "seconds, then it is set free (default: as long as it lasts)");

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
  gwa_arguments g;
  auto* gwa_command = app.add_subcommand(
      "gwa",
      "a gateway administrator: wakes gateways, reads and writes their profiles, over the connections they open");
  gwa_command->add_option("folder", g.folder, "its folder of a PKI made by smgw-sim pki")->required();
  add_known(gwa_command, g.known);
  gwa_command->add_option("--id", g.id,
                          "the gateway that commands are for until they name another (default: the first)");
  gwa_command->add_option("--port", g.port, "TCP port that gateways call (0: any)")->capture_default_str();
  gwa_command->add_option("--service-port", g.service_port, "TCP port of its services (0: any)")->capture_default_str();
  gwa_command->add_option("--prefix", g.prefix, "point of contact, without its last slash")->capture_default_str();
  gwa_command->add_option("--script", g.script, "commands from this file instead of the terminal");
  gwa_command->add_option("--file", g.files, "PATH=FILE: gateways may fetch the file there, below the prefix");
  gwa_command->add_option("--relay", g.relay_port, "plain HTTP for curl on this port of 127.0.0.1");

  fleet_arguments f;
  auto* fleet_command = app.add_subcommand(
      "fleet", "thousands of gateways as a head-end sees them: each calls its administrator, and answers for itself");
  fleet_command->add_option("pki", f.pki, "made by smgw-sim pki")->required();
  fleet_command->add_option("folder", f.folder, "their certificates: what smgw-sim gwa takes with --fleet")->required();
  fleet_command->add_option("--count", f.count)->check(CLI::Range(1, 100'000))->capture_default_str();
  fleet_command->add_option("--first", f.first, "device id; the others count up")->capture_default_str();
  fleet_command->add_option("--host", f.host)->capture_default_str();
  fleet_command->add_option("--port", f.port, "the administrator's")->capture_default_str();

  firmware_arguments w;
  auto* firmware_command =
      app.add_subcommand("firmware", "a manufacturer's manifest for an image, signed: what the administrator posts");
  firmware_command->add_option("folder", w.maker, "the manufacturer's folder of a PKI made by smgw-sim pki")
      ->required();
  firmware_command->add_option("--image", w.image)->required();
  firmware_command->add_option("--version", w.version, "as 1.4.12")->required();
  firmware_command->add_option("--path", w.path, "where the administrator keeps the image")->required();
  firmware_command->add_option("-o,--out", w.out)->required();

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
  if (cls_command->parsed()) return run_cls(c);
  if (steer_command->parsed()) return run_steer(st);
  k.signature = std::chrono::milliseconds{signature_time};
  if (card_command->parsed()) return run_card(std::move(k), reader_port);
  if (gwa_command->parsed()) return run_gwa(g);
  if (fleet_command->parsed()) return run_fleet(f);
  if (firmware_command->parsed()) return run_firmware(w);
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
