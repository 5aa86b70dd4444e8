// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "kinds.hpp"

#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "bus_station.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "mbus_slaves.hpp"
#include "pki.hpp"
#include "push.hpp"
#include "radio.hpp"

#include <algorithm>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;

expected<void> radio(const kind_options& o, const bytes& key, timestamp now, meter_options& into) {
  if (o.mode != 0 && o.mode != 5 && o.mode != 7 && o.mode != 10) return fail(errc::malformed, "--mode: 0, 5, 7 or 10");
  if (o.mode != 0 && key.size() != 16) return fail(errc::malformed, "--key: 32 hexadecimal digits are wanted");
  std::vector<radio_meter> meters;
  for (unsigned n = 0; n < o.count; ++n) {
    SMGW_TRY(const auto id, counted(into.id, n));
    SMGW_TRY(const auto who, radio_identity(id));
    // Counters must rise from one start of the program to the next.
    const auto counter = static_cast<std::uint32_t>(now.time_since_epoch().count() / 1000);
    meters.push_back({.id = who,
                      .key = key.empty() ? bytes(16) : key,
                      .mode = static_cast<radio_mode>(o.mode),
                      .counter = counter,
                      .seed = into.seed + n});
  }
  const auto interval = into.interval;
  into.interval = std::min(interval, std::chrono::milliseconds{1000});
  const auto sky = std::make_shared<air>(
      air::options{.seed = into.seed, .interval = interval, .loss_percent = o.loss_percent}, std::move(meters), now);
  into.telegram = [sky](timestamp at, std::uint32_t) {
    bytes lines;
    for (const auto& frame : sky->pass(at)) put(lines, receiver_line(frame));
    return lines;
  };
  return {};
}

/// A self-signed certificate by the LMN's profile, its key in memory.
expected<crypto::tls_identity> meter_identity(const device_id& id, timestamp now) {
  const std::shared_ptr<crypto::key_store> keys = crypto::soft_key_store::in_memory();
  SMGW_CHECK(keys->generate("lmn", crypto::curve::brainpool_p256r1, crypto::key_purpose::lmn));
  SMGW_TRY(auto made, crypto::make_self_signed(*keys, "lmn",
                                               {.profile = crypto::self_signed_profile::lmn,
                                                .subject = {.common_name = id.lower() + ".sm"},
                                                .dns_name = {},
                                                .not_before = now,
                                                .not_after = now + std::chrono::hours{24 * 700}}));
  return crypto::tls_identity{keys, "lmn", {std::move(made)}};
}

/// A meter as it leaves the factory with its maker's key, or one that was made known by certificates.
expected<bus_station::options> station_of(const kind_options& o, bytes_view key, const device_id& id, timestamp now) {
  bus_station::options made;
  made.id = id;
  made.cache = std::make_shared<crypto::tls_session_cache>(4);
  if (!key.empty()) {
    made.pairing_key = secret{key};
    return made;
  }
  SMGW_TRY(const auto gateway_file, platform::read_file(o.gateway));
  SMGW_TRY(made.gateway.pinned, crypto::parse_certificates(gateway_file));
  SMGW_TRY(made.identity, meter_identity(id, now));
  const auto& own = made.identity.chain.front();
  SMGW_CHECK(write_file(o.certificate / (std::string(id.text()) + ".crt"), as_text(own.der)));
  return made;
}

expected<void> wired(const kind_options& o, bytes_view key, timestamp now, meter_options& into) {
  if (key.empty() && (o.certificate.empty() || o.gateway.empty()))
    return fail(errc::malformed, "hdlc wants --key, or --certificate FOLDER and --gateway FILE");
  auto stations = std::make_shared<std::vector<std::unique_ptr<bus_station>>>();
  for (unsigned n = 0; n < o.count; ++n) {
    SMGW_TRY(const auto id, counted(into.id, n));
    SMGW_TRY(auto made, station_of(o, key, id, now));
    made.seed = into.seed + n;
    stations->push_back(std::make_unique<bus_station>(std::move(made)));
  }
  into.converse = [stations](bytes_view in) {
    bytes said;
    const auto steady = std::chrono::steady_clock::now();
    const auto wall = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (const auto& station : *stations) {
      if (!in.empty()) put(said, station->feed(in, steady, wall));
      if (const auto wake = station->wake_at(); wake && steady >= *wake) put(said, station->tick(steady, wall));
    }
    return said;
  };
  return {};
}

/// Slaves without primary addresses: as they leave the factory, they are found by their secondary ones.
expected<void> slaves(const kind_options& o, meter_options& into) {
  std::vector<mbus_slave> all;
  for (unsigned n = 0; n < o.count; ++n) {
    SMGW_TRY(const auto id, counted(into.id, n));
    SMGW_TRY(const auto who, radio_identity(id));
    all.push_back({.id = who, .seed = into.seed + n});
  }
  into.converse = [wires = std::make_shared<mbus_slaves>(std::move(all))](bytes_view in) {
    return wires->hear(in, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  };
  return {};
}

}  // namespace

expected<void> choose_kind(const kind_options& o, timestamp now, meter_options& into) {
  SMGW_TRY(const auto key, from_hex(o.key));
  SMGW_TRY(const auto authentication, from_hex(o.authentication_key));
  if (o.kind == "wmbus") return radio(o, key, now, into);
  if (o.kind == "hdlc") return wired(o, key, now, into);
  if (o.kind == "mbus") return slaves(o, into);
  const auto home = std::make_shared<household>(into.seed);
  if (o.kind == "d0")
    into.telegram = [id = into.id, home](timestamp at, std::uint32_t) { return d0_push(id, *home, at); };
  if (o.kind == "dlms")
    into.telegram = [id = into.id, home, key, authentication](timestamp at, std::uint32_t) {
      const auto counter = static_cast<std::uint32_t>(at.time_since_epoch().count() / 100 % 0xFFFF'FFFF);
      return dlms_push(id, *home, at, counter, key, authentication);
    };
  return {};
}

}  // namespace smgw::sim
