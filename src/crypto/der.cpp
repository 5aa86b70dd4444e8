// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/der.hpp"

#include "base/check.hpp"

namespace smgw::crypto::detail::der {

expected<element> next(bytes_view& in) {
  bytes_view rest = in;
  SMGW_TRY(const auto tag, take_be<std::uint8_t>(rest));
  if ((tag & 0x1f) == 0x1f) return fail(errc::malformed, "DER: long tag");
  SMGW_TRY(const auto first, take_be<std::uint8_t>(rest));
  std::size_t length = first;
  if (first >= 0x80) {
    // Definite and minimal; three octets of length are more than any object here may have.
    const std::size_t count = first & 0x7f;
    if (count == 0 || count > 3) return fail(errc::malformed, "DER: length");
    SMGW_TRY(const auto octets, take(rest, count));
    length = 0;
    for (const auto o : octets) length = (length << 8) | o;
    if (octets[0] == 0 || length < 0x80) return fail(errc::malformed, "DER: length not minimal");
  }
  SMGW_TRY(const auto content, take(rest, length));
  const element out{.tag = tag, .content = content, .whole = in.first(in.size() - rest.size())};
  in = rest;
  return out;
}

expected<bytes_view> next(bytes_view& in, std::uint8_t wanted) {
  if (!in.empty() && in[0] != wanted) return fail(errc::malformed, "DER: another type than expected");
  SMGW_TRY(const auto e, next(in));
  return e.content;
}

expected<void> at_end(bytes_view in) {
  if (!in.empty()) return fail(errc::malformed, "DER: more than expected");
  return {};
}

expected<bytes_view> next_unsigned(bytes_view& in) {
  SMGW_TRY(auto value, next(in, integer));
  if (value.empty() || (value[0] & 0x80) != 0) return fail(errc::malformed, "DER: not a non-negative integer");
  if (value.size() > 1 && value[0] == 0) {
    if ((value[1] & 0x80) == 0) return fail(errc::malformed, "DER: integer not minimal");
    value = value.subspan(1);
  }
  return value;
}

bytes make(std::uint8_t tag, std::initializer_list<bytes_view> parts) {
  std::size_t length = 0;
  for (const auto p : parts) length += p.size();
  SMGW_ASSERT(length <= 0xff'ffff);
  bytes out{tag};
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    const std::size_t count = length <= 0xff ? 1 : length <= 0xffff ? 2 : 3;
    out.push_back(static_cast<std::uint8_t>(0x80 | count));
    for (std::size_t i = count; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  }
  for (const auto p : parts) put(out, p);
  return out;
}

bytes make_unsigned(bytes_view magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  const bytes zero{0};
  const bool pad = magnitude.empty() || (magnitude[0] & 0x80) != 0;
  return make(integer, {pad ? bytes_view{zero} : bytes_view{}, magnitude});
}

bytes make_bit_string(bytes_view octets) {
  const bytes unused{0};
  return make(bit_string, {unused, octets});
}

bytes make_text(std::uint8_t tag, std::string_view text) { return make(tag, {as_bytes(text)}); }

}  // namespace smgw::crypto::detail::der
