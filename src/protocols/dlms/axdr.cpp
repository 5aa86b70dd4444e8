// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/axdr.hpp"

#include "protocols/dlms/length.hpp"

namespace smgw::dlms::axdr {
namespace {

using detail::bits;
using detail::counted;
using detail::nested;
using detail::one_octet;
using detail::sizes;
using detail::unknown;

// Takes one type description (IEC 62056-5-3, TypeDescription) off the front; false if it is broken or too deep.
bool skip_type(bytes_view& types, std::size_t depth) noexcept {
  if (types.empty() || depth > max_depth) return false;
  const auto tag = types[0];
  types = types.subspan(1);
  if (tag == static_cast<std::uint8_t>(type::array)) {
    if (types.size() < 2) return false;
    types = types.subspan(2);
    return skip_type(types, depth + 1);
  }
  if (tag == static_cast<std::uint8_t>(type::structure)) {
    std::size_t members = 0;
    if (!take_length(types, members)) return false;
    for (; members > 0; --members)
      if (!skip_type(types, depth + 1)) return false;
    return true;
  }
  return sizes[tag] != unknown && sizes[tag] != nested;
}

}  // namespace

bool cursor::fail(errc code, const char* what) noexcept {
  code_ = code;
  fault_ = what;
  in_ = {};
  return false;
}

expected<void> cursor::status() const {
  if (fault_ != nullptr) return smgw::fail(code_, fault_);
  return {};
}

// Leaves the containers whose members have all been read. False at the end of the value.
bool cursor::close_levels() noexcept {
  for (; depth_ > 0; --depth_) {
    auto& l = levels_[depth_ - 1];
    if (l.kind != how::repeat) {
      if (l.left > 0) return true;
    } else if (in_.empty()) {
      in_ = behind_;
    } else if (in_.size() == l.left) {
      return fail(errc::malformed, "compact array of members without octets");
    } else {
      l.left = in_.size();
      return true;
    }
  }
  return !started_;
}

bool cursor::open(how kind, std::size_t left, bytes_view types) noexcept {
  if (depth_ == max_depth) return fail(errc::exhausted, "A-XDR value is nested too deep");
  levels_[depth_++] = {kind, left, types};
  return true;
}

bool cursor::take_any(element& out) noexcept {
  if (fault_ != nullptr || !close_levels()) return false;
  started_ = true;
  if (++elements_ > max_elements) return fail(errc::exhausted, "A-XDR value has too many elements");
  out.depth = static_cast<std::uint8_t>(depth_);
  if (depth_ == 0) return read_tagged(out);

  auto& l = levels_[depth_ - 1];
  if (l.kind != how::repeat) --l.left;
  if (l.kind == how::tagged) return read_tagged(out);
  const auto types = l.types;
  if (l.kind == how::members && !skip_type(l.types, depth_))
    return fail(errc::malformed, "compact array with a broken description");
  return read_described(types, out);
}

bool cursor::read_leaf(element& out) noexcept {
  const int kind = sizes[static_cast<std::uint8_t>(out.what)];
  std::size_t size = 0;
  out.count = 0;
  if (kind >= 0) {
    size = static_cast<std::size_t>(kind);
  } else if (kind == unknown) {
    return fail(errc::unsupported, "unknown A-XDR tag");
  } else {
    if (!take_length(in_, size)) return fail(errc::truncated, "A-XDR length is cut off or too long");
    if (kind == bits) {
      out.count = static_cast<std::uint32_t>(size);
      size = size / 8 + (size % 8 != 0 ? 1 : 0);
    }
  }
  if (in_.size() < size) return fail(errc::truncated, "A-XDR value is cut off");
  out.data = in_.first(size);
  in_ = in_.subspan(size);
  return true;
}

bool cursor::read_tagged(element& out) noexcept {
  if (in_.empty()) return fail(errc::truncated, "A-XDR value is cut off");
  out.what = static_cast<type>(in_[0]);
  in_ = in_.subspan(1);
  if (!out.container()) return read_leaf(out);
  out.data = {};
  out.count = 0;
  if (out.what == type::compact_array) return open_compact();
  std::size_t members = 0;
  if (!take_length(in_, members)) return fail(errc::truncated, "A-XDR length is cut off or too long");
  // Each member has a tag, so a count beyond the octets that are left is broken from the start.
  if (members > in_.size()) return fail(errc::truncated, "A-XDR container claims more than there is");
  out.count = static_cast<std::uint32_t>(members);
  return open(how::tagged, members, {});
}

bool cursor::open_compact() noexcept {
  const auto types = in_;
  auto behind_types = in_;
  if (!skip_type(behind_types, 0)) return fail(errc::malformed, "compact array with a broken description");
  in_ = behind_types;
  std::size_t size = 0;
  if (!take_length(in_, size) || in_.size() < size) return fail(errc::truncated, "compact array is cut off");
  behind_ = in_.subspan(size);
  in_ = in_.first(size);
  return open(how::repeat, SIZE_MAX, types.first(types.size() - behind_types.size()));
}

bool cursor::read_described(bytes_view types, element& out) noexcept {
  out.what = static_cast<type>(types[0]);
  types = types.subspan(1);
  if (!out.container()) return read_leaf(out);
  out.data = {};
  std::size_t members = 0;
  if (out.what == type::array) {
    members = load_be<std::uint16_t>(types.data());
    types = types.subspan(2);
  } else if (!take_length(types, members)) {
    return fail(errc::malformed, "compact array with a broken description");
  }
  out.count = static_cast<std::uint32_t>(members);
  return open(out.what == type::array ? how::same : how::members, members, types);
}

namespace {

// integer and enum, the members of the structure met most.
bool is_scaler_unit(bytes_view in) noexcept {
  return in.size() >= 4 && in[0] == static_cast<std::uint8_t>(type::integer) &&
         in[2] == static_cast<std::uint8_t>(type::enumerated);
}

// Goes over a value of tagged elements without looking at them. False: it is broken, or has a compact array, or may be
// at a bound; then the cursor says what it is.
bool is_plain(bytes_view in) noexcept {
  if (in.size() > max_elements) return false;
  std::array<unsigned, max_depth> around{};  // what is left on the levels around the one that is being read
  std::size_t depth = 0;
  unsigned left = 1;
  for (std::size_t at = 0; at < in.size();) {  // behind the end, once the last element claims more than there is
    const auto tag = in[at++];
    const auto kind = sizes[tag];
    auto size = static_cast<std::size_t>(kind);
    if (kind < 0) {
      if (at == in.size() || in[at] >= one_octet) return false;
      size = in[at++];
      if (kind != counted) {
        if (kind != nested || tag == static_cast<std::uint8_t>(type::compact_array)) return false;
        if (size == 2 && depth < max_depth && is_scaler_unit(in.subspan(at))) {
          size = 4;
        } else if (depth == max_depth) {
          return false;
        } else if (size > 0) {
          around[depth++] = left;
          left = static_cast<unsigned>(size);
          continue;
        }
      }
    }
    at += size;
    while (--left == 0) {
      if (depth == 0) return at == in.size();
      left = around[--depth];
    }
  }
  return false;
}

}  // namespace

expected<void> check(bytes_view in) {
  if (is_plain(in)) return {};
  cursor c{in};
  element e;
  while (c.next(e)) {
  }
  if (c.failed()) return c.status();
  if (!c.rest().empty()) return smgw::fail(errc::malformed, "octets behind the A-XDR value");
  return {};
}

}  // namespace smgw::dlms::axdr
