// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/assembly.hpp"

#include "actors/io/channel.hpp"
#include "actors/io/wire.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/storage_key.hpp"
#include "base/check.hpp"
#include "crypto/card/key_store.hpp"
#include "crypto/pkcs11/key_store.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tpm2/key_store.hpp"

#include <algorithm>
#include <cstdlib>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds connect_budget{10};

std::string all_problems(const profile::problems& found) {
  std::string text =
      std::to_string(found.size()) + (found.size() == 1 ? " problem" : " problems") + " in the profiles:";
  for (const auto& p : found) text += "\n  " + profile::to_text(p);
  return text;
}

expected<std::vector<crypto::certificate>> certificates(const fs::path& folder, const std::string& file,
                                                        std::string_view whose) {
  SMGW_TRY(const auto content, read_file(folder / file));
  auto parsed = crypto::parse_certificates(content);
  if (!parsed)
    return fail(parsed.error().code, std::string(whose) + ": " + (folder / file).string() + ": " + parsed.error().what);
  return parsed;
}

/// The first line of a file, without its end.
expected<secret> first_line(const fs::path& file) {
  SMGW_TRY(auto content, read_file(file, 1024));
  const auto end = std::ranges::find_if(content, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
  secret line{bytes_view{content.data(), static_cast<std::size_t>(end - content.begin())}};
  wipe(content);
  if (line.empty()) return fail(errc::malformed, file.string() + ": the first line is empty");
  return line;
}

/// The passphrase of a software key store: the service manager's credential, else the file beside it.
expected<secret> passphrase_for(const fs::path& store_file) {
  fs::path source = store_file.string() + ".passphrase";
  if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
      credentials != nullptr)  // NOLINT(concurrency-mt-unsafe)
    if (const auto given = fs::path(credentials) / "smgw-passphrase"; fs::exists(given)) source = given;
  return first_line(source);
}

expected<std::shared_ptr<crypto::key_store>> open_tpm(const std::string& line, const fs::path& data_directory) {
  auto where = crypto::tpm2::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  where->file = data_directory / where->file;
  SMGW_TRY(auto opened, crypto::tpm2::tpm_key_store::open(*where));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

expected<std::shared_ptr<crypto::key_store>> open_token(const std::string& line) {
  auto where = crypto::pkcs11::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  SMGW_TRY(auto pin, first_line(where->pin_source));
  SMGW_TRY(auto opened, crypto::pkcs11::token_key_store::open(*where, std::move(pin)));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

expected<std::shared_ptr<crypto::key_store>> open_card(const std::string& line) {
  const auto where = crypto::card::parse_address(line);
  if (!where) return fail(where.error().code, "gateway.json /key_store: " + where.error().what);
  SMGW_TRY(auto pin, first_line(where->pin_source));
  SMGW_TRY(auto opened, crypto::card::card_key_store::open(*where, std::move(pin)));
  return std::shared_ptr<crypto::key_store>(std::move(opened));
}

/// A pinned end-entity certificate, or an anchor when the file holds a CA.
crypto::tls_peer_rule rule_of(const std::vector<crypto::certificate>& found) {
  crypto::tls_peer_rule rule;
  for (const auto& c : found) (c.is_ca ? rule.anchors : rule.pinned).push_back(c);
  return rule;
}

open_function opener(const io::stream_address& address, clock_function now, std::stop_token leave) {
  return [address, now = std::move(now), leave = std::move(leave)](caf::actor_system& system,
                                                                   wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto fd, io::open_stream(address, connect_budget, leave));
    const auto kind =
        address.what == io::stream_address::kind::serial ? io::stream_kind::device : io::stream_kind::socket;
    return io::spawn_wire(system, std::move(fd), kind, std::move(user), now);
  };
}

/// A line that the OEM opens, as a wire.
open_function oem_opener(const ports::open_serial_port& open, const profile::lmn_port& port,
                         std::shared_ptr<line_pumps> pumps, clock_function now) {
  return [open, line = ports::serial_line{port.id, port.serial, port.baud}, pumps = std::move(pumps),
          now = std::move(now)](caf::actor_system& system, wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto opened, open(line));
    SMGW_TRY(auto fd, pumps->attach(std::move(opened)));
    return io::spawn_wire(system, std::move(fd), io::stream_kind::socket, std::move(user), now);
  };
}

clock_function clock_of(const gateway_ports& ports) {
  if (!ports.clock) return system_clock_now;
  return [clock = ports.clock] { return clock->now(); };
}

/// Everything that is read once at the start: what the profiles name, as values.
struct credentials {
  crypto::tls_identity identity;
  crypto::certificate signature;
  std::map<std::string, reader> readers;
  std::map<std::string, crypto::tls_peer_rule> peers;
};

