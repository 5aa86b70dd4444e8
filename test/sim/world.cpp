// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "world.hpp"

#include "actors/platform/assembly.hpp"
#include "base/check.hpp"
#include "base/time_text.hpp"

#include <nlohmann/json.hpp>

#include <format>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr auto participant = "stadtwerk";

expected<void> write_json(const fs::path& file, const ordered_json& content) {
  return write_file(file, content.dump(2) + "\n");
}

expected<void> install_file(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::create_directories(to.parent_path(), failure);
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, failure);
  if (failure) return fail(errc::unavailable, to.string() + ": " + failure.message());
  return {};
}

constexpr std::string_view soft_keys = "soft:keys.sealed";

/// The gateway's certificates, and its software keys if that is what it has, move from the PKI's folder to where the
/// gateway looks for them.
expected<void> install_gateway(const world_options& o, const fs::path& from, const fs::path& data) {
  for (const auto* file : {"tls.pem", "sig.pem", "enc.pem"})
    SMGW_CHECK(install_file(from / file, data / "certificates" / file));
  if (o.key_store != soft_keys || o.keys) return {};
  SMGW_CHECK(install_file(from / "keys.sealed", data / "keys.sealed"));
  SMGW_CHECK(install_file(from / "passphrase", data / "keys.sealed.passphrase"));
  for (const auto* file : {"keys.sealed", "keys.sealed.passphrase"})
    fs::permissions(data / file, fs::perms::owner_read | fs::perms::owner_write);
  return {};
}

/// A module makes the gateway's keys itself: they are nowhere else.
expected<std::shared_ptr<crypto::key_store>> gateway_keys(const world_options& o, const fs::path& data) {
  if (o.keys) return o.keys;
  if (o.key_store == soft_keys) return std::shared_ptr<crypto::key_store>();
  std::error_code failure;
  fs::create_directories(data, failure);
  if (failure) return fail(errc::unavailable, data.string() + ": " + failure.message());
  return platform::open_key_store(o.key_store, data);
}

std::string port_name(std::size_t i) { return std::format("lmn{}", i); }

ordered_json gateway_profile(const world_options& o, const world& w) {
  auto ports = ordered_json::array();
  for (std::size_t i = 0; i < o.meters.size(); ++i) {
    ordered_json port{{"id", port_name(i)}, {"protocol", "sml"}};
    if (o.meters[i].serial.empty()) {
      port["tcp"] = std::format("{}:{}", o.meters[i].tcp_host, o.meters[i].tcp_port);
    } else {
      port["serial"] = o.meters[i].serial;
      port["baud"] = 9600;
    }
    ports.push_back(std::move(port));
  }
  return {{"profile", "gateway"},          {"version", 1},
          {"device_id", o.gateway.text()}, {"data_directory", w.data().string()},
          {"key_store", o.key_store},      {"lmn_ports", ports}};
}

ordered_json meter_profile(const world_options& o, std::size_t i) {
  return {{"profile", "meter"},
          {"version", 1},
          {"device_id", o.meters[i].id.text()},
          {"port", port_name(i)},
          {"medium", "electricity"},
          {"registers", {{{"obis", "1-0:1.8.0"}, {"unit", "Wh"}}}},
          {"registration_period_s", o.period.count()},
          {"acceptance_window_min_ms", std::min(o.window, std::chrono::milliseconds(o.period) * 2 / 5).count()}};
}

ordered_json evaluation_profile(const world_options& o, std::size_t i, unsigned taf) {
  ordered_json e{{"profile", "evaluation"},
                 {"version", 1},
                 {"id", std::format("taf{}-{}", taf, i + 1)},
                 {"taf", taf},
                 {"tariff", std::format("TAF{}", taf)},
                 {"usage_point", std::format("DE000562668020O6G56M11SN51G21M{:02}S", i + 1)},
                 {"consumer", std::format("consumer{}", i + 1)},
                 {"inputs", {{{"meter", o.meters[i].id.text()}, {"obis", "1-0:1.8.0"}}}},
                 {"registration_period_s", o.period.count()},
                 {"valid_from", to_iso8601(o.now)}};
  if (taf == 1) {
    e["register"] = "1-0:1.8.0";
    e["billing_period"] = {{"seconds", o.billing.count()}};
  }
  if (taf == 7) e["delivery_period"] = {{"seconds", o.delivery.count()}};
  e["recipients"] = {{{"wan", participant}}};
  return e;
}

