// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/privacy/pseudonym.hpp"

#include "base/octets.hpp"
#include "domain/calendar/periods.hpp"

#include <algorithm>

namespace smgw::privacy {

std::string base32(bytes_view data) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const auto octet : data) {
    bits = (bits << 8U) | octet;
    count += 8;
    for (; count >= 5; count -= 5) out += letters[(bits >> (count - 5)) & 31U];
  }
  if (count > 0) out += letters[(bits << (5 - count)) & 31U];
  return out;
}

std::string pseudonym(const audience& for_whom, std::string_view subject, const mac_function& mac) {
  bytes input;
  const auto field = [&](std::string_view text) {
    put(input, text);
    input.push_back(0);
  };
  field(for_whom.usage_point);
  field(for_whom.recipient);
  put_be(input, static_cast<std::uint64_t>(for_whom.epoch.time_since_epoch().count()));
  input.push_back(0);
  put(input, subject);
  return base32(mac(input)).substr(0, pseudonym_length) + std::string(pseudonym_suffix);
}

timestamp epoch_of(const profile::evaluation& e, timestamp at, const calendar::legal_time& zone) {
  const calendar::periods periods{e.billing, e.valid_from, zone};
  return std::max(e.valid_from, periods.current(at));
}

void strip(std::vector<tariff::result>& results) {
  for (auto& r : results) {
    r.note.clear();
    for (auto& entry : r.entries) entry.signature.clear();
  }
}

}  // namespace smgw::privacy