expected<credentials> load_credentials(const fs::path& configuration, const profile::profile_set& profiles,
                                       const std::shared_ptr<crypto::key_store>& keys) {
  credentials c;
  const fs::path own = fs::path(profiles.self.data_directory) / "certificates";
  SMGW_TRY(auto chain, certificates(own, "tls.pem", "the gateway's TLS certificate"));
  c.identity = {keys, std::string(tls_label), std::move(chain)};
  SMGW_TRY(const auto signature, certificates(own, "sig.pem", "the gateway's signature certificate"));
  c.signature = signature.front();
  for (const auto& w : profiles.wans) {
    SMGW_TRY(const auto tls, certificates(configuration, w.tls_certificate, w.name));
    c.peers.emplace(w.id, rule_of(tls));
    if (w.encryption_certificate.empty()) continue;
    SMGW_TRY(const auto encryption, certificates(configuration, w.encryption_certificate, w.name));
    SMGW_CHECK(crypto::check_use(encryption.front(), crypto::certificate_use::encryption));
    c.readers.emplace(w.id, reader{encryption.front(), w.suite, w.compress});
  }
  return c;
}

dial_function dialler(const profile::wan& w, const credentials& c, clock_function now,
                      std::shared_ptr<crypto::tls_session_cache> cache, std::stop_token leave) {
  channel_parts parts{
      .tls = {.role = crypto::tls_role::client,
              .interface = crypto::tls_interface::wan,
              .identity = c.identity,
              .peer = c.peers.at(w.id),
              .server_name = w.tls_sni,
              .cache = std::move(cache)},
      .open = opener({io::stream_address::kind::tcp, w.peer.host, 0, w.peer.port}, now, std::move(leave)),
      .now = now};
  return [parts](caf::actor_system& system, channel_user user) {
    return system.spawn<caf::detached>(secure_channel, parts, std::move(user));
  };
}

io::stream_address address_of(const profile::lmn_port& port) {
  if (port.tcp) return {io::stream_address::kind::tcp, port.tcp->host, 0, port.tcp->port};
  return {io::stream_address::kind::serial, port.serial, port.baud, 0};
}

}  // namespace

timestamp system_clock_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

expected<std::shared_ptr<crypto::key_store>> open_key_store(const std::string& line, const fs::path& data_directory) {
  constexpr std::string_view soft = "soft:";
  if (line.starts_with("pkcs11:")) return open_token(line);
  if (line.starts_with("tpm2:")) return open_tpm(line, data_directory);
  if (line.starts_with("smartcard:")) return open_card(line);
  if (!line.starts_with(soft))
    return fail(errc::unsupported,
                "gateway.json /key_store: '" + line +
                    "' names no key store of this build; write soft:FILE, tpm2:, pkcs11:token=… or smartcard:");
  const auto file = data_directory / line.substr(soft.size());
  SMGW_TRY(const auto passphrase, passphrase_for(file));
  auto opened = crypto::soft_key_store::open(file, passphrase);
  if (!opened) return fail(opened.error().code, file.string() + ": " + opened.error().what);
  return std::shared_ptr<crypto::key_store>(std::move(*opened));
}

expected<store::database> open_store(const fs::path& data_directory, crypto::key_store& keys) {
  SMGW_TRY(const auto master, storage_key(data_directory / "storage.key", keys));
  SMGW_TRY(auto cipher, sealed_cells::create(master));
  return store::database::open({.path = data_directory / "store", .cipher = std::move(cipher)});
}

expected<tree_parts> assemble(const fs::path& configuration, announce_function announce, gateway_ports ports) {
  SMGW_TRY(auto loaded, load_profiles(configuration));
  if (!loaded.set) return fail(errc::malformed, all_problems(loaded.found));
  auto& profiles = *loaded.set;
  const fs::path data = profiles.self.data_directory;
  std::error_code failure;
  fs::create_directories(data, failure);
  if (failure) return fail(errc::unavailable, data.string() + ": " + failure.message());
  SMGW_TRY(const auto keys, ports.keys ? std::move(ports.keys) : open_key_store(profiles.self.key_store, data));
  const auto now = clock_of(ports);
  const auto pumps = std::make_shared<line_pumps>();
  SMGW_TRY(auto c, load_credentials(configuration, profiles, keys));
  const auto cache = std::make_shared<crypto::tls_session_cache>();
  const std::stop_source leaving;
  const std::uint64_t seed = std::hash<std::string_view>{}(profiles.self.id.text());
  tree_parts parts{
      .profiles = std::move(profiles),
      .keys = {keys, c.signature, c.readers, {}},
      .open_store = [data, keys] { return open_store(data, *keys); },
      .dial = [c, cache, now,
               leave = leaving.get_token()](const profile::wan& w) { return dialler(w, c, now, cache, leave); },
      .open_port =
          [open_serial = ports.open_serial, pumps, now, leave = leaving.get_token()](const profile::lmn_port& port) {
            return open_serial && !port.tcp ? oem_opener(open_serial, port, pumps, now)
                                            : opener(address_of(port), now, leave);
          },
      .now = now,
      .announce = std::move(announce),
      .leaving = leaving,
      .seed = seed,
      .ports = std::move(ports),
      .pumps = pumps};
  parts.keys.gateway = parts.profiles.self.id;
  return parts;
}

}  // namespace smgw::platform
