// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/wakeup/packet.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::wakeup {
namespace {

constexpr std::uint8_t version = 0x01, plain_format = 0x01, padding = 0x0B;
constexpr std::size_t padding_octets = 12;
/// The first octet of a server id; the packet leaves it out.
constexpr std::uint8_t server_id_kind = 0x0A;
constexpr std::size_t recipient_octets = 9;

/// 0.4.0.127.0.7.1.1.4.1.n, content octets.
constexpr std::array<std::uint8_t, 10> oid_of(scheme s) {
  return {0x04, 0x00, 0x7F, 0x00, 0x07,
          0x01, 0x01, 0x04, 0x01, static_cast<std::uint8_t>(3 + static_cast<std::uint8_t>(s))};
}

expected<device_id> recipient_of(bytes_view nine) {
  bytes id{server_id_kind};
  put(id, nine);
  auto recipient = device_id::from_server_id(id);
  // Only the one spelling: capitals, medium 1 to 15.
  if (!recipient || nine[0] == 0 || !std::ranges::equal(recipient->server_id(), id))
    return fail(errc::malformed, "recipient");
  return recipient;
}

expected<timestamp> time_of(const std::uint8_t* at, time_order order) {
  const auto seconds = static_cast<std::int64_t>(
      order == time_order::least_significant_first ? load_le<std::uint64_t>(at) : load_be<std::uint64_t>(at));
  // Years beyond 9999 are no time; the bound also keeps the milliseconds in range.
  constexpr std::int64_t latest = 253'402'300'799;
  if (seconds < 0 || seconds > latest) return fail(errc::malformed, "timestamp");
  return timestamp{std::chrono::seconds{seconds}};
}

}  // namespace

expected<packet> parse(bytes_view datagram, std::size_t half, time_order order) {
  if (datagram.size() < signed_octets + 2 || datagram.size() > max_packet) return fail(errc::malformed, "length");
  if (datagram[0] != 'W' || datagram[1] != 'U') return fail(errc::malformed, "header");
  if (datagram[2] != version) return fail(errc::unsupported, "version");
  packet p;
  p.covered = datagram.first(signed_octets);
  if (std::ranges::any_of(p.covered.last(padding_octets), [](auto octet) { return octet != padding; }))
    return fail(errc::malformed, "padding");
  const auto trailer = datagram.subspan(signed_octets);
  if (trailer[0] != plain_format) return fail(errc::malformed, "signature format");
  const std::size_t oid = trailer[1];
  if (oid == 0 || oid > max_oid || trailer.size() != 2 + oid + 2 * half) return fail(errc::malformed, "length");
  p.oid = trailer.subspan(2, oid);
  p.signature = trailer.subspan(2 + oid);
  SMGW_TRY(p.recipient, recipient_of(datagram.subspan(3, recipient_octets)));
  SMGW_TRY(p.time, time_of(datagram.data() + 12, order));
  return p;
}

bool may_be_for(bytes_view datagram, const device_id& own, std::size_t half) noexcept {
  if (datagram.size() < signed_octets + 2 || datagram.size() > max_packet) return false;
  if (datagram[0] != 'W' || datagram[1] != 'U' || datagram[2] != version) return false;
  const std::size_t oid = datagram[signed_octets + 1];
  if (oid == 0 || oid > max_oid || datagram.size() != signed_octets + 2 + oid + 2 * half) return false;
  const auto id = own.server_id();
  return std::ranges::equal(datagram.subspan(3, recipient_octets), bytes_view{id}.subspan(1));
}

std::array<std::uint8_t, signed_octets> covered_octets(const device_id& recipient, timestamp time, time_order order) {
  bytes out{'W', 'U', version};
  const auto id = recipient.server_id();
  put(out, bytes_view{id}.subspan(1));
  const auto seconds =
      static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
  if (order == time_order::least_significant_first)
    put_le(out, seconds);
  else
    put_be(out, seconds);
  out.insert(out.end(), padding_octets, padding);
  std::array<std::uint8_t, signed_octets> covered{};
  std::ranges::copy(out, covered.begin());
  return covered;
}

bytes encode(bytes_view covered, scheme s, bytes_view signature) {
  bytes out(covered.begin(), covered.end());
  const auto oid = oid_of(s);
  out.push_back(plain_format);
  out.push_back(static_cast<std::uint8_t>(oid.size()));
  put(out, oid);
  put(out, signature);
  return out;
}

expected<scheme> to_scheme(bytes_view oid) {
  for (const auto s : {scheme::ecdsa_plain_sha256, scheme::ecdsa_plain_sha384, scheme::ecdsa_plain_sha512})
    if (std::ranges::equal(oid, oid_of(s))) return s;
  return fail(errc::unsupported, "signature algorithm");
}

}  // namespace smgw::wakeup
