// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_policy.hpp"

#include <botan/build.h>
#include <botan/tls_ciphersuite.h>
#include <botan/tls_signature_scheme.h>

#include <algorithm>

namespace smgw::crypto {

std::string_view to_string(tls_version v) noexcept { return v == tls_version::tls12 ? "TLS 1.2" : "TLS 1.3"; }

namespace detail {
namespace {

using Botan::TLS::Group_Params;
using Botan::TLS::Signature_Scheme;

// TLS 1.2 and TLS 1.3, tables 6, 8, 13: nothing else may be supported.
constexpr std::array<std::uint16_t, 4> suites12{0xC02C, 0xC02B, 0xC024, 0xC023};
constexpr std::array<std::uint16_t, 3> suites13{0x1302, 0x1301, 0x1304};

struct group_codes {
  curve on;
  std::uint16_t tls12, tls13;
};
// Larger keys first (REQ.TA.TLS.Handshake.60).
constexpr std::array<group_codes, 5> groups{{{curve::brainpool_p512r1, 28, 33},
                                             {curve::brainpool_p384r1, 27, 32},
                                             {curve::secp384r1, 24, 24},
                                             {curve::brainpool_p256r1, 26, 31},
                                             {curve::secp256r1, 23, 23}}};

constexpr std::uint16_t ecdsa_sha256 = 0x0403, ecdsa_sha384 = 0x0503, ecdsa_sha512 = 0x0603;
// RFC 8734: the hash belongs to the curve.
constexpr std::array<std::uint16_t, 3> brainpool13{0x081a, 0x081b, 0x081c};

std::uint16_t scheme12_of(curve c) {
  switch (hash_for(c)) {
    case hash::sha256: return ecdsa_sha256;
    case hash::sha384: return ecdsa_sha384;
    case hash::sha512: return ecdsa_sha512;
  }
  return ecdsa_sha256;
}

std::optional<std::uint16_t> brainpool_scheme(curve c) {
  switch (c) {
    case curve::brainpool_p256r1: return brainpool13[0];
    case curve::brainpool_p384r1: return brainpool13[1];
    case curve::brainpool_p512r1: return brainpool13[2];
    default: return std::nullopt;
  }
}

bool every_curve_fits_tls13(const tls_config& config) {
  const auto fits = [](const certificate& c) { return tls13_possible(c.on); };
  return (!config.identity || std::ranges::all_of(config.identity->chain, fits)) &&
         std::ranges::all_of(config.peer.pinned, fits) && std::ranges::all_of(config.peer.anchors, fits);
}

void add_groups(const tls_config& config, tls_rules& out) {
  std::vector<group_codes> wanted{groups.begin(), groups.end()};
  if (!config.only_groups.empty()) {
    wanted.clear();
    for (const auto c : config.only_groups) wanted.push_back(*std::ranges::find(groups, c, &group_codes::on));
  }
  if (config.identity) {
    // What the key store cannot make is not offered: a TPM has no brainpool.
    const auto can = config.identity->keys->capabilities().curves;
    std::erase_if(wanted, [&](const group_codes& g) { return std::ranges::find(can, g.on) == can.end(); });
  }
  if (wanted.empty()) return out.suites.clear();  // nothing to agree on: no session
  for (const auto& g : wanted) {
    if (out.tls13) out.groups.push_back(g.tls13);
    if (out.tls12 && (g.tls12 != g.tls13 || !out.tls13)) out.groups.push_back(g.tls12);
  }
  if (!out.tls13) return;
  // One share, on the curve of the own key: peers of the same PKI know it, and each share costs the key store.
  const auto mine = config.identity ? config.identity->chain.front().on : curve::secp256r1;
  const auto it = std::ranges::find(wanted, mine, &group_codes::on);
  out.share = it != wanted.end() ? it->tls13 : wanted.front().tls13;
}

void add_schemes(tls_rules& out) {
  // The library signs a TLS 1.2 handshake with the first scheme, so that of the own key's size comes first.
  std::vector<std::uint16_t> list;
  if (out.own) list.push_back(scheme12_of(*out.own));
  for (const auto s : {ecdsa_sha256, ecdsa_sha384, ecdsa_sha512})
    if (std::ranges::find(list, s) == list.end()) list.push_back(s);
  // 0x0603 is secp521r1 in TLS 1.3, and just ECDSA with SHA-512 in TLS 1.2.
  if (!out.tls12) std::erase(list, ecdsa_sha512);
  if (out.tls13)
    for (const auto s : brainpool13)
      if (Signature_Scheme{s}.is_available()) list.push_back(s);
  out.schemes = std::move(list);
}

}  // namespace

tls_rules rules_of(const tls_config& config) {
  tls_rules out;
  out.tls13 = config.allow_tls13 && every_curve_fits_tls13(config) && config.only_version != tls_version::tls12;
  out.tls12 = config.only_version != tls_version::tls13;
  const auto take = [&](auto& list, bool& version) {
    const auto before = out.suites.size();
    for (const auto s : list)
      if (version && (config.only_suites.empty() || config.only_suites.contains(s))) out.suites.insert(s);
    version = out.suites.size() > before;  // a version without a suite is not offered
  };
  take(suites12, out.tls12);
  take(suites13, out.tls13);
  if (out.suites.empty()) return out;
  if (config.identity) out.own = config.identity->chain.front().on;
  add_groups(config, out);
  add_schemes(out);
  out.client_certificate_mandatory = config.peer.mandatory;
  out.resumption = config.cache != nullptr;
  out.lifetime = config.lifetime;
  // A TLS 1.3 ticket may not claim more than 7 days (RFC 8446 4.6.1); ours are bound by the session's origin anyway.
  if (out.tls13) out.lifetime = std::min<std::chrono::seconds>(out.lifetime, std::chrono::days{7});
  out.small_records = config.max_fragment_length;
  return out;
}

std::optional<curve> curve_of_group(std::uint16_t code) {
  for (const auto& g : groups)
    if (g.tls12 == code || g.tls13 == code) return g.on;
  return std::nullopt;
}

bool group_fits(std::uint16_t code, tls_version version) {
  return std::ranges::any_of(
      groups, [&](const auto& g) { return (version == tls_version::tls12 ? g.tls12 : g.tls13) == code; });
}

std::vector<std::string> tr03116_policy::allowed_ciphers() const {
  return {"AES-256/GCM", "AES-128/GCM", "AES-128/CCM", "AES-256", "AES-128"};
}
std::vector<std::string> tr03116_policy::allowed_macs() const { return {"AEAD", "SHA-384", "SHA-256"}; }
std::vector<std::string> tr03116_policy::allowed_signature_hashes() const { return {"SHA-512", "SHA-384", "SHA-256"}; }
std::vector<std::string> tr03116_policy::allowed_key_exchange_methods() const { return {"ECDH"}; }
std::vector<std::string> tr03116_policy::allowed_signature_methods() const { return {"ECDSA"}; }

std::vector<Signature_Scheme> tr03116_policy::acceptable_signature_schemes() const {
  // RFC 8734 is for TLS 1.3 only; in TLS 1.2 the three ECDSA schemes go with any curve.
  std::vector<Signature_Scheme> out;
  for (const auto s : rules_.schemes) {
    const bool only13 = std::ranges::find(brainpool13, s) != brainpool13.end();
    if (only13 && version_ == tls_version::tls12) continue;
    if (s == ecdsa_sha512 && version_ == tls_version::tls13) continue;
    out.emplace_back(s);
  }
  return out;
}

std::vector<Signature_Scheme> tr03116_policy::allowed_signature_schemes() const {
  // In TLS 1.3 a key has one scheme (RFC 8446 4.2.3, RFC 8734); the library would take 0x0403 for a Brainpool key.
  if (version_ == tls_version::tls13 && rules_.own)
    return {Signature_Scheme{brainpool_scheme(*rules_.own).value_or(scheme12_of(*rules_.own))}};
  return acceptable_signature_schemes();
}

std::optional<std::vector<Signature_Scheme>> tr03116_policy::acceptable_certificate_signature_schemes() const {
  // Mandatory in TLS 1.3 (TR-03116-3 4.3.2). HAN and LMN certificates may use the NIST curves, so these are named too.
  if (!rules_.tls13) return std::nullopt;
  std::vector<Signature_Scheme> out{brainpool13.begin(), brainpool13.end()};
  out.insert(out.end(), {Signature_Scheme{ecdsa_sha256}, Signature_Scheme{ecdsa_sha384}});
  if (rules_.tls12) out.emplace_back(ecdsa_sha512);
  return out;
}

std::vector<Group_Params> tr03116_policy::key_exchange_groups() const {
  return {rules_.groups.begin(), rules_.groups.end()};
}
std::vector<Group_Params> tr03116_policy::key_exchange_groups_to_offer() const {
  if (!rules_.tls13) return {};
  return {Group_Params{rules_.share}};
}

Group_Params tr03116_policy::choose_key_exchange_group(const std::vector<Group_Params>& supported_by_peer,
                                                       const std::vector<Group_Params>& offered_by_peer) const {
  const auto among = [](const std::vector<Group_Params>& list, std::uint16_t code) {
    return std::ranges::any_of(list, [&](const auto& g) { return g.wire_code() == code; });
  };
  // A share that is there already spares a round trip; else the first of ours that the peer knows.
  for (const auto code : rules_.groups)
    if (group_fits(code, version_.value_or(tls_version::tls12)) && among(offered_by_peer, code)) return code;
  for (const auto code : rules_.groups)
    if (group_fits(code, version_.value_or(tls_version::tls12)) && among(supported_by_peer, code)) return code;
  return Group_Params::NONE;
}

std::vector<std::uint16_t> tr03116_policy::ciphersuite_list(Botan::TLS::Protocol_Version version) const {
  std::vector<std::uint16_t> out;
  const auto add = [&](const auto& list) {
    for (const auto code : list)
      if (rules_.suites.contains(code) && Botan::TLS::Ciphersuite::by_id(code)) out.push_back(code);
  };
  version.is_pre_tls_13() ? add(suites12) : add(suites13);
  return out.empty() ? Policy::ciphersuite_list(version) : out;  // which tells that there is none
}

bool tr03116_policy::acceptable_ciphersuite(const Botan::TLS::Ciphersuite& suite) const {
  return rules_.suites.contains(suite.ciphersuite_code());
}

std::optional<std::uint16_t> tr03116_policy::record_size_limit() const {
  // RFC 8449, TLS 1.3: plaintext with its content type, beside header (5) and tag (16).
  if (!rules_.small_records || !rules_.tls13) return std::nullopt;
  return static_cast<std::uint16_t>(max_small_record - 5 - 16);
}

}  // namespace detail

bool tls13_possible(curve on) noexcept {
#if defined(BOTAN_HAS_TLS_13)
  const auto scheme = detail::brainpool_scheme(on);
  return !scheme || Botan::TLS::Signature_Scheme{*scheme}.is_available();
#else
  return false;
#endif
}

}  // namespace smgw::crypto
