// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The COSEM data types in A-XDR (IEC 62056-6-2, common data types; IEC 61334-6), read element by element, without
/// allocation.

#include <smgw/types.hpp>

#include <optional>

namespace smgw::dlms::axdr {

enum class type : std::uint8_t {
  null_data = 0,
  array = 1,
  structure = 2,
  boolean = 3,
  bit_string = 4,
  double_long = 5,
  double_long_unsigned = 6,
  octet_string = 9,
  visible_string = 10,
  utf8_string = 12,
  bcd = 13,
  integer = 15,
  long_integer = 16,
  unsigned_integer = 17,
  long_unsigned = 18,
  compact_array = 19,
  long64 = 20,
  long64_unsigned = 21,
  enumerated = 22,
  float32 = 23,
  float64 = 24,
  date_time = 25,
  date = 26,
  time = 27,
  delta_integer = 28,
  delta_long = 29,
  delta_double_long = 30,
  delta_unsigned = 31,
  delta_long_unsigned = 32,
  delta_double_long_unsigned = 33,
  dont_care = 255,
};
/// The name of the standard: `double-long-unsigned`; empty for a tag it does not define.
[[nodiscard]] std::string_view name_of(type t) noexcept;

/// Nesting and number of elements are bounded: a few octets can claim millions of elements, and what meters push has a
/// depth of 4 and below 300 elements.
inline constexpr std::size_t max_depth = 12;
inline constexpr std::size_t max_elements = 8192;

/// One element, in the order of the octets. What is inside a container follows it with a greater depth.
struct element {
  type what = type::null_data;
  std::uint8_t depth = 0;   ///< 0: the outermost
  std::uint32_t count = 0;  ///< array, structure: members; bit string: bits; compact array: 0 (its members follow)
  bytes_view data;          ///< the value's octets, without tag and length; for containers empty

  [[nodiscard]] bool container() const noexcept {
    return what == type::array || what == type::structure || what == type::compact_array;
  }
  [[nodiscard]] bool text() const noexcept { return what == type::visible_string || what == type::utf8_string; }
};

namespace detail {
inline constexpr std::int8_t unknown = -1;
inline constexpr std::int8_t counted = -2;  // a length and octets
inline constexpr std::int8_t bits = -3;     // a length in bits
inline constexpr std::int8_t nested = -4;
inline constexpr std::uint8_t one_octet = 0x80;  // a length below is sent in one octet

/// The size of a value by its tag, or one of the words above.
inline constexpr auto sizes = [] {
  std::array<std::int8_t, 256> t{};
  t.fill(unknown);
  const auto set = [&t](std::int8_t size, auto... of) { ((t[static_cast<std::size_t>(of)] = size), ...); };
  set(0, type::null_data, type::dont_care);
  set(1, type::boolean, type::bcd, type::integer, type::unsigned_integer, type::enumerated, type::delta_integer,
      type::delta_unsigned);
  set(2, type::long_integer, type::long_unsigned, type::delta_long, type::delta_long_unsigned);
  set(4, type::double_long, type::double_long_unsigned, type::float32, type::time, type::delta_double_long,
      type::delta_double_long_unsigned);
  set(5, type::date);
  set(8, type::long64, type::long64_unsigned, type::float64);
  set(12, type::date_time);
  set(counted, type::octet_string, type::visible_string, type::utf8_string);
  set(bits, type::bit_string);
  set(nested, type::array, type::structure, type::compact_array);
  return t;
}();
}  // namespace detail

/// A value of fixed size or a string below 128 octets, with its tag, at the front of `in`: sets all of `out` but the
/// depth and returns how many octets it is. 0: something else, or cut off; the cursor says what.
[[nodiscard]] inline std::size_t read_short_leaf(bytes_view in, element& out) noexcept {
  if (in.size() < 2) return 0;
  int value = detail::sizes[in[0]];
  std::size_t head = 1;
  if (value == detail::counted && in[1] < detail::one_octet) {
    value = in[1];
    head = 2;
  }
  if (value < 0) return 0;
  const auto size = head + static_cast<std::size_t>(value);
  if (in.size() < size) return 0;
  out.what = static_cast<type>(in[0]);
  out.count = 0;
  out.data = in.subspan(head, static_cast<std::size_t>(value));
  return size;
}

/// Reads one value and all that is inside. Compact arrays are unfolded: their members come as if each had its tag.
class cursor {
 public:
  explicit cursor(bytes_view in) noexcept : in_(in) {}

