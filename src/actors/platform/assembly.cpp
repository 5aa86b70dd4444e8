// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/assembly.hpp"

#include "actors/io/channel.hpp"
#include "actors/io/wire.hpp"
#include "actors/platform/directory_slot.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/home_assembly.hpp"
#include "actors/platform/lmn_identity.hpp"
#include "actors/platform/own_keys.hpp"
#include "actors/platform/port_slot.hpp"
#include "actors/platform/roll_back.hpp"
#include "actors/platform/storage_key.hpp"
#include "actors/ports/file_port.hpp"
#include "actors/wan/time_sync.hpp"
#include "base/check.hpp"
#include "crypto/card/key_store.hpp"
#include "crypto/known_answers.hpp"
#include "crypto/pkcs11/key_store.hpp"
#include "crypto/queued_key_store.hpp"
#include "crypto/soft_key_store.hpp"
#include "crypto/tpm2/key_store.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>

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

/// Of those that the configuration holds: the administrator can replace them.
expected<std::vector<crypto::certificate>> certificates(const configuration& told, const std::string& file,
                                                        std::string_view whose) {
  const auto found = told.certificates.find(file);
  if (found == told.certificates.end())
    return fail(errc::unavailable, std::string(whose) + ": there is no certificate " + file + " beside the profiles");
  auto parsed = crypto::parse_certificates(found->second);
  if (!parsed) return fail(parsed.error().code, std::string(whose) + ": " + file + ": " + parsed.error().what);
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

/// A module takes one command at a time, and may hang: its operations go through a queue.
expected<std::shared_ptr<crypto::key_store>> open_queued(crypto::open_key_store_function open) {
  SMGW_TRY(auto queued, crypto::queued_key_store::open(std::move(open)));
  return std::shared_ptr<crypto::key_store>(std::move(queued));
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
    const auto kind = address.what == io::stream_address::kind::tcp ? io::stream_kind::socket : io::stream_kind::device;
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

/// A file in the place of a line.
open_function file_opener(const std::string& file, std::shared_ptr<line_pumps> pumps, clock_function now) {
  return [file, pumps = std::move(pumps), now = std::move(now)](caf::actor_system& system,
                                                                wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto opened, open_file_port(file));
    SMGW_TRY(auto fd, pumps->attach(std::move(opened)));
    return io::spawn_wire(system, std::move(fd), io::stream_kind::socket, std::move(user), now);
  };
}

clock_function clock_of(const gateway_ports& ports) {
  if (!ports.clock) return system_clock_now;
  return [clock = ports.clock] { return clock->now(); };
}

/// What the profiles name, as values.
struct credentials {
  crypto::tls_identity identity;
  crypto::certificate signature;
  crypto::certificate encryption;
  std::map<std::string, reader> readers;
  std::map<std::string, crypto::certificate> signers;
  std::map<std::string, crypto::tls_peer_rule> peers;
  std::optional<crypto::tls_identity> lmn;              ///< only with a wired bus
  std::map<std::string, crypto::tls_peer_rule> meters;  ///< by device id
};

expected<void> load_peer(credentials& c, const configuration& told, const profile::wan& w) {
  SMGW_TRY(const auto tls, certificates(told, w.tls_certificate, w.name));
  c.peers.emplace(w.id, rule_of(tls));
  if (!w.signer_certificate.empty()) {
    SMGW_TRY(const auto signer, certificates(told, w.signer_certificate, w.name));
    SMGW_CHECK(crypto::check_use(signer.front(), crypto::certificate_use::signature));
    c.signers.emplace(w.id, signer.front());
  }
  if (w.encryption_certificate.empty()) return {};
  SMGW_TRY(const auto encryption, certificates(told, w.encryption_certificate, w.name));
  SMGW_CHECK(crypto::check_use(encryption.front(), crypto::certificate_use::encryption));
  c.readers.emplace(w.id, reader{encryption.front(), w.suite, w.compress});
  return {};
}

/// The certificates of meters on wired buses that profiles name; the others' are made when they are paired.
expected<void> load_meter_credentials(const configuration& told, const profile::profile_set& profiles,
                                      const std::shared_ptr<crypto::key_store>& keys, credentials& c) {
  const auto on_bus = [&](const profile::meter& m) {
    const auto* port = profiles.find_port(m.port);
    return port != nullptr && port->protocol == profile::lmn_protocol::hdlc;
  };
  for (const auto& m : profiles.meters) {
    if (m.tls_certificate.empty()) continue;
    SMGW_TRY(const auto found, certificates(told, m.tls_certificate, m.name));
    c.meters.emplace(m.id.text(), crypto::tls_peer_rule{.pinned = found});
  }
  if (c.meters.empty() && std::ranges::none_of(profiles.meters, on_bus)) return {};
  SMGW_TRY(auto chain, own_lmn_chain(profiles.self, *keys, system_clock_now()));
  c.lmn =
      crypto::tls_identity{crypto::in_lane(keys, crypto::urgency::handshake), std::string(lmn_label), std::move(chain)};
  return {};
}

/// TLS towards one meter (DS 8.4; H.40): its certificate is pinned, records fit HDLC frames.
expected<crypto::tls_config> meter_client(const profile::meter& m, const credentials& c,
                                          std::shared_ptr<crypto::tls_session_cache> cache) {
  if (!c.lmn) return fail(errc::unavailable, m.name + ": the gateway has no certificate for the LMN");
  const auto peer = c.meters.find(std::string(m.id.text()));
  return crypto::tls_config{.role = crypto::tls_role::client,
                            .interface = crypto::tls_interface::lmn,
                            .identity = c.lmn,
                            .peer = peer == c.meters.end() ? crypto::tls_peer_rule{} : peer->second,
                            .cache = std::move(cache),
                            .max_fragment_length = true};
}

expected<credentials> load_credentials(const configuration& told, const profile::profile_set& profiles,
                                       const std::shared_ptr<crypto::key_store>& keys) {
  credentials c;
  const fs::path own = fs::path(profiles.self.data_directory) / "certificates";
  SMGW_TRY(auto chain, certificates(own, "tls.pem", "the gateway's TLS certificate"));
  c.identity = {crypto::in_lane(keys, crypto::urgency::handshake), std::string(tls_label), std::move(chain)};
  SMGW_TRY(const auto signature, certificates(own, "sig.pem", "the gateway's signature certificate"));
  c.signature = signature.front();
  SMGW_TRY(const auto encryption, certificates(own, "enc.pem", "the gateway's encryption certificate"));
  c.encryption = encryption.front();
  for (const auto& w : profiles.wans) SMGW_CHECK(load_peer(c, told, w));
  if (profiles.time) SMGW_CHECK(load_peer(c, told, peer_of(*profiles.time)));
  SMGW_CHECK(load_meter_credentials(told, profiles, keys, c));
  return c;
}

/// A counter that goes on while the machine sleeps, and the name of the start that it counts from.
std::shared_ptr<legal_clock> make_clock() {
  const auto raw = [] {
    timespec t{};
    ::clock_gettime(CLOCK_BOOTTIME, &t);
    return std::chrono::milliseconds{t.tv_sec * 1000 + t.tv_nsec / 1'000'000};
  };
  std::string start;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> start;
  return std::make_shared<legal_clock>(raw, std::move(start), system_clock_now().time_since_epoch() - raw());
}

dial_function dialler(const profile::wan& w, const credentials& c, clock_function now, std::function<bool()> time_valid,
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
  const bool for_time = w.id == time_peer;
  return [parts, for_time, time_valid = std::move(time_valid)](caf::actor_system& system, channel_user user) {
    auto made = parts;
    // While no time is trusted, that of a certificate cannot be checked, and nobody else can be reached (REQ.TA.TLS.
    // Handshake.160): for the time server alone the check is left out.
    if (for_time && !time_valid()) {
      made.tls.peer.check_time = false;
      made.tls.cache = nullptr;
    }
    return system.spawn<caf::detached>(secure_channel, made, std::move(user));
  };
}

io::stream_address address_of(const profile::lmn_port& port) {
  if (port.tcp) return {io::stream_address::kind::tcp, port.tcp->host, 0, port.tcp->port};
  static_assert(static_cast<int>(profile::line_form::e71) == static_cast<int>(io::character_form::e71));
  if (!port.pipe.empty()) return {io::stream_address::kind::pipe, port.pipe, 0, 0};
  return {io::stream_address::kind::serial, port.serial, port.baud, 0, static_cast<io::character_form>(port.form)};
}

}  // namespace

