// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/commands.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/card/tlv.hpp"
#include "crypto/detail/oid.hpp"

#include <algorithm>

namespace smgw::crypto::card {
namespace {

constexpr std::uint16_t signature_template = 0xB6;
constexpr std::uint16_t agreement_template = 0xA6;
constexpr std::uint16_t key_reference = 0x84;
constexpr std::uint16_t usage_qualifier = 0x95;
constexpr std::uint16_t public_key = 0x7F49;
constexpr std::uint16_t public_point = 0x86;
constexpr std::uint16_t object_identifier = 0x06;
constexpr std::size_t max_serial = 32;

bytes reference(std::uint8_t slot) { return tlv(key_reference, {bytes_view{&slot, 1}}); }

bytes_view one(const std::uint8_t& octet) { return {&octet, 1}; }

}  // namespace

command select_application() {
  return {.cla = 0, .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = {application.begin(), application.end()}};
}

command select_file(std::uint16_t file) {
  bytes id;
  put_be(id, file);
  return {.cla = 0, .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = std::move(id)};
}

command read_binary(std::uint16_t offset, std::size_t length) {
  return {.cla = 0,
          .ins = 0xB0,
          .p1 = static_cast<std::uint8_t>(offset >> 8),
          .p2 = static_cast<std::uint8_t>(offset),
          .data = {},
          .expects = length};
}

command update_binary(std::uint16_t offset, bytes_view content) {
  return {.cla = 0,
          .ins = 0xD6,
          .p1 = static_cast<std::uint8_t>(offset >> 8),
          .p2 = static_cast<std::uint8_t>(offset),
          .data = {content.begin(), content.end()}};
}

command get_challenge(std::uint8_t octets) {
  return {.cla = 0, .ins = 0x84, .p1 = 0, .p2 = 0, .data = {}, .expects = octets};
}

command generate_key(std::uint8_t slot, curve on, std::uint8_t usage) {
  const auto parameters = tlv(object_identifier, {curve_oid(on)});
  return {.cla = 0,
          .ins = 0x47,
          .p1 = 0x82,
          .p2 = 0,
          .data = tlv(signature_template, {reference(slot), parameters, tlv(usage_qualifier, {one(usage)})}),
          .expects = short_answer};
}

command delete_key(std::uint8_t slot) { return {.cla = 0, .ins = 0xE4, .p1 = 0, .p2 = 0, .data = reference(slot)}; }

command choose_signing_key(std::uint8_t slot) {
  return {.cla = 0, .ins = 0x22, .p1 = 0x41, .p2 = signature_template, .data = reference(slot)};
}

command compute_signature(bytes_view digest) {
  return {
      .cla = 0, .ins = 0x2A, .p1 = 0x9E, .p2 = 0x9A, .data = {digest.begin(), digest.end()}, .expects = short_answer};
}

command choose_agreement_key(std::uint8_t slot) {
  return {.cla = 0, .ins = 0x22, .p1 = 0x41, .p2 = agreement_template, .data = reference(slot)};
}

command agree(bytes_view peer_point) {
  return {
      .cla = 0, .ins = 0x86, .p1 = 0, .p2 = 0, .data = tlv(0x7C, {tlv(0x85, {peer_point})}), .expects = short_answer};
}

expected<bytes> public_point_of(const response& answer, curve on) {
  SMGW_TRY(const auto key, find_object(answer.data, public_key));
  SMGW_TRY(const auto point, find_object(key, public_point));
  if (point.size() != point_size(on)) return fail(errc::internal, "card: a public key of another curve");
  return bytes(point.begin(), point.end());
}

expected<bytes> shared_of(const response& answer, curve on) {
  SMGW_TRY(const auto data, find_object(answer.data, 0x7C));
  SMGW_TRY(const auto shared, find_object(data, 0x86));
  if (shared.size() != field_size(on)) return fail(errc::internal, "card: a shared secret of another length");
  return bytes(shared.begin(), shared.end());
}

bytes encode(const module_information& m) {
  bytes out = tlv(0x80, {as_bytes(m.serial)});
  bytes speed;
  put_be(speed, m.milliseconds);
  put(out, tlv(0x81, {speed}));
  bytes curves;
  for (const auto on : m.curves) put(curves, tlv(object_identifier, {curve_oid(on)}));
  put(out, tlv(0xA2, {curves}));
  return out;
}

expected<module_information> decode_information(bytes_view content) {
  module_information m;
  SMGW_TRY(const auto serial, find_object(content, 0x80));
  if (serial.empty() || serial.size() > max_serial) return fail(errc::malformed, "card: serial number");
  if (!from_hex(as_text(serial))) return fail(errc::malformed, "card: serial number: not hex digits");
  m.serial = as_text(serial);
  SMGW_TRY(const auto speed, find_object(content, 0x81));
  if (speed.size() != 2) return fail(errc::malformed, "card: speed");
  m.milliseconds = load_be<std::uint16_t>(speed.data());
  SMGW_TRY(auto curves, find_object(content, 0xA2));
  while (!curves.empty()) {
    SMGW_TRY(const auto object, next_object(curves));
    const auto on = curve_of_oid(object.value);  // a newer card may have more than we know
    if (on && std::ranges::find(m.curves, *on) == m.curves.end()) m.curves.push_back(*on);
  }
  if (m.curves.empty()) return fail(errc::unsupported, "card: it has no curve of TR-03116-3");
  return m;
}

bytes curve_oid(curve on) {
  const auto oid = detail::oid::of(on);
  return {oid.begin(), oid.end()};
}

expected<curve> curve_of_oid(bytes_view oid) {
  for (const auto on : all_curves)
    if (std::ranges::equal(detail::oid::of(on), oid)) return on;
  return fail(errc::unsupported, "card: a curve that is not ours");
}

}  // namespace smgw::crypto::card