ordered_json wan_profile(const world_options& o) {
  return {{"profile", "wan"},
          {"version", 1},
          {"id", participant},
          {"role", "market_participant"},
          {"peer", std::format("{}:{}", o.emt_host, o.emt_port)},
          {"tls_certificate", "stadtwerk-tls.pem"},
          {"encryption_certificate", "stadtwerk-enc.pem"},
          {"uri_prefix", "/"},
          {"retry", {{"first_ms", o.retry.count()}, {"limit_s", 60}}}};
}

ordered_json administrator_profile(const world_options& o) {
  ordered_json w{{"profile", "wan"},
                 {"version", 1},
                 {"id", "gwa"},
                 {"role", "administrator"},
                 {"peer", std::format("127.0.0.1:{}", o.gwa_port)},
                 {"tls_certificate", "gwa-tls.pem"},
                 {"signer_certificate", "gwa-sig.pem"},
                 {"encryption_certificate", "gwa-enc.pem"},
                 {"uri_prefix", "/smgw/"},
                 {"retry", {{"first_ms", o.retry.count()}, {"limit_s", 60}}},
                 {"wake_up_port", o.wake_up_port},
                 {"wake_up_tcp", o.wake_up_tcp}};
  if (o.gwa_service_port != 0) w["service"] = std::format("127.0.0.1:{}", o.gwa_service_port);
  return w;
}

expected<void> install_administrator(const world_options& o, const world& w) {
  if (o.gwa_port == 0) return {};
  for (const auto* file : {"tls.pem", "sig.pem", "enc.pem"})
    SMGW_CHECK(install_file(w.pki() / "administrator" / file, w.configuration() / (std::string("gwa-") + file)));
  if (o.time_port != 0)
    SMGW_CHECK(write_json(w.configuration() / "time.json", {{"profile", "time"},
                                                            {"version", 1},
                                                            {"server", std::format("127.0.0.1:{}", o.time_port)},
                                                            {"tls_certificate", "gwa-tls.pem"},
                                                            {"poll_s", 60}}));
  return write_json(w.configuration() / "wan/gwa.json", administrator_profile(o));
}

}  // namespace

expected<world> make_world(const world_options& o) {
  world w{o.folder};
  SMGW_TRY(auto keys, gateway_keys(o, w.data()));
  SMGW_CHECK(make_pki(w.pki(),
                      {{.folder = "gateway",
                        .common_name = std::string(o.gateway.text()) + ".SMGW",
                        .gateway = true,
                        .keys = std::move(keys)},
                       {.folder = participant, .common_name = "stadtwerk.EMT", .gateway = false},
                       {.folder = "administrator", .common_name = "administrator.GWA", .gateway = false}},
                      o.curve, o.now));
  SMGW_CHECK(install_gateway(o, w.pki() / "gateway", w.data()));
  const auto c = w.configuration();
  SMGW_CHECK(install_file(w.pki() / participant / "tls.pem", c / "stadtwerk-tls.pem"));
  SMGW_CHECK(install_file(w.pki() / participant / "enc.pem", c / "stadtwerk-enc.pem"));
  SMGW_CHECK(install_administrator(o, w));
  SMGW_CHECK(write_json(c / "gateway.json", gateway_profile(o, w)));
  SMGW_CHECK(write_json(c / "wan/stadtwerk.json", wan_profile(o)));
  for (std::size_t i = 0; i < o.meters.size(); ++i) {
    SMGW_CHECK(write_json(c / std::format("meters/{}.json", o.meters[i].id.lower()), meter_profile(o, i)));
    for (const auto taf : {1U, 7U})
      SMGW_CHECK(write_json(c / std::format("evaluations/taf{}-{}.json", taf, i + 1), evaluation_profile(o, i, taf)));
  }
  return w;
}

}  // namespace smgw::sim