timestamp system_clock_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

expected<std::shared_ptr<crypto::key_store>> open_key_store(const std::string& line, const fs::path& data_directory) {
  constexpr std::string_view soft = "soft:";
  if (line.starts_with("pkcs11:")) return open_queued([line] { return open_token(line); });
  if (line.starts_with("tpm2:")) return open_queued([line, data_directory] { return open_tpm(line, data_directory); });
  if (line.starts_with("smartcard:")) return open_queued([line] { return open_card(line); });
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
  SMGW_TRY(auto db, store::database::open({.path = data_directory / "store", .cipher = std::move(cipher)}));
  SMGW_CHECK(check_roll_back(data_directory / "roll-back.mark", keys, master, db));
  return db;
}

namespace {

/// What stays the same when profiles change.
struct fixed_parts {
  fs::path folder;  ///< of the profiles: password files are there
  std::shared_ptr<crypto::key_store> keys;
  std::shared_ptr<crypto::tls_session_cache> cache = std::make_shared<crypto::tls_session_cache>();
  open_store_function open_store;
  announce_function announce;
  std::stop_source leaving{};
  std::shared_ptr<legal_clock> clock = make_clock();
  lifecycle::phase life = lifecycle::phase::in_operation;
  privacy::mac_function pseudonyms{};
  std::shared_ptr<smgw::conditions> conditions = std::make_shared<smgw::conditions>();
  gateway_ports ports{};
  std::shared_ptr<line_pumps> pumps = std::make_shared<line_pumps>();
};

/// Where firmware is written: the OEM's slots behind a folder for what is under way, or that folder alone.
std::function<expected<std::unique_ptr<update_slot>>()> slot_opener(const fs::path& folder,
                                                                    std::shared_ptr<ports::update_slot> device) {
  return [folder, device = std::move(device)]() -> expected<std::unique_ptr<update_slot>> {
    SMGW_TRY(auto staging, directory_slot::open(folder));
    if (!device) return staging;
    return make_port_slot(std::move(staging), device);
  };
}

/// Renewal of the three certificates (TR-03109-4): requests out, certificates in. They count once all three are there.
void enable_renewal(key_token_parts& parts, const fs::path& data, const clock_function& now) {
  const own_certificates own(data / "certificates");
  parts.request = [keys = parts.keys, own, id = parts.gateway,
                   on = parts.signature.on]() -> expected<certificate_requests> {
    const crypto::distinguished_name subject{.common_name = std::string(id.text()) + ".SMGW",
                                             .organisation = "SM-PKI-DE",
                                             .organisational_unit = {},
                                             .country = "DE",
                                             .serial_number = "1"};
    SMGW_TRY(auto made, begin_renewal(*keys, own, {.subject = subject, .on = on}));
    return certificate_requests{made.generation, std::move(made.package)};
  };
  parts.install = [keys = parts.keys, own, now](bytes_view given) -> expected<certificates_installed> {
    SMGW_TRY(const auto found, crypto::parse_certificates(given));
    SMGW_TRY(const auto report, import_certificates(*keys, own, found, now()));
    std::string text = "generation " + std::to_string(report.generation) + ":";
    for (const auto& t : report.taken) text += " " + t;
    for (const auto& m : report.missing) text += " (missing: " + m + ")";
    return certificates_installed{std::move(text)};
  };
}

expected<tree_parts> parts_of(const std::shared_ptr<const fixed_parts>& fixed, configuration told) {
  auto loaded = profile::load(told.profiles);
  if (!loaded.set) return fail(errc::malformed, all_problems(loaded.found));
  auto& profiles = *loaded.set;
  SMGW_TRY(auto c, load_credentials(told, profiles, fixed->keys));
  const auto leave = fixed->leaving.get_token();
  const auto id = profiles.self.id;
  const fs::path data = profiles.self.data_directory;
  const bool kept = profiles.time.has_value();
  const clock_function now =
      kept ? clock_function([clock = fixed->clock] { return clock->now(); }) : clock_of(fixed->ports);
  const std::function<bool()> time_valid = [kept, clock = fixed->clock] { return !kept || clock->valid(); };
  tree_parts made{.profiles = std::move(profiles),
                  .keys = {fixed->keys, c.signature, c.readers, id, c.signers, c.encryption},
                  .open_store = fixed->open_store,
                  .dial = [c, cache = fixed->cache, leave, now,
                           time_valid](const profile::wan& w) { return dialler(w, c, now, time_valid, cache, leave); },
                  .open_port =
                      [fixed, leave, now](const profile::lmn_port& port) {
                        if (!port.pipe.empty() && is_file_port(port.pipe))
                          return file_opener(port.pipe, fixed->pumps, now);
                        return fixed->ports.open_serial && !port.serial.empty()
                                   ? oem_opener(fixed->ports.open_serial, port, fixed->pumps, now)
                                   : opener(address_of(port), now, leave);
                      },
                  .meter_tls = [c, cache = fixed->cache](const profile::meter& m) { return meter_client(m, c, cache); },
                  .now = now,
                  .announce = fixed->announce,
                  .pseudonyms = fixed->pseudonyms,
                  .conditions = fixed->conditions,
                  .check_crypto = [keys = fixed->keys] { return crypto::check_known_answers(*keys); },
                  .leaving = fixed->leaving,
                  .seed = std::hash<std::string_view>{}(id.text()),
                  .ports = fixed->ports,
                  .pumps = fixed->pumps,
                  .told = std::move(told),
                  .life = fixed->life,
                  .firmware_version = SMGW_VERSION,
                  .own_certificates = {c.identity.chain.front().der, c.signature.der, c.encryption.der},
                  .kept_clock = kept ? fixed->clock : nullptr,
                  .time_valid = time_valid,
                  .listen = [](const profile::wan& w) -> listen_function {
                    return [port = w.wake_up_port, tcp = w.wake_up_tcp](io::wanted_function wanted,
                                                                        io::heard_function heard) {
                      return io::silent_port::open(port, tcp, std::move(wanted), std::move(heard));
                    };
                  },
                  .open_slot = slot_opener(data / "update", fixed->ports.update),
                  .prepare = [fixed](const configuration& next) -> expected<std::shared_ptr<const tree_parts>> {
                    SMGW_TRY(auto changed, parts_of(fixed, next));
                    return std::make_shared<const tree_parts>(std::move(changed));
                  }};
  enable_renewal(made.keys, data, now);
  if (made.profiles.self.home) {
    SMGW_TRY(made.home, load_home_network(made.told, fixed->folder, made.profiles,
                                          crypto::in_lane(fixed->keys, crypto::urgency::handshake), c.identity, now()));
  }
  return made;
}

/// What the store knows that the start depends on, and how the STORE opens it.
struct remembered {
  std::vector<store::profile_blob> profiles;
  lifecycle::phase life = lifecycle::phase::in_operation;
  open_store_function open;
};

/// Opens the store now, and hands it over to the STORE when that starts; an opening after that is a new one.
expected<remembered> read_store(const fs::path& data, const std::shared_ptr<crypto::key_store>& keys) {
  auto opened = open_store(data, *keys);
  if (!opened) return fail(errc::unavailable, opened.error().what);
  remembered r;
  SMGW_TRY(r.profiles, opened->profiles());
  SMGW_TRY(const auto life, opened->state(life_state));
  r.life = lifecycle::decode(life);
  const auto first = std::make_shared<std::optional<store::database>>(std::move(*opened));
  const auto guard = std::make_shared<std::mutex>();
  r.open = [first, guard, data, keys]() -> expected<store::database> {
    {
      const std::scoped_lock lock(*guard);
      if (*first) {
        auto handed = std::move(**first);
        first->reset();
        return handed;
      }
    }
    return open_store(data, *keys);
  };
  return r;
}

}  // namespace

