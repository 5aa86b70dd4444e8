// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/layers.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <array>

namespace smgw::wmbus {

content_info describe(std::uint8_t ci) noexcept {
  using enum header_kind;
  if (ci <= 0x1F) return {content::dlms, none};
  if (ci >= 0xA0 && ci <= 0xB7) return {content::manufacturer, none};
  switch (ci) {
    case 0x51:
    case 0x50:
    case 0x54:
    case 0x5C: return {content::command, none};
    case 0x5A: return {content::command, short_header};
    case 0x53:
    case 0x55:
    case 0x5B:
    case 0x6C:
    case 0x6D:
    case 0x84:
    case 0x85: return {content::command, long_header};
    case 0x60:
    case 0x64:
    case 0x7C:
    case 0x7E: return {content::dlms, long_header};
    case 0x61:
    case 0x65:
    case 0x7D:
    case 0x7F: return {content::dlms, short_header};
    case 0x66: return {content::management, none};
    case 0x67: return {content::management, short_header};
    case 0x68: return {content::management, long_header};
    case 0x69: return {content::format, none};
    case 0x6A: return {content::format, short_header};
    case 0x6B: return {content::format, long_header};
    case 0x6E: return {content::application_error, short_header};
    case 0x6F: return {content::application_error, long_header};
    case 0x70: return {content::application_error, none};
    case 0x71: return {content::alarm, none};
    case 0x74: return {content::alarm, short_header};
    case 0x75: return {content::alarm, long_header};
    case 0x72: return {content::records, long_header};
    case 0x78: return {content::records, none};
    case 0x7A: return {content::records, short_header};
    case 0x73: return {content::compact, long_header};
    case 0x79: return {content::compact, none};
    case 0x7B: return {content::compact, short_header};
    case 0x80:
    case 0x8B: return {content::nothing, long_header};
    case 0x8A: return {content::nothing, short_header};
    case 0x81:
    case 0x83:
    case 0x89: return {content::management, none};
    case 0x88:
    case 0xC1:
    case 0xC4: return {content::management, short_header};
    case 0x82:
    case 0x87:
    case 0xC0:
    case 0xC2:
    case 0xC3:
    case 0xC5: return {content::management, long_header};
    case 0x86:
    case 0x8C:
    case 0x8D:
    case 0x8E:
    case 0x8F: return {content::extended_link, none};
    case 0x90: return {content::authentication, none};
    default: return {content::reserved, none};
  }
}

expected<ell_header> take_ell(bytes_view& in) {
  auto at = in;
  ell_header h;
  SMGW_TRY(h.ci, take_le<std::uint8_t>(at));
  // Form V (86) says itself which fields follow; the others are fixed.
  bool receiver = h.ci == 0x8E || h.ci == 0x8F;
  bool session = h.ci == 0x8D || h.ci == 0x8F;
  SMGW_TRY(h.communication_control, take_le<std::uint8_t>(at));
  if (h.ci == 0x86) return fail(errc::unsupported, "extended link layer of variable form");
  SMGW_TRY(h.access, take_le<std::uint8_t>(at));
  if (receiver) {
    SMGW_TRY(const auto address, take(at, 8));
    h.receiver = read_link_address(address);
  }
  if (session) {
    SMGW_TRY(h.session, take_le<std::uint32_t>(at));
    if (at.size() < 2) return fail(errc::truncated, "extended link layer ends too early");
    h.payload_crc = load_le<std::uint16_t>(at.data());  // stays in `at`: it is the first thing that is encrypted
  }
  in = at;
  return h;
}

std::size_t mac_size(std::uint8_t message_control) noexcept {
  constexpr std::array<std::uint8_t, 16> sizes{0, 0, 0, 2, 4, 8, 12, 16, 12};
  return sizes[message_control & 15U];
}

expected<afl_header> take_afl(bytes_view& in) {
  if (in.size() < 2) return fail(errc::truncated, "authentication layer ends too early");
  const std::size_t length = in[1];
  if (in.size() < length + 2) return fail(errc::truncated, "authentication layer ends too early");
  auto at = in.subspan(2, length);
  afl_header h;
  SMGW_TRY(h.fragmentation_control, take_le<std::uint16_t>(at));
  const auto present = [&](unsigned bit) { return ((unsigned{h.fragmentation_control} >> bit) & 1U) != 0; };
  if (present(13)) {
    SMGW_TRY(h.message_control, take_le<std::uint8_t>(at));
  }
  if (present(9)) {
    SMGW_TRY(h.key_information, take_le<std::uint16_t>(at));
  }
  if (present(11)) {
    SMGW_TRY(h.counter, take_le<std::uint32_t>(at));
  }
  if (present(10)) {
    // A fragment without MCL carries the MAC announced in the first one: it is all that may be left besides ML.
    const std::size_t size = h.message_control ? mac_size(*h.message_control)
                                               : at.size() - std::min<std::size_t>(at.size(), present(12) ? 2 : 0);
    if (size == 0 || size > 16) return fail(errc::malformed, "MAC of unknown length");
    SMGW_TRY(h.mac, take(at, size));
  }
  if (present(12)) {
    SMGW_TRY(h.message_length, take_le<std::uint16_t>(at));
  }
  if (!at.empty()) return fail(errc::malformed, "authentication layer of wrong length");
  in = in.subspan(length + 2);
  return h;
}

namespace {

// The configuration field and what it makes follow (EN 13757-7, 7.7).
expected<void> take_configuration(bytes_view& at, tpl_header& h) {
  SMGW_TRY(h.configuration, take_le<std::uint16_t>(at));
  if (h.mode() == 7) {
    SMGW_TRY(h.extension, take_le<std::uint8_t>(at));
  } else if (h.mode() == 10) {
    SMGW_TRY(h.extension, take_le<std::uint16_t>(at));
  }
  if ((h.mode() == 7 || h.mode() == 10) && (h.extension & 0x40U) != 0) {
    SMGW_TRY(h.key_version, take_le<std::uint8_t>(at));
  }
  return {};
}

}  // namespace

expected<tpl_header> take_tpl(bytes_view& in, std::span<std::uint8_t, 16> scratch) {
  auto at = in;
  tpl_header h;
  SMGW_TRY(h.ci, take_le<std::uint8_t>(at));
  h.kind = describe(h.ci).header;
  if (h.kind == header_kind::long_header) {
    SMGW_TRY(h.address, take(at, 8));
    h.meter = read_transport_address(h.address);
  }
  if (h.kind != header_kind::none) {
    const auto start = at;
    SMGW_TRY(h.access, take_le<std::uint8_t>(at));
    SMGW_TRY(h.status, take_le<std::uint8_t>(at));
    SMGW_CHECK(take_configuration(at, h));
    if (h.mode() == 10) {
      const auto fixed = start.first(start.size() - at.size());
      scratch[0] = h.ci;
      std::copy(fixed.begin(), fixed.end(), scratch.begin() + 1);
      h.associated_data = scratch.first(fixed.size() + 1);
      SMGW_TRY(h.counter, take_le<std::uint32_t>(at));
    }
  }
  in = at;
  return h;
}

}  // namespace smgw::wmbus
