// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/lmn_identity.hpp"

#include "actors/foundation/key_token.hpp"
#include "actors/platform/files.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/pki.hpp"

#include <algorithm>
#include <filesystem>

namespace smgw::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days life{7 * 365};

/// Brainpool is recommended (TR-03116-3 6.2); a module without it signs on P-256, which every meter has.
crypto::curve lmn_curve(const crypto::key_store& keys) {
  return std::ranges::contains(keys.capabilities().curves, crypto::curve::brainpool_p256r1)
             ? crypto::curve::brainpool_p256r1
             : crypto::curve::secp256r1;
}

expected<void> check_key(const std::vector<crypto::certificate>& chain, crypto::key_store& keys, const fs::path& file) {
  SMGW_TRY(const auto key, keys.find(lmn_label));
  if (chain.empty() || chain.front().public_point != key.public_point)
    return fail(errc::untrusted, file.string() + " is not the certificate of the key " + std::string(lmn_label));
  return {};
}

}  // namespace

expected<std::vector<crypto::certificate>> own_lmn_chain(const profile::gateway& self, crypto::key_store& keys,
                                                         timestamp now) {
  const auto folder = fs::path(self.data_directory) / "certificates";
  const auto file = folder / "lmn.pem";
  if (fs::exists(file)) {
    SMGW_TRY(const auto content, read_file(file));
    SMGW_TRY(auto chain, crypto::parse_certificates(content));
    SMGW_CHECK(check_key(chain, keys, file));
    return chain;
  }
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  if (!keys.find(lmn_label)) SMGW_CHECK(keys.generate(lmn_label, lmn_curve(keys), crypto::key_purpose::lmn));
  crypto::self_signed_order order{.subject = {}, .dns_name = {}, .not_before = now, .not_after = now + life};
  order.subject.common_name = self.id.lower() + ".sm";
  SMGW_TRY(auto made, crypto::make_self_signed(keys, lmn_label, order));
  const auto text = crypto::to_pem(made);
  SMGW_CHECK(replace_file(file, as_bytes(text)));
  return std::vector{std::move(made)};
}

}  // namespace smgw::platform
