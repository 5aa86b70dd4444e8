// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/home_assembly.hpp"

#include "actors/platform/certificate_files.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/pki.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

/// TR-03116-3 table 17: at most seven years.
constexpr std::chrono::hours certificate_life{7 * 365 * 24};

/// Browsers and most programs know the NIST curves only.
crypto::curve han_curve(const crypto::key_store& keys) {
  const auto able = keys.capabilities().curves;
  for (const auto wanted : {crypto::curve::secp256r1, crypto::curve::secp384r1})
    if (std::ranges::find(able, wanted) != able.end()) return wanted;
  return crypto::curve::brainpool_p256r1;
}

expected<void> write_whole(const fs::path& file, std::string_view content) {
  const auto fresh = fs::path(file.string() + ".new");
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return fail(errc::unavailable, fresh.string() + ": cannot be written");
  const bool good =
      ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(fd) == 0;
  ::close(fd);
  std::error_code failure;
  if (good) fs::rename(fresh, file, failure);
  if (!good || failure) return fail(errc::exhausted, file.string() + ": not written");
  return {};
}

expected<std::vector<crypto::certificate>> own_chain(const profile::gateway& self, crypto::key_store& keys,
                                                     timestamp now) {
  const auto folder = fs::path(self.data_directory) / "certificates";
  const auto file = folder / "han.pem";
  if (fs::exists(file)) return read_certificates(file, "the gateway's HAN certificate");
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  if (!keys.find(han_label)) SMGW_CHECK(keys.generate(han_label, han_curve(keys), crypto::key_purpose::tls));
  SMGW_TRY(auto made, crypto::make_self_signed(
                          keys, han_label,
                          {.profile = crypto::self_signed_profile::han,
                           .subject = {.common_name = self.id.lower() + ".smgw", .country = "DE", .serial_number = "1"},
                           .dns_name = self.id.lower() + ".sm",
                           .not_before = now,
                           .not_after = now + certificate_life}));
  SMGW_CHECK(write_whole(file, to_pem(made)));
  return std::vector{std::move(made)};
}

/// SHA-256 of the running program.
std::string program_hash() {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  crypto::hasher hash(crypto::hash::sha256);
  std::array<char, 65536> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
    hash.update(as_bytes({piece.data(), static_cast<std::size_t>(in.gcount())}));
  return to_hex(hash.finish());
}

/// A party's certificate, pinned; or, for technicians, the CA that issues theirs is not enough: each has a profile.
expected<void> add_certificate(home_network_parts& out, const smgw::configuration& told, const profile::han& h) {
  SMGW_TRY(const auto found, certificates(told, h.certificate, h.name));
  const auto& own = found.front();
  if (own.is_ca)
    return fail(errc::malformed, h.name + " /certificate: a party's own certificate is wanted, not a CA's");
  if (!out.certificates.emplace(own.fingerprint, h.id).second)
    return fail(errc::malformed, h.name + " /certificate: another profile has the same. Give each party its own");
  out.tls.peer.pinned.push_back(own);
  return {};
}

/// The proxy profiles with their certificates. Towards controllable systems only those of the profiles count, on both
/// sides (DS 11.1); sessions of the two legs never share a cache.
expected<void> add_routes(home_network_parts& out, const smgw::configuration& told,
                          const profile::profile_set& profiles, const crypto::tls_identity& wan) {
  out.proxy_door = out.tls;
  out.proxy_door.peer = {.pinned = {}, .anchors = {}, .check_time = false, .mandatory = true};
  out.proxy_door.cache = nullptr;
  for (const auto& p : profiles.proxies) {
    SMGW_TRY(const auto system, certificates(told, p.cls_certificate, p.name));
    SMGW_TRY(const auto market, certificates(told, p.wan_certificate, p.name));
    cls::route r{.rule = p, .cls = system.front().fingerprint};
    r.wan = {.role = crypto::tls_role::client,
             .interface = crypto::tls_interface::wan,
             .identity = wan,
             .server_name = p.wan_tls_sni};
    for (const auto& m : market) (m.is_ca ? r.wan.peer.anchors : r.wan.peer.pinned).push_back(m);
    r.han = {.role = crypto::tls_role::client,
             .interface = crypto::tls_interface::han,
             .identity = out.tls.identity,
             .peer = {.pinned = {system.front()}, .anchors = {}, .check_time = false},
             .server_name = p.local_server_name};
    out.proxy_door.peer.pinned.push_back(system.front());
    out.routes.push_back(std::move(r));
  }
  return {};
}

}  // namespace

expected<home_network_parts> load_home_network(const smgw::configuration& told, const fs::path& folder,
                                               const profile::profile_set& profiles,
                                               const std::shared_ptr<crypto::key_store>& keys,
                                               const crypto::tls_identity& wan, timestamp now) {
  home_network_parts out;
  SMGW_TRY(auto chain, own_chain(profiles.self, *keys, now));
  out.han_certificate = chain.front().der;
  std::map<std::string, han::account> users;
  for (const auto& h : profiles.hans) {
    if (!h.certificate.empty()) {
      SMGW_CHECK(add_certificate(out, told, h));
      continue;
    }
    SMGW_TRY(auto text, read_file(folder / h.password_file, 4096));
    auto hashes = han::read_password_file(as_text(text));
    wipe(text);
    if (!hashes) return fail(hashes.error().code, (folder / h.password_file).string() + ": " + hashes.error().what);
    if (!users.emplace(h.user, han::account{h.id, std::move(*hashes)}).second)
      return fail(errc::malformed, h.name + " /user: another profile has the same name");
  }
  out.users = std::make_shared<const std::map<std::string, han::account>>(std::move(users));
  out.tls.role = crypto::tls_role::server;
  out.tls.interface = crypto::tls_interface::han;
  out.tls.peer.mandatory = false;
  // Where no party has a certificate, TLS still wants to know whom to believe: our own, which nobody else can prove.
  if (out.tls.peer.pinned.empty()) out.tls.peer.pinned.push_back(chain.front());
  // Pinned by the administrator: the validity of self-signed certificates is not what is trusted (DS 4).
  out.tls.peer.check_time = false;
  out.tls.identity = crypto::tls_identity{keys, std::string(han_label), std::move(chain)};
  out.tls.cache = std::make_shared<crypto::tls_session_cache>();
  SMGW_CHECK(add_routes(out, told, profiles, wan));
  out.random = [keys](std::size_t n) {
    bytes octets(n);
    SMGW_ASSERT(keys->random(octets).has_value());
    return octets;
  };
  out.program_hash = program_hash;
  out.version = SMGW_VERSION;
  return out;
}

}  // namespace smgw::platform
