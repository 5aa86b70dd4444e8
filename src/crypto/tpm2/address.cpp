// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "crypto/tpm2/key_store.hpp"

#include <charconv>

namespace smgw::crypto::tpm2 {
namespace {

constexpr std::string_view scheme = "tpm2:";
constexpr std::uint8_t last_pcr = 23;

expected<std::vector<std::uint8_t>> parse_pcrs(std::string_view text) {
  std::vector<std::uint8_t> pcrs;
  while (!text.empty()) {
    const auto one = text.substr(0, text.find('+'));
    std::uint8_t number = 0;
    const auto done = std::from_chars(one.data(), one.data() + one.size(), number);
    if (done.ec != std::errc{} || done.ptr != one.data() + one.size() || number > last_pcr)
      return fail(errc::malformed, "tpm2 address: pcrs=" + std::string(text) + ": write numbers 0 to 23, joined by +");
    pcrs.push_back(number);
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return pcrs;
}

}  // namespace

expected<address> parse_address(std::string_view line) {
  if (!line.starts_with(scheme)) return fail(errc::malformed, "a tpm2 address begins with tpm2:");
  auto rest = line.substr(scheme.size());
  address a;
  while (!rest.empty()) {
    const auto equals = rest.find('=');
    const auto name = rest.substr(0, equals);
    const auto is_last = name == "tcti";
    const auto end = is_last ? rest.size() : std::min(rest.find(';'), rest.size());
    if (equals == rest.npos || equals + 1 >= end)
      return fail(errc::malformed, "tpm2 address: '" + std::string(name) + "' is not NAME=VALUE");
    const auto value = rest.substr(equals + 1, end - equals - 1);
    if (is_last)
      a.tcti = value;
    else if (name == "file")
      a.file = value;
    else if (name == "pcrs") {
      SMGW_TRY(a.pcrs, parse_pcrs(value));
    } else {
      return fail(errc::malformed,
                  "tpm2 address: '" + std::string(name) + "' is not used here; there are pcrs, file, tcti");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return a;
}

}  // namespace smgw::crypto::tpm2