expected<tree_parts> assemble(const fs::path& folder, announce_function announce, gateway_ports ports) {
  SMGW_TRY(auto told, read_configuration(folder));
  const auto loaded = profile::load(told.profiles);
  if (!loaded.set) return fail(errc::malformed, all_problems(loaded.found));
  const fs::path data = loaded.set->self.data_directory;
  std::error_code failure;
  fs::create_directories(data, failure);
  if (failure) return fail(errc::unavailable, data.string() + ": " + failure.message());
  auto fixed = std::make_shared<fixed_parts>();
  fixed->folder = folder;
  fixed->announce = std::move(announce);
  SMGW_TRY(fixed->keys, ports.keys ? std::move(ports.keys) : open_key_store(loaded.set->self.key_store, data));
  fixed->ports = std::move(ports);
  if (fixed->ports.update) fixed->ports.update = one_at_a_time(std::move(fixed->ports.update));
  SMGW_TRY(auto stored, read_store(data, fixed->keys));
  SMGW_TRY(const auto master, storage_key(data / "storage.key", *fixed->keys));
  SMGW_TRY(fixed->pseudonyms, pseudonym_mac(master));
  fixed->open_store = std::move(stored.open);
  fixed->life = stored.life;
  return parts_of(fixed, overlay(std::move(told), stored.profiles));
}

}  // namespace smgw::platform
