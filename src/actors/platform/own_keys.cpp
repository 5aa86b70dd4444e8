// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/own_keys.hpp"

#include "actors/foundation/key_token.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/cms/request_package.hpp"

#include <algorithm>

namespace smgw::platform {
namespace {

struct use_of_key {
  std::string_view label;
  crypto::key_purpose purpose;
  crypto::certificate_use use;
};
/// In the order of own_certificates::files.
constexpr std::array<use_of_key, 3> uses{
    {{tls_label, crypto::key_purpose::tls, crypto::certificate_use::tls_client},
     {signature_label, crypto::key_purpose::signature, crypto::certificate_use::signature},
     {encryption_label, crypto::key_purpose::encryption, crypto::certificate_use::encryption}}};

expected<std::vector<crypto::certificate>> certificates_in(const std::filesystem::path& file) {
  SMGW_TRY(const auto content, read_file(file));
  return crypto::parse_certificates(content);
}

expected<crypto::key_info> find_or_make(crypto::key_store& keys, const std::string& label, const use_of_key& use,
                                        crypto::curve on) {
  auto there = keys.find(label);
  if (there || there.error().code != errc::conflict) return there;
  return keys.generate(label, on, use.purpose);
}

cms::curve to_cms_curve(crypto::curve c) { return static_cast<cms::curve>(c); }

/// With the signature key in force, if there is one.
expected<renewal> pack(crypto::key_store& keys, const own_certificates& own, unsigned generation,
                       const cms::request_package& requests) {
  if (!own.complete(own.current())) return renewal{generation, encode(requests), false};
  SMGW_TRY(const auto chain, certificates_in(own.folder(own.current()) / "sig.pem"));
  const auto& mine = chain.front();
  const auto label = own_certificates::label(signature_label, own.current());
  const cms::signer by{.group = to_cms_curve(mine.on),
                       .hash = cms::digest::sha256,
                       .key_identifier = mine.subject_key_id,
                       .sign = [&](bytes_view digest) { return keys.sign_digest(label, digest); },
                       .certificate = {}};
  SMGW_TRY(auto message, sign_request_package(requests, by));
  return renewal{generation, std::move(message), true};
}

std::string pem_of(const crypto::certificate& end_entity, std::span<const crypto::certificate> given) {
  auto text = to_pem(end_entity);
  for (const auto& c : given)
    if (c.is_ca && c.subject != c.issuer) text += to_pem(c);
  return text;
}

}  // namespace

expected<std::vector<key_line>> list_keys(const crypto::key_store& keys, const own_certificates& own) {
  SMGW_TRY(const auto all, keys.list());
  std::vector<key_line> lines;
  for (const auto& key : all) lines.push_back({key, {}, std::nullopt, {}});
  for (unsigned generation = 0; generation <= own.pending(); ++generation)
    for (const auto file : own_certificates::files) {
      const auto found = certificates_in(own.folder(generation) / file);
      if (!found) continue;
      const auto& c = found->front();
      const auto line = std::ranges::find(lines, c.public_point, [](const key_line& l) { return l.key.public_point; });
      if (line == lines.end()) continue;
      line->certificate = c.subject_text;
      line->not_after = c.not_after;
      line->standing = generation == own.current() ? "in force" : generation == own.next() ? "next" : "before";
    }
  return lines;
}

expected<renewal> begin_renewal(crypto::key_store& keys, const own_certificates& own, const renewal_order& order) {
  const auto generation = own.pending();
  std::error_code failure;
  std::filesystem::create_directories(own.folder(generation), failure);
  if (failure) return fail(errc::unavailable, own.folder(generation).string() + ": " + failure.message());
  std::array<bytes, 3> requests;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const auto label = own_certificates::label(uses[i].label, generation);
    SMGW_CHECK(find_or_make(keys, label, uses[i], order.on));
    SMGW_TRY(requests[i], crypto::make_request(keys, label, order.subject));
  }
  return pack(keys, own, generation, {requests[0], requests[1], requests[2]});
}

expected<import_report> import_certificates(const crypto::key_store& keys, const own_certificates& own,
                                            std::span<const crypto::certificate> given, timestamp now) {
  import_report report{.generation = own.pending(), .taken = {}, .missing = {}};
  const auto folder = own.folder(report.generation);
  std::vector<crypto::certificate> authorities;
  std::ranges::copy_if(given, std::back_inserter(authorities), [](const auto& c) { return c.is_ca; });
  for (const auto& c : given) {
    if (c.is_ca) continue;
    std::size_t which = 0;
    for (; which < uses.size(); ++which) {
      const auto key = keys.find(own_certificates::label(uses[which].label, report.generation));
      if (key && key->public_point == c.public_point) break;
    }
    if (which == uses.size())
      return fail(errc::conflict,
                  c.subject_text + ": it belongs to none of the keys that were asked for; see smgw keys list");
    SMGW_CHECK(crypto::check_use(c, uses[which].use));
    SMGW_CHECK(crypto::check_validity(c, now));
    if (!authorities.empty())
      SMGW_CHECK(crypto::check_chain(std::array{c}, authorities, {.use = uses[which].use, .now = now}));
    const auto file = own_certificates::files[which];
    SMGW_CHECK(
        replace_file(folder / file, as_bytes(pem_of(c, which == 0 ? given : std::span<const crypto::certificate>{}))));
    report.taken.emplace_back(file);
  }
  if (report.taken.empty()) return fail(errc::conflict, "there is no end-entity certificate in it");
  for (const auto file : own_certificates::files)
    if (!std::filesystem::exists(folder / file)) report.missing.emplace_back(file);
  if (report.missing.empty() && report.generation != 0) SMGW_CHECK(own.offer(report.generation));
  return report;
}

}  // namespace smgw::platform
