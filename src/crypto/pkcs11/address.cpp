// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/pkcs11/key_store.hpp"

#include <charconv>

namespace smgw::crypto::pkcs11 {
namespace {

constexpr std::string_view scheme = "pkcs11:";
constexpr std::size_t max_uri = 2048;

expected<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    unsigned value = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || done.ptr != digits.data() + 2 || value == 0)
      return fail(errc::malformed, "pkcs11 address: '%' is followed by two hex digits");
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return out;
}

expected<void> take(address& a, std::string_view attribute) {
  const auto equals = attribute.find('=');
  if (equals == attribute.npos)
    return fail(errc::malformed, "pkcs11 address: '" + std::string(attribute) + "' is not NAME=VALUE");
  const auto name = attribute.substr(0, equals);
  SMGW_TRY(const auto value, decode(attribute.substr(equals + 1)));
  if (value.empty()) return fail(errc::malformed, "pkcs11 address: " + std::string(name) + " is empty");
  if (name == "token")
    a.token = value;
  else if (name == "serial")
    a.serial = value;
  else if (name == "module-path")
    a.module_path = value;
  else if (name == "pin-source")
    a.pin_source = value.starts_with("file:") ? value.substr(5) : value;
  else if (name == "pin-value")
    return fail(errc::malformed, "pkcs11 address: no PIN in a profile; use pin-source=FILE");
  else
    return fail(errc::malformed, "pkcs11 address: '" + std::string(name) +
                                     "' is not used here; there are token, serial, module-path, pin-source");
  return {};
}

}  // namespace

expected<address> parse_address(std::string_view uri) {
  if (!uri.starts_with(scheme) || uri.size() > max_uri)
    return fail(errc::malformed, "a pkcs11 address begins with pkcs11: and has at most 2048 characters");
  auto rest = uri.substr(scheme.size());
  address a;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(";?&"), rest.size());
    SMGW_CHECK(take(a, rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (a.module_path.empty()) return fail(errc::malformed, "pkcs11 address: module-path=FILE is missing");
  if (a.token.empty() && a.serial.empty())
    return fail(errc::malformed, "pkcs11 address: token=LABEL (or serial=NUMBER) is missing");
  if (a.pin_source.empty()) return fail(errc::malformed, "pkcs11 address: pin-source=FILE is missing");
  return a;
}

}  // namespace smgw::crypto::pkcs11
