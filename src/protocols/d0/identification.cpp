// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/identification.hpp"

#include <algorithm>

namespace smgw::d0 {
namespace {

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

std::optional<std::uint32_t> baud_of(char z) noexcept {
  if (z < '0' || z > '6') return std::nullopt;
  return std::uint32_t{300} << (z - '0');
}

std::optional<std::uint32_t> identification::baud_rate() const noexcept {
  if (baud >= 'A' && baud <= 'F') return std::uint32_t{600} << (baud - 'A');
  return baud_of(baud);
}

expected<identification> read_identification(std::string_view line) {
  if (line.size() < 5 || line[0] != '/') return fail(errc::malformed, "no identification line");
  if (line.size() > max_identification) return fail(errc::malformed, "identification line is too long");
  identification id{.manufacturer = line.substr(1, 3), .baud = line[4], .enhanced = 0, .text = line.substr(5)};
  if (!std::ranges::all_of(id.manufacturer, is_letter))
    return fail(errc::malformed, "manufacturer is not three letters");
  // Only `\2` is defined; other backslashes belong to texts that meters have sent since before the field existed.
  if (id.text.starts_with("\\2")) {
    id.enhanced = '2';
    id.text.remove_prefix(2);
  }
  return id;
}

}  // namespace smgw::d0
