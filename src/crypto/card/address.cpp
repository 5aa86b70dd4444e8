// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/card/key_store.hpp"

#include <algorithm>

namespace smgw::crypto::card {

expected<address> parse_address(std::string_view line) {
  constexpr std::string_view scheme = "smartcard:";
  if (!line.starts_with(scheme)) return fail(errc::malformed, "a smartcard address begins with smartcard:");
  auto rest = line.substr(scheme.size());
  address a;
  while (!rest.empty()) {
    const auto equals = rest.find('=');
    const auto name = rest.substr(0, equals);
    const auto end = name == "reader" ? rest.size() : std::min(rest.find(';'), rest.size());
    if (equals == rest.npos || equals + 1 >= end)
      return fail(errc::malformed, "smartcard address: '" + std::string(name) + "' is not NAME=VALUE");
    const auto value = rest.substr(equals + 1, end - equals - 1);
    if (name == "reader")
      a.reader = value;
    else if (name == "serial")
      a.serial = value;
    else if (name == "pin-source")
      a.pin_source = value;
    else if (name == "pin")
      return fail(errc::malformed, "smartcard address: no PIN in a profile; use pin-source=FILE");
    else
      return fail(errc::malformed, "smartcard address: '" + std::string(name) +
                                       "' is not used here; there are serial, pin-source, reader");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (a.pin_source.empty()) return fail(errc::malformed, "smartcard address: pin-source=FILE is missing");
  return a;
}

}  // namespace smgw::crypto::card
