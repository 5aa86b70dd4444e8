// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/key_store.hpp"

#include <algorithm>

namespace smgw::ports {

std::string_view to_string(key_purpose p) noexcept {
  switch (p) {
    case key_purpose::tls: return "tls";
    case key_purpose::signature: return "signature";
    case key_purpose::encryption: return "encryption";
    case key_purpose::lmn: return "lmn";
    case key_purpose::ephemeral: return "ephemeral";
  }
  return {};
}

expected<std::uint64_t> key_store::counter() { return fail(errc::unsupported, "this key store has no counter"); }

expected<std::uint64_t> key_store::advance_counter() {
  return fail(errc::unsupported, "this key store has no counter");
}

expected<void> check_label(std::string_view label) {
  if (label.empty() || label.size() > max_label_length) return fail(errc::malformed, "key label: length");
  if (!std::ranges::all_of(label, [](char c) { return c > ' ' && c < 0x7f; }))
    return fail(errc::malformed, "key label: printable ASCII without blanks");
  return {};
}

}  // namespace smgw::ports