  /// True: `out` holds the next element. False: the value is complete, or it is broken (see status()).
  [[nodiscard]] bool next(element& out) noexcept { return take_short(out) || take_any(out); }

  /// For a reader that knows some forms by their octets: the octets from the next element on, if it has its tag and
  /// `more` levels could be opened; else empty.
  [[nodiscard]] bytes_view tagged(std::size_t more) noexcept {
    for (; depth_ > 0; --depth_) {
      const auto& l = levels_[depth_ - 1];
      if (l.kind != how::tagged) return {};
      if (l.left > 0) return depth_ + more <= max_depth ? in_ : bytes_view{};
    }
    return started_ ? bytes_view{} : in_;
  }
  /// Where tagged() said something: the depth of the next element, and how many are to come on its level.
  [[nodiscard]] std::uint8_t depth() const noexcept { return static_cast<std::uint8_t>(depth_); }
  [[nodiscard]] std::size_t siblings() const noexcept { return depth_ == 0 ? 1 : levels_[depth_ - 1].left; }
  /// Where tagged() said something: goes over `members` of this level, `all` elements with what is inside them, in
  /// `size` octets. False, and nothing is changed: they are not there, max_elements is reached, or it is the outermost.
  [[nodiscard]] bool pass(std::size_t members, std::size_t all, std::size_t size) noexcept {
    if (depth_ == 0 || elements_ + all > max_elements || size > in_.size()) return false;
    auto& left = levels_[depth_ - 1].left;
    if (members > left) return false;
    left -= members;
    elements_ += all;
    in_ = in_.subspan(size);
    return true;
  }

  /// malformed, truncated; unsupported: a tag the standard does not define; exhausted: max_depth or max_elements.
  [[nodiscard]] expected<void> status() const;
  [[nodiscard]] bool failed() const noexcept { return fault_ != nullptr; }
  /// What is left behind the value, once next() has said false.
  [[nodiscard]] bytes_view rest() const noexcept { return in_; }

 private:
  enum class how : std::uint8_t {
    tagged,   // members with their tags
    repeat,   // compact array: members of one type until its octets end
    same,     // array inside a compact array: `left` members of one type
    members,  // structure inside a compact array: each member has its own type
  };
  struct level {
    how kind = how::tagged;
    std::size_t left = 0;  // members to come; for repeat: octets there were before the last member
    bytes_view types;      // the type description(s) of the members to come
  };

  // Most of what meters send: a short leaf in a container with tags. A fault empties the input, so it ends here too.
  bool take_short(element& out) noexcept {
    if (depth_ == 0 || elements_ >= max_elements) return false;
    auto& l = levels_[depth_ - 1];
    if (l.kind != how::tagged || l.left == 0) return false;
    const auto size = read_short_leaf(in_, out);
    if (size == 0) return false;
    --l.left;
    ++elements_;
    out.depth = static_cast<std::uint8_t>(depth_);
    in_ = in_.subspan(size);
    return true;
  }
  bool take_any(element& out) noexcept;
  bool fail(errc code, const char* what) noexcept;
  bool close_levels() noexcept;
  bool open(how kind, std::size_t left, bytes_view types) noexcept;
  bool read_leaf(element& out) noexcept;
  bool read_tagged(element& out) noexcept;
  bool read_described(bytes_view types, element& out) noexcept;
  bool open_compact() noexcept;

  bytes_view in_;
  bytes_view behind_;  // what follows the compact array that is being read
  std::array<level, max_depth> levels_;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
  bool started_ = false;
  errc code_ = errc::internal;
  const char* fault_ = nullptr;
};

/// Whether `in` is exactly one value; refuses as cursor does, and octets behind the value as malformed.
[[nodiscard]] expected<void> check(bytes_view in);

/// The exact value of an integer type, a boolean, an enumeration or BCD (as its octet). Nothing for other types, and
/// for an unsigned 64-bit value that does not fit.
[[nodiscard]] std::optional<std::int64_t> integer_of(const element& e) noexcept;

/// As integer_of; floats as the shortest decimal that reads back to the same float. Nothing for not-a-number, infinity
/// and what does not fit.
[[nodiscard]] std::optional<decimal> number_of(const element& e) noexcept;

}  // namespace smgw::dlms::axdr
