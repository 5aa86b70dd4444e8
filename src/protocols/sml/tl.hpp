// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SML binary encoding (DIN VDE 0418-63-9, 6): each element is a type-length field and its octets or elements.
/// The cursor keeps its first fault and gives zeros from then on, so that a decoder asks once, at the end.

#include "base/octets.hpp"

#include <smgw/types.hpp>

namespace smgw::sml {

/// Bits 6..4 of a type-length field.
enum class tl_type : std::uint8_t { octet_string = 0, boolean = 4, integer = 5, unsigned_integer = 6, list = 7 };

/// Octets of one type-length field that are read: lengths up to 2^16 - 1, as much as a file can hold.
inline constexpr unsigned max_tl_octets = 4;

struct element {
  tl_type type = tl_type::octet_string;
  std::uint32_t length = 0;  ///< octets of data, or elements of a list
};

class cursor {
 public:
  explicit cursor(bytes_view in) noexcept : p_(in.data()), end_(in.data() + in.size()) {}

  [[nodiscard]] bool ok() const noexcept { return what_ == nullptr; }
  [[nodiscard]] const std::uint8_t* position() const noexcept { return p_; }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - p_); }
  [[nodiscard]] std::unexpected<error> refusal() const { return fail(code_, what_); }

  /// Keeps the first fault and ends the input.
  void stop(errc code, const char* what) noexcept {
    if (ok()) {
      code_ = code;
      what_ = what;
    }
    p_ = end_;
  }

  /// Reads a type-length field. Data octets are there if it says so.
  element head() noexcept {
    if (p_ == end_) return cut();
    const std::uint8_t first = *p_++;
    if (first >= 0x80) [[unlikely]]
      return long_head(first);
    const auto type = static_cast<tl_type>(first >> 4);
    std::uint32_t length = first & 0x0FU;
    if (type == tl_type::list) return {type, length};
    if (length == 0) return bad("a length field that does not count itself");
    --length;
    if (length > left()) return cut();
    return {type, length};
  }

  /// Reads `01` if it is next: an optional element that is not there.
  bool absent() noexcept {
    const bool is = p_ != end_ && *p_ == 0x01;
    p_ += is ? 1 : 0;
    return is;
  }
  [[nodiscard]] bool next_is_list() const noexcept { return p_ != end_ && (*p_ & 0x70U) == 0x70U; }
  [[nodiscard]] tl_type next_type() const noexcept {
    return p_ == end_ ? tl_type::octet_string : static_cast<tl_type>((*p_ >> 4) & 7U);
  }

  // Each of the following has a short way for the one octet that its element starts with nearly always.

  /// An octet string; empty if it is optional and not there.
  bytes_view octets() noexcept {
    if (const auto size = short_head(tl_type::octet_string); size != 0) [[likely]] {
      const bytes_view view{p_ + 1, size - 1};
      p_ += size;
      return view;
    }
    const auto e = head();
    if (e.type != tl_type::octet_string) {
      bad("an octet string is expected");
      return {};
    }
    return data(e.length);
  }

  void list(std::uint32_t elements) noexcept {
    if (p_ != end_ && *p_ == (0x70U | elements)) [[likely]] {
      ++p_;
      return;
    }
    const auto e = head();
    if (e.type != tl_type::list || e.length != elements) bad("a list of another length is expected");
  }
  /// Reads a list's head; each element takes an octet at least.
  std::uint32_t list_up_to(std::size_t most) noexcept {
    const auto e = head();
    if (e.type != tl_type::list) {
      bad("a list is expected");
      return 0;
    }
    if (e.length > left()) {
      cut();
      return 0;
    }
    if (e.length > most) {
      stop(errc::exhausted, "a list is too long");
      return 0;
    }
    return e.length;
  }

  /// An unsigned integer of 1 to `most` octets; leading zero octets may be left out (6.2).
  std::uint64_t number(unsigned most) noexcept {
    if (const auto size = short_head(tl_type::unsigned_integer); size - 2U < most) [[likely]] {
      ++p_;
      return big_endian(static_cast<std::uint32_t>(size - 1));
    }
    const auto e = head();
    if (e.type != tl_type::unsigned_integer || e.length - 1U >= most) {
      bad("an unsigned integer is expected");
      return 0;
    }
    return big_endian(e.length);
  }
  std::int64_t signed_number(unsigned most) noexcept {
    if (const auto size = short_head(tl_type::integer); size - 2U < most) [[likely]] {
      ++p_;
      return sign_extended(big_endian(static_cast<std::uint32_t>(size - 1)), static_cast<std::uint32_t>(size - 1));
    }
    const auto e = head();
    if (e.type != tl_type::integer || e.length - 1U >= most) {
      bad("an integer is expected");
      return 0;
    }
    return sign_extended(big_endian(e.length), e.length);
  }
  bool boolean() noexcept {
    const auto e = head();
    if (e.type != tl_type::boolean || e.length != 1) {
      bad("a boolean is expected");
      return false;
    }
    return *p_++ != 0;
  }

  /// Takes `n` octets that `head` has found to be there.
  bytes_view data(std::uint32_t n) noexcept {
    const bytes_view view{p_, n};
    p_ += n;
    return view;
  }
  /// Takes an integer of `n` octets, 1..8, that `head` has found to be there; most significant octet first.
  std::uint64_t big_endian(std::uint32_t n) noexcept {
    std::uint64_t value = 0;
    if (left() >= 8) [[likely]] {
      value = load_be<std::uint64_t>(p_) >> (64U - 8U * n);
    } else {
      for (std::uint32_t i = 0; i < n; ++i) value = (value << 8) | p_[i];
    }
    p_ += n;
    return value;
  }
  static std::int64_t sign_extended(std::uint64_t value, std::uint32_t width) noexcept {
    const auto shift = 64U - 8U * width;
    return static_cast<std::int64_t>(value << shift) >> shift;
  }

  /// Steps over one element with all that is in it; gives its octets. Needs no stack: what is left is one number.
  bytes_view skip() noexcept {
    const auto* from = p_;
    for (std::uint64_t open = 1; open != 0 && ok(); --open) {
      const auto e = head();
      if (e.type == tl_type::list)
        open += e.length;
      else
        p_ += e.length;
    }
    return ok() ? bytes_view{from, p_} : bytes_view{};
  }

  element bad(const char* what) noexcept {
    stop(errc::malformed, what);
    return {};
  }

 private:
  // Octets of the next element, head included, if it is of this type, its head is one octet and it is there; else 0.
  [[nodiscard]] std::size_t short_head(tl_type type) const noexcept {
    if (p_ == end_) return 0;
    const std::size_t size = *p_ & 0x0FU;
    return (*p_ >> 4) == static_cast<unsigned>(type) && size <= left() ? size : 0;
  }
  element cut() noexcept {
    stop(errc::truncated, "input ends too early");
    return {};
  }
  // The length goes on in the low four bits of further octets; bits 6..4 of these are zero.
  element long_head(std::uint8_t first) noexcept {
    const auto type = static_cast<tl_type>((first >> 4) & 7U);
    std::uint32_t length = first & 0x0FU;
    std::uint32_t used = 1;
    for (std::uint8_t octet = first; (octet & 0x80U) != 0; ++used) {
      if (p_ == end_) return cut();
      if (used == max_tl_octets) return bad("a length field is too long");
      octet = *p_++;
      if ((octet & 0x70U) != 0) return bad("a length field goes on with a type");
      length = (length << 4) | (octet & 0x0FU);
    }
    if (type == tl_type::list) return {type, length};
    if (length < used) return bad("a length field that does not count itself");
    length -= used;
    if (length > left()) return cut();
    return {type, length};
  }

  const std::uint8_t* p_;
  const std::uint8_t* end_;
  const char* what_ = nullptr;
  errc code_ = errc::malformed;
};

}  // namespace smgw::sml
