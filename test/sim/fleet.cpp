// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "fleet.hpp"

#include "base/check.hpp"
#include "pki.hpp"

#include <algorithm>

namespace smgw::sim {

namespace fs = std::filesystem;

expected<std::shared_ptr<const fleet>> fleet::of(std::vector<known_gateway> gateways) {
  if (gateways.empty()) return fail(errc::malformed, "no gateway is named");
  auto made = std::make_shared<fleet>();
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    const auto& g = gateways[i];
    if (!made->by_id_.emplace(g.id, i).second || !made->by_fingerprint_.emplace(g.tls.fingerprint, i).second)
      return fail(errc::conflict, std::string(g.id.text()) + ": two gateways have this id or this certificate");
  }
  made->all_ = std::move(gateways);
  return made;
}

std::optional<std::size_t> fleet::find(const device_id& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::size_t> fleet::find(const crypto::certificate& tls) const {
  const auto found = by_fingerprint_.find(tls.fingerprint);
  return found == by_fingerprint_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<crypto::certificate> fleet::signers() const {
  std::vector<crypto::certificate> made;
  for (const auto& g : all_) made.push_back(g.signature);
  return made;
}

crypto::tls_peer_rule rule_of(const std::shared_ptr<const fleet>& gateways) {
  return {.pinned = {}, .anchors = {}, .knows = [gateways](const crypto::certificate& c) {
            return gateways->find(c).has_value();
          }};
}

expected<known_gateway> load_gateway(const fs::path& folder) {
  known_gateway g;
  SMGW_TRY(const auto tls, load_certificates(folder / "tls.pem"));
  SMGW_TRY(const auto signature, load_certificates(folder / "sig.pem"));
  SMGW_TRY(const auto encryption, load_certificates(folder / "enc.pem"));
  g.tls = tls.front();
  g.signature = signature.front();
  g.encryption = encryption.front();
  const auto& name = g.tls.subject_cn;
  const auto id = device_id::parse(name.substr(0, name.find('.')));
  if (!id) return fail(errc::malformed, (folder / "tls.pem").string() + ": its name is not that of a gateway: " + name);
  g.id = *id;
  return g;
}

expected<std::vector<known_gateway>> load_gateways(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> places;
  for (const auto& entry : fs::directory_iterator(folder, failure))
    if (entry.is_directory()) places.push_back(entry.path());
  if (failure) return fail(errc::unavailable, folder.string() + ": " + failure.message());
  std::ranges::sort(places);
  std::vector<known_gateway> made;
  for (const auto& place : places) {
    SMGW_TRY(auto g, load_gateway(place));
    made.push_back(std::move(g));
  }
  return made;
}

}  // namespace smgw::sim
