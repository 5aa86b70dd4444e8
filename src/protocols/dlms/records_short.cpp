// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What meters push most has few forms, each known by its octets: lengths of one octet, no compact arrays. They are read
// here without the window, at a third of its cost. Whatever is not exactly one of them is `other`: the window knows
// every form, and both must read the same.

#include "protocols/dlms/records.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

using axdr::type;
using axdr::detail::one_octet;

constexpr std::size_t name_size = 8;         // 09 06 and six octets
constexpr std::size_t scaler_unit_size = 6;  // 02 02 0F scaler 16 unit
// A capture object: 02 04 12 class 09 06 name 0F attribute 12 index; or 02 06, the same, and then a restriction and
// columns that restrict nothing: {enum 0, null-data} and an empty array (IEC 62056-6-2, push setup, version 2).
constexpr std::size_t object_size = 18;
constexpr std::array<std::uint8_t, 7> unrestricted{0x02, 0x02, 0x16, 0x00, 0x00, 0x01, 0x00};

bool begins(bytes_view in, type what) noexcept { return !in.empty() && in[0] == static_cast<std::uint8_t>(what); }

bool begins_with_name(bytes_view in) noexcept {
  return in.size() >= name_size && begins(in, type::octet_string) && in[1] == 6;
}
bool begins_with_bare_name(bytes_view in) noexcept { return begins_with_name(in) && in[7] == 255; }

bool begins_with_scaler_unit(bytes_view in) noexcept {
  return in.size() >= scaler_unit_size && begins(in, type::structure) && in[1] == 2 &&
         begins(in.subspan(2), type::integer) && begins(in.subspan(4), type::enumerated);
}

bool is_object(bytes_view in) noexcept {
  const auto plain = begins(in, type::structure) && begins(in.subspan(2), type::long_unsigned) &&
                     begins_with_name(in.subspan(5)) && begins(in.subspan(13), type::integer) &&
                     begins(in.subspan(15), type::long_unsigned);
  const auto rest = in.subspan(object_size);
  return plain && (rest.empty() ? in[1] == 4 : in[1] == 6 && std::ranges::equal(rest, unrestricted));
}

obis name_at(bytes_view in) noexcept {
  obis name;
  std::copy_n(&in[2], name.code.size(), name.code.begin());
  return name;
}

}  // namespace

record_cursor::step record_cursor::open_container() noexcept {
  axdr::element container;
  const auto depth = cursor_.depth();
  if (!cursor_.next(container)) return step::other;
  pass_member(depth);
  return step::opened;
}

// A list of capture objects; else the array is entered, unless it may be such a list.
record_cursor::step record_cursor::read_short_array(bytes_view in) noexcept {
  const std::size_t count = in[1];
  if (count >= one_octet) return step::other;
  const auto members = in.subspan(2);
  if (!begins(members, type::structure) || members[1] < 4) return open_container();
  const bool longer = members[1] == 6;
  const auto size = object_size + (longer ? unrestricted.size() : 0);
  if (count == 0 || members.size() < count * size) return step::other;
  for (std::size_t i = 0; i < count; ++i)
    if (!is_object(members.subspan(i * size, size))) return step::other;
  if (!cursor_.pass(1, 1 + (longer ? 9 : 5) * count, 2 + count * size)) return step::other;
  object_count_ = std::min(count, max_capture_objects);
  for (std::size_t i = 0; i < object_count_; ++i) {
    const auto object = members.subspan(i * size, size);
    objects_[i] = {name_at(object.subspan(5)), object[14]};
  }
  pass_member(cursor_.depth());
  return step::opened;
}

record_cursor::step record_cursor::read_short_leaf(bytes_view in, record& out) noexcept {
  const auto size = axdr::read_short_leaf(in, out.value);
  if (size == 0 || !cursor_.pass(1, 1, size)) return step::other;
  out.value.depth = cursor_.depth();
  pass_member(out.value.depth);
  place(out);
  return step::record;
}

// name, value[, {scaler, unit}] among its siblings.
record_cursor::step record_cursor::read_short_pair(bytes_view in, record& out) noexcept {
  const auto value = in.subspan(name_size);
  const auto size = axdr::read_short_leaf(value, out.value);
  if (size == 0 || begins_with_bare_name(value)) return step::other;
  const auto behind = value.subspan(size);
  const bool third = cursor_.siblings() > 2 && begins(behind, type::structure);
  const bool scaled = third && begins_with_scaler_unit(behind);
  if (third && !scaled && behind.size() > 1 && behind[1] >= one_octet) return step::other;
  if (!(scaled ? cursor_.pass(3, 5, name_size + size + scaler_unit_size) : cursor_.pass(2, 2, name_size + size)))
    return step::other;
  set_scaler_unit(scaled ? &behind[3] : nullptr, scaled ? &behind[5] : nullptr);
  name_ = name_at(in);
  const auto depth = cursor_.depth();
  out.value.depth = depth;
  pass_member(depth);
  pass_member(depth);
  place_named(out, 0);
  if (scaled) pass_member(depth);
  return step::record;
}

// {name, value} and {name, value, {scaler, unit}}; else the structure is entered, unless it may be another named one.
record_cursor::step record_cursor::read_short_structure(bytes_view in, record& out) noexcept {
  const auto members = in[1];
  if (members >= one_octet) return step::other;
  if (members < 2 || members > 5) return open_container();
  const auto name = in.subspan(2);
  if (name.size() < name_size || begins(name, type::long_unsigned)) return step::other;
  if (!begins(name, type::octet_string)) return open_container();
  if (!begins_with_name(name)) return name[1] < one_octet ? open_container() : step::other;

  const auto value = name.subspan(name_size);
  const auto size = axdr::read_short_leaf(value, out.value);
  const bool scaled = members == 3;
  if (size == 0 || members > 3 || (scaled && !begins_with_scaler_unit(value.subspan(size)))) return step::other;
  const auto behind = value.subspan(size);
  if (!cursor_.pass(1, scaled ? 6 : 3, 2 + name_size + size + (scaled ? scaler_unit_size : 0))) return step::other;
  set_scaler_unit(scaled ? &behind[3] : nullptr, scaled ? &behind[5] : nullptr);
  name_ = name_at(name);
  out.value.depth = static_cast<std::uint8_t>(cursor_.depth() + 1);
  pass_member(cursor_.depth());
  part_ = 1;
  place_named(out, 0);
  return step::record;
}

record_cursor::step record_cursor::read_short(record& out) noexcept {
  const auto in = cursor_.tagged(3);
  if (in.size() < 4) return step::other;
  if (begins(in, type::structure)) return read_short_structure(in, out);
  if (begins(in, type::array)) return read_short_array(in);
  if (object_count_ != 0 || !begins_with_bare_name(in)) return read_short_leaf(in, out);
  return cursor_.siblings() < 2 ? step::other : read_short_pair(in, out);
}

}  // namespace smgw::dlms
