// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Security modes of the transport layer (EN 13757-7:2018, 7.7; detail specification 10.3).

#include "protocols/wmbus/receiver_steps.hpp"

#include <cstring>

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t filler = 0x2F;
constexpr std::uint8_t all_blocks = 15;   // mode 7: no part stays in clear, if what there is are whole blocks
constexpr std::size_t all_octets = 0xFF;  // mode 10: likewise
constexpr std::uint8_t derivation_a = 1;

bool checked(bytes_view plain) { return plain.size() >= 2 && plain[0] == filler && plain[1] == filler; }

// M, ID, version and type as on air, in the order of the link layer.
std::array<std::uint8_t, 8> address_of(const headers& head) {
  std::array<std::uint8_t, 8> a;
  if (head.tpl->kind == header_kind::long_header) {
    const auto from = head.tpl->address;
    a = {from[4], from[5], from[0], from[1], from[2], from[3], from[6], from[7]};
  } else {
    std::memcpy(a.data(), head.link.address.data(), a.size());
  }
  return a;
}

}  // namespace

// Modes 5 and 7 end in the same two check octets.
bool receiver::steps::take_blocks(std::size_t blocks, derived which, const block& iv) {
  if (blocks == 0) return true;
  if (blocks * 16 > in.size()) return stop(verdict::no_frame, "fewer blocks than announced");
  const bool clear = meter.policy.accept_decrypted && checked(in);
  if (!meter.key && !clear) return stop(verdict::no_key, "encrypted");
  if (!clear) {
    if (t.mode == 7) {
      meter.key->derive(which, *t.counter, t.meter.id);
    } else {
      meter.key->use_master();
    }
    meter.key->cbc_decrypt(writable().first(blocks * 16), iv);
    t.decrypted = true;
  }
  if (!checked(in)) return stop(verdict::implausible, "check octets");
  in = in.subspan(2);
  return true;
}

bool receiver::steps::mode5() {
  const auto address = address_of(t.head);
  block iv;
  std::memcpy(iv.data(), address.data(), address.size());
  std::memset(iv.data() + 8, t.head.tpl->access, 8);
  return take_blocks(t.head.tpl->blocks(), derived::encryption, iv);
}

bool receiver::steps::mode7() {
  if (t.head.tpl->derivation() != derivation_a) return stop(verdict::unsupported, "key derivation");
  const bool clear = meter.policy.accept_decrypted && checked(in);
  if (!clear && !meter.key) return stop(verdict::no_key, "encrypted");
  if (!clear && !t.authenticated) return stop(verdict::no_frame, "mode 7 without MAC");
  auto blocks = t.head.tpl->blocks();
  if (blocks == all_blocks && in.size() % 16 == 0) blocks = in.size() / 16;
  return take_blocks(blocks, derived::encryption, block{});
}

bool receiver::steps::mode10() {
  const auto& tpl = *t.head.tpl;
  if (tpl.derivation() != derivation_a) return stop(verdict::unsupported, "key derivation");
  if (tpl.tag_size() < shortest_tag) return stop(verdict::unsupported, "authentication tag of 4 octets");
  if (!meter.key) return stop(verdict::no_key, "encrypted");
  if (in.size() < tpl.tag_size()) return stop(verdict::no_frame, "no authentication tag");
  const auto size = in.size() - tpl.tag_size();
  const auto secret_size = tpl.octets() == all_octets ? size : tpl.octets();
  if (secret_size > size) return stop(verdict::no_frame, "fewer octets than announced");
  // Nonce and associated data: detail specification 10.3 (REQ.WMBUS.Unidirektional.71).
  std::array<std::uint8_t, 13> nonce{};
  const auto address = address_of(t.head);
  std::memcpy(nonce.data(), address.data(), address.size());
  for (std::size_t i = 0; i < 4; ++i) nonce[9 + i] = static_cast<std::uint8_t>(*tpl.counter >> (24 - 8 * i));
  const auto data = writable();
  const std::array<bytes_view, 2> associated{tpl.associated_data, data.subspan(secret_size, size - secret_size)};
  meter.key->derive(meter.policy.ccm_key, *tpl.counter, t.meter.id);
  if (!meter.key->ccm_open(data.first(secret_size), nonce, associated, data.subspan(size)))
    return stop(verdict::wrong_key, "authentication tag");
  t.authenticated = true;
  t.decrypted = true;
  in = in.first(size);
  return fresh();
}

bool receiver::steps::security() {
  if (t.head.tpl->kind == header_kind::none) return true;
  switch (t.mode) {
    case 0: return true;
    case 5: return mode5();
    case 7: return mode7();
    case 10: return mode10();
    case 13: return stop(verdict::unsupported, "security mode 13 (TLS)");
    default: return stop(verdict::unsupported, "security mode");
  }
}

}  // namespace smgw::wmbus
