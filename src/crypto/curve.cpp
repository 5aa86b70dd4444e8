// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/curve.hpp"

namespace smgw::ports {

std::string_view to_string(curve c) noexcept {
  switch (c) {
    case curve::brainpool_p256r1: return "brainpoolP256r1";
    case curve::brainpool_p384r1: return "brainpoolP384r1";
    case curve::brainpool_p512r1: return "brainpoolP512r1";
    case curve::secp256r1: return "secp256r1";
    case curve::secp384r1: return "secp384r1";
  }
  return {};
}

}  // namespace smgw::ports

namespace smgw::crypto {

std::string_view to_string(hash h) noexcept {
  switch (h) {
    case hash::sha256: return "SHA-256";
    case hash::sha384: return "SHA-384";
    case hash::sha512: return "SHA-512";
  }
  return {};
}

expected<curve> parse_curve(std::string_view name) {
  if (name == "prime256v1") return curve::secp256r1;
  for (const auto c : all_curves)
    if (to_string(c) == name) return c;
  return fail(errc::malformed, "not a curve of TR-03116-3: " + std::string{name.substr(0, 32)});
}

}  // namespace smgw::crypto
