// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "guarded_keys.hpp"

namespace acme {

expected<key_info> guarded_keys::generate(std::string_view label, curve on, key_purpose purpose) {
  if (lid_open_) return locked();
  return inner_->generate(label, on, purpose);
}

expected<bytes> guarded_keys::sign_digest(std::string_view label, bytes_view digest) {
  if (lid_open_) return locked();
  ++signatures_;
  return inner_->sign_digest(label, digest);
}

expected<secret> guarded_keys::agree(std::string_view label, bytes_view peer_point) {
  if (lid_open_) return locked();
  return inner_->agree(label, peer_point);
}

expected<std::unique_ptr<ephemeral_key>> guarded_keys::generate_ephemeral(curve on) {
  if (lid_open_) return locked();
  return inner_->generate_ephemeral(on);
}

expected<secret> guarded_keys::unseal(bytes_view sealed) {
  if (lid_open_) return locked();
  return inner_->unseal(sealed);
}

}  // namespace acme
