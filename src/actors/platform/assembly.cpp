// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/assembly.hpp"

#include "actors/platform/credentials.hpp"
#include "actors/platform/dialling.hpp"
#include "actors/platform/directory_slot.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/home_assembly.hpp"
#include "actors/platform/key_stores.hpp"
#include "actors/platform/port_slot.hpp"
#include "actors/platform/renewal.hpp"
#include "actors/platform/roll_back.hpp"
#include "actors/platform/storage_key.hpp"
#include "actors/ports/file_port.hpp"
#include "base/check.hpp"
#include "crypto/known_answers.hpp"
#include "crypto/queued_key_store.hpp"

#include <ctime>
#include <fstream>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

std::string all_problems(const profile::problems& found) {
  std::string text =
      std::to_string(found.size()) + (found.size() == 1 ? " problem" : " problems") + " in the profiles:";
  for (const auto& p : found) text += "\n  " + profile::to_text(p);
  return text;
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

}  // namespace

timestamp system_clock_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

expected<store::database> open_store(const fs::path& data_directory, crypto::key_store& keys) {
  SMGW_TRY(const auto master, storage_key(data_directory / "storage.key", keys));
  SMGW_TRY(auto cipher, sealed_cells::create(master));
  SMGW_TRY(auto db, store::database::open({.path = data_directory / "store", .cipher = std::move(cipher)}));
  SMGW_CHECK(check_roll_back(data_directory / "roll-back.mark", keys, master, db));
  return db;
}

namespace {

clock_function clock_of(const gateway_ports& ports) {
  if (!ports.clock) return system_clock_now;
  return [clock = ports.clock] { return clock->now(); };
}

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

/// A module that is pulled, hangs or is exchanged leads into a secure state, and out of it when it is back.
void watch_module(const fixed_parts& fixed, clock_function now) {
  const auto queued = std::dynamic_pointer_cast<crypto::queued_key_store>(fixed.keys);
  if (!queued) return;
  queued->listen([where = fixed.conditions, announce = fixed.announce, now = std::move(now)](bool ready) {
    announce("key token", ready ? "the security module answers again" : "the security module does not answer");
    if (ready) return where->clear(state::condition::module_lost, now());
    where->raise(state::condition::module_lost, now());
  });
}

expected<tree_parts> parts_of(const std::shared_ptr<const fixed_parts>& fixed, configuration told) {
  auto loaded = profile::load(told.profiles);
  if (!loaded.set) return fail(errc::malformed, all_problems(loaded.found));
  auto& profiles = *loaded.set;
  SMGW_TRY(auto c, load_credentials(told, profiles, fixed->keys, system_clock_now()));
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
                        if (fixed->ports.open_radio && port.protocol == profile::lmn_protocol::wmbus)
                          return oem_radio_opener(fixed->ports.open_radio, port, fixed->pumps, now);
                        if (!port.pipe.empty() && is_file_port(port.pipe))
                          return file_opener(port.pipe, fixed->pumps, now);
                        return fixed->ports.open_serial && !port.serial.empty()
                                   ? oem_opener(fixed->ports.open_serial, port, fixed->pumps, now)
                                   : line_opener(port, now, leave);
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
                  .own_certificates = {c.identity.chain.front().der, c.signature.certificate.der,
                                       c.encryption.front().certificate.der},
                  .certificate_ends = ends_of(c),
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
  enable_renewal(made.keys, data, now, fixed->cache);
  const own_certificates own(data / "certificates");
  made.succession = {
      .waits = [own] { return own.next().has_value(); },
      .dial = [c, own, keys = fixed->keys, leave, now, time_valid](
                  const profile::wan& w) { return succession_dialler(w, c, own, keys, now, time_valid, leave); }};
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

/// The phase is final (overview 13). A power cut may have come between it and the end of the keys: that is made up for.
std::unexpected<error> refuse_for_good(crypto::key_store& keys) {
  if (const auto gone = destroy_all_keys(keys); !gone)
    return fail(errc::denied,
                "this gateway is decommissioned, and some of its keys are still there: " + gone.error().what);
  return fail(errc::denied, "this gateway is decommissioned: its keys are destroyed, and it does not start again");
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
  if (stored.life == lifecycle::phase::decommissioned) return refuse_for_good(*fixed->keys);
  SMGW_TRY(const auto master, storage_key(data / "storage.key", *fixed->keys));
  SMGW_TRY(fixed->pseudonyms, pseudonym_mac(master));
  fixed->open_store = std::move(stored.open);
  fixed->life = stored.life;
  watch_module(*fixed, loaded.set->time ? clock_function([clock = fixed->clock] { return clock->now(); })
                                        : clock_of(fixed->ports));
  return parts_of(fixed, overlay(std::move(told), stored.profiles));
}

}  // namespace smgw::platform
