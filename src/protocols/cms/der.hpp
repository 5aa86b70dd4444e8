// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Strict DER (X.690), as much of it as CMS needs: single-octet tags, definite and minimal lengths. Views into the
/// input.

#include <smgw/types.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>

namespace smgw::cms::der {

enum tag : std::uint8_t {
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  sequence = 0x30,
  set = 0x31,
};
/// [n] IMPLICIT of a primitive type.
[[nodiscard]] constexpr std::uint8_t context(unsigned n) noexcept { return static_cast<std::uint8_t>(0x80 + n); }
/// [n] EXPLICIT, or IMPLICIT of a constructed type.
[[nodiscard]] constexpr std::uint8_t constructed(unsigned n) noexcept { return static_cast<std::uint8_t>(0xA0 + n); }

struct element {
  std::uint8_t tag = 0;
  bytes_view content;
  bytes_view whole;  ///< with tag and length
};

/// Walks over the elements of one level. Errors are malformed and leave the reader where it was.
class reader {
 public:
  explicit reader(bytes_view in) : rest_(in) {}
  [[nodiscard]] expected<element> next();
  /// The content of the next element, which has to have this tag.
  [[nodiscard]] expected<bytes_view> next(std::uint8_t wanted);
  /// The content of the next element if it has this tag; nothing if it has another or the level is over.
  [[nodiscard]] expected<std::optional<bytes_view>> next_if(std::uint8_t wanted);
  [[nodiscard]] bool at(std::uint8_t wanted) const noexcept { return !rest_.empty() && rest_.front() == wanted; }
  [[nodiscard]] bytes_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
  /// malformed unless the level is over.
  [[nodiscard]] expected<void> finish() const;
  /// A non-negative INTEGER below 2^31, minimal.
  [[nodiscard]] expected<std::uint32_t> next_small();

 private:
  bytes_view rest_;
};

/// The content of the only element of `in`, which has to have this tag.
[[nodiscard]] expected<bytes_view> only(bytes_view in, std::uint8_t wanted);

/// A tag and a length, of which the content may not be there yet.
struct header {
  std::uint8_t tag = 0;
  std::size_t size = 0;    ///< octets of tag and length
  std::size_t length = 0;  ///< octets of the content
};
/// The header `in` begins with; nothing if it is cut off; malformed if no octets behind it could make it DER.
[[nodiscard]] expected<std::optional<header>> peek_header(bytes_view in);

/// Octets of a tag and a length.
[[nodiscard]] std::size_t header_size(std::size_t content_size) noexcept;
void put_header(bytes& out, std::uint8_t tag, std::size_t content_size);
void put_element(bytes& out, std::uint8_t tag, bytes_view content);
[[nodiscard]] bytes make(std::uint8_t tag, bytes_view content);
/// One element around the concatenation of the parts.
[[nodiscard]] bytes make(std::uint8_t tag, std::initializer_list<bytes_view> parts);

/// `SEQUENCE { r INTEGER, s INTEGER }` from r‖s (TR-03111 5.2.2).
[[nodiscard]] bytes signature_from_plain(bytes_view plain);
/// The inverse, with r and s of `half` octets each; malformed.
[[nodiscard]] expected<bytes> signature_to_plain(bytes_view der, std::size_t half);

}  // namespace smgw::cms::der
