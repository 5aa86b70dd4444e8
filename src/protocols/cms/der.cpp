// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/der.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::cms::der {
namespace {

constexpr auto refused = "not DER";

/// Length octets after the tag. Four octets of length are more than max_message needs.
expected<std::size_t> take_length(bytes_view& in) {
  if (in.empty()) return fail(errc::malformed, refused);
  const auto first = in.front();
  in = in.subspan(1);
  if (first < 0x80) return first;
  const std::size_t count = first & 0x7Fu;
  if (count == 0 || count > 4 || in.size() < count || in.front() == 0) return fail(errc::malformed, refused);
  std::size_t length = 0;
  for (const auto octet : in.first(count)) length = (length << 8) | octet;
  if (length < 0x80) return fail(errc::malformed, refused);
  in = in.subspan(count);
  return length;
}

bytes_view without_leading_zeros(bytes_view in) {
  while (in.size() > 1 && in.front() == 0) in = in.subspan(1);
  return in;
}

/// Appends a positive INTEGER as `half` octets.
expected<void> put_padded(bytes& out, bytes_view content, std::size_t half) {
  if (content.empty() || (content[0] & 0x80) != 0) return fail(errc::malformed, refused);
  if (content.size() > 1 && content[0] == 0) {
    if ((content[1] & 0x80) == 0) return fail(errc::malformed, refused);
    content = content.subspan(1);
  }
  if (content.size() > half) return fail(errc::malformed, "signature value too long");
  out.insert(out.end(), half - content.size(), 0);
  put(out, content);
  return {};
}

}  // namespace

expected<std::optional<header>> peek_header(bytes_view in) {
  if (in.empty()) return std::nullopt;
  if ((in[0] & 0x1F) == 0x1F) return fail(errc::malformed, refused);
  if (in.size() < 2) return std::nullopt;
  const std::size_t more = in[1] < 0x80 ? 0 : in[1] & 0x7Fu;
  if (more <= 4 && in.size() < 2 + more) return std::nullopt;
  auto rest = in.subspan(1);
  SMGW_TRY(const auto length, take_length(rest));
  return header{in[0], in.size() - rest.size(), length};
}

expected<element> reader::next() {
  if (rest_.empty()) return fail(errc::malformed, "element missing");
  auto in = rest_;
  element e;
  e.tag = in.front();
  if ((e.tag & 0x1F) == 0x1F) return fail(errc::malformed, refused);
  in = in.subspan(1);
  SMGW_TRY(const auto length, take_length(in));
  if (in.size() < length) return fail(errc::malformed, "element cut off");
  e.content = in.first(length);
  const auto size = rest_.size() - in.size() + length;
  e.whole = rest_.first(size);
  rest_ = rest_.subspan(size);
  return e;
}

expected<bytes_view> reader::next(std::uint8_t wanted) {
  if (!at(wanted)) return fail(errc::malformed, "another element expected");
  SMGW_TRY(const auto e, next());
  return e.content;
}

expected<std::optional<bytes_view>> reader::next_if(std::uint8_t wanted) {
  if (!at(wanted)) return std::optional<bytes_view>{};
  SMGW_TRY(const auto e, next());
  return std::optional{e.content};
}

expected<void> reader::finish() const {
  if (!rest_.empty()) return fail(errc::malformed, "element not allowed here");
  return {};
}

expected<std::uint32_t> reader::next_small() {
  SMGW_TRY(const auto content, next(integer));
  if (content.empty() || content.size() > 4 || (content[0] & 0x80) != 0) return fail(errc::malformed, refused);
  if (content.size() > 1 && content[0] == 0 && (content[1] & 0x80) == 0) return fail(errc::malformed, refused);
  std::uint32_t value = 0;
  for (const auto octet : content) value = (value << 8) | octet;
  return value;
}

expected<bytes_view> only(bytes_view in, std::uint8_t wanted) {
  reader r{in};
  SMGW_TRY(const auto content, r.next(wanted));
  SMGW_CHECK(r.finish());
  return content;
}

std::size_t header_size(std::size_t content_size) noexcept {
  std::size_t size = 2;
  if (content_size >= 0x80)
    for (auto rest = content_size; rest != 0; rest >>= 8) ++size;
  return size;
}

void put_header(bytes& out, std::uint8_t tag, std::size_t content_size) {
  out.push_back(tag);
  if (content_size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content_size));
    return;
  }
  const auto octets = header_size(content_size) - 2;
  out.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (std::size_t i = octets; i-- > 0;) out.push_back(static_cast<std::uint8_t>(content_size >> (8 * i)));
}

void put_element(bytes& out, std::uint8_t tag, bytes_view content) {
  put_header(out, tag, content.size());
  put(out, content);
}

bytes make(std::uint8_t tag, bytes_view content) { return make(tag, {content}); }

bytes make(std::uint8_t tag, std::initializer_list<bytes_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  bytes out;
  out.reserve(header_size(size) + size);
  put_header(out, tag, size);
  for (const auto part : parts) put(out, part);
  return out;
}

bytes signature_from_plain(bytes_view plain) {
  bytes content;
  for (const auto half : {plain.first(plain.size() / 2), plain.subspan(plain.size() / 2)}) {
    const auto value = without_leading_zeros(half);
    const bool sign = !value.empty() && (value[0] & 0x80) != 0;
    put_header(content, integer, value.size() + (sign ? 1 : 0));
    if (sign) content.push_back(0);
    put(content, value);
  }
  return make(sequence, content);
}

expected<bytes> signature_to_plain(bytes_view der, std::size_t half) {
  SMGW_TRY(const auto content, only(der, sequence));
  reader r{content};
  bytes plain;
  plain.reserve(2 * half);
  for (int i = 0; i < 2; ++i) {
    SMGW_TRY(const auto value, r.next(integer));
    SMGW_CHECK(put_padded(plain, value, half));
  }
  SMGW_CHECK(r.finish());
  return plain;
}

}  // namespace smgw::cms::der
