// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/configuration.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace smgw {
namespace {

constexpr std::string_view profile_prefix = "profile/", certificate_prefix = "certificate/";

bytes octets_of(const std::string& text) {
  const auto view = as_bytes(text);
  return {view.begin(), view.end()};
}
const bytes& octets_of(const bytes& data) { return data; }

template <class Map>
void put_map(store::batch& into, std::string_view prefix, const Map& from, const Map& to, std::uint32_t revision) {
  for (const auto& [name, content] : to)
    if (const auto before = from.find(name); before == from.end() || before->second != content)
      into.put_profile(std::string(prefix) + name, revision, octets_of(content));
  for (const auto& [name, content] : from)
    if (!to.contains(name)) into.put_profile(std::string(prefix) + name, revision, {});
}

}  // namespace

void put_changes(store::batch& into, const configuration& from, const configuration& to) {
  put_map(into, profile_prefix, from.profiles, to.profiles, to.revision);
  put_map(into, certificate_prefix, from.certificates, to.certificates, to.revision);
}

configuration overlay(configuration base, const std::vector<store::profile_blob>& stored) {
  for (const auto& blob : stored) {
    base.revision = std::max(base.revision, blob.version);
    if (blob.name.starts_with(profile_prefix)) {
      const auto name = blob.name.substr(profile_prefix.size());
      if (blob.json.empty())
        base.profiles.erase(name);
      else
        base.profiles[name] = std::string(as_text(blob.json));
    } else if (blob.name.starts_with(certificate_prefix)) {
      const auto name = blob.name.substr(certificate_prefix.size());
      if (blob.json.empty())
        base.certificates.erase(name);
      else
        base.certificates[name] = blob.json;
    }
  }
  return base;
}

}  // namespace smgw
