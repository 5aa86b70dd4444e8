// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/former_administrator.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::former {
namespace {

/// A profile and its three certificates.
constexpr std::size_t max_documents = 4;

void put_all(bytes& out, const std::map<std::string, bytes>& all) {
  out.push_back(static_cast<std::uint8_t>(all.size()));
  for (const auto& [name, content] : all) {
    put_be(out, static_cast<std::uint32_t>(name.size()));
    put(out, name);
    put_be(out, static_cast<std::uint32_t>(content.size()));
    put(out, content);
  }
}

expected<std::map<std::string, bytes>> take_all(bytes_view& in) {
  SMGW_TRY(const auto count, take_be<std::uint8_t>(in));
  if (count > max_documents) return fail(errc::malformed, "the administrator's former profile: too many documents");
  std::map<std::string, bytes> all;
  for (unsigned i = 0; i < count; ++i) {
    SMGW_TRY(const auto name_size, take_be<std::uint32_t>(in));
    SMGW_TRY(const auto name, take(in, name_size));
    SMGW_TRY(const auto size, take_be<std::uint32_t>(in));
    SMGW_TRY(const auto content, take(in, size));
    all.emplace(std::string(as_text(name)), bytes(content.begin(), content.end()));
  }
  return all;
}

}  // namespace

std::optional<documents> documents_of(const configuration& told, const profile::profile_set& set) {
  const auto* w = set.administrator();
  const auto text = w == nullptr ? told.profiles.end() : told.profiles.find(w->name);
  if (text == told.profiles.end()) return std::nullopt;
  const auto octets = as_bytes(text->second);
  documents d{{{w->name, bytes(octets.begin(), octets.end())}}, {}};
  for (const auto* file : {&w->tls_certificate, &w->signer_certificate, &w->encryption_certificate})
    if (const auto found = told.certificates.find(*file); found != told.certificates.end())
      d.certificates.insert(*found);
  return d;
}

bool moved(const documents& before, const std::optional<documents>& after) { return after && *after != before; }

configuration restored(const configuration& told, const profile::profile_set& set, const documents& d) {
  auto c = told;
  if (const auto* w = set.administrator()) c.profiles.erase(w->name);
  for (const auto& [name, content] : d.profiles) c.profiles[name] = std::string(as_text(content));
  for (const auto& [name, content] : d.certificates) c.certificates[name] = content;
  return c;
}

bytes encode(const documents& d) {
  bytes out;
  put_all(out, d.profiles);
  put_all(out, d.certificates);
  return out;
}

expected<documents> decode(bytes_view octets) {
  documents d;
  SMGW_TRY(d.profiles, take_all(octets));
  SMGW_TRY(d.certificates, take_all(octets));
  if (!octets.empty()) return fail(errc::malformed, "the administrator's former profile: octets behind its end");
  return d;
}

}  // namespace smgw::former
