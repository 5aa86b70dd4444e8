// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/tlv.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <format>

namespace smgw::crypto::card {

bytes tlv(std::uint16_t tag, std::initializer_list<bytes_view> parts) {
  std::size_t length = 0;
  for (const auto part : parts) length += part.size();
  SMGW_ASSERT(length <= 65535);
  bytes out;
  if (tag > 0xFF) out.push_back(static_cast<std::uint8_t>(tag >> 8));
  out.push_back(static_cast<std::uint8_t>(tag));
  if (length > 255) {
    out.push_back(0x82);
    put_be(out, static_cast<std::uint16_t>(length));
  } else {
    if (length > 127) out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(length));
  }
  for (const auto part : parts) put(out, part);
  return out;
}

expected<data_object> next_object(bytes_view& in) {
  auto rest = in;
  SMGW_TRY(const auto first, take_be<std::uint8_t>(rest));
  std::uint16_t tag = first;
  if ((first & 0x1F) == 0x1F) {
    SMGW_TRY(const auto second, take_be<std::uint8_t>(rest));
    if ((second & 0x80) != 0) return fail(errc::malformed, "TLV: a tag of three octets");
    tag = static_cast<std::uint16_t>((tag << 8) | second);
  }
  SMGW_TRY(const auto form, take_be<std::uint8_t>(rest));
  std::size_t length = form;
  if (form == 0x81) {
    SMGW_TRY(length, take_be<std::uint8_t>(rest));
  } else if (form == 0x82) {
    SMGW_TRY(length, take_be<std::uint16_t>(rest));
  } else if (form > 0x7F) {
    return fail(errc::malformed, "TLV: length");
  }
  SMGW_TRY(const auto value, take(rest, length));
  const data_object found{tag, value, in.first(in.size() - rest.size())};
  in = rest;
  return found;
}

expected<bytes_view> find_object(bytes_view in, std::uint16_t tag) {
  while (!in.empty()) {
    SMGW_TRY(const auto object, next_object(in));
    if (object.tag == tag) return object.value;
  }
  return fail(errc::malformed, std::format("TLV: {:X} is missing", tag));
}

}  // namespace smgw::crypto::card
