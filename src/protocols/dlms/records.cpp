// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/records.hpp"

#include <algorithm>

namespace smgw::dlms {
namespace {

using axdr::element;
using axdr::type;

bool is_name(const element* e) noexcept { return e != nullptr && e->what == type::octet_string && e->data.size() == 6; }
// Between plain values, six octets are taken as a name only if they end as the names of current values do.
bool is_bare_name(const element* e) noexcept { return is_name(e) && e->data[5] == 255; }

obis name_in(const element& e) noexcept {
  obis name;
  std::copy(e.data.begin(), e.data.end(), name.code.begin());
  return name;
}

bool is(const element* e, type what, std::uint8_t depth) noexcept {
  return e != nullptr && e->what == what && e->depth == depth;
}

}  // namespace

const element* record_cursor::read_ahead(std::size_t i) noexcept {
  while (count_ <= i) {
    if (!cursor_.next(seen_[(first_ + count_) % window])) return nullptr;
    ++count_;
  }
  return &seen_[(first_ + i) % window];
}

bool record_cursor::is_scaler_unit(std::size_t i) noexcept {
  const auto* e = peek(i);
  if (e == nullptr || e->what != type::structure || e->count != 2) return false;
  const auto inner = static_cast<std::uint8_t>(e->depth + 1);
  return is(peek(i + 1), type::integer, inner) && is(peek(i + 2), type::enumerated, inner);
}

// An array of {class, name, attribute, index, …} is the description of what follows, not a value (IEC 62056-6-2, push
// setup, attribute 2).
bool record_cursor::skip_capture_objects() noexcept {
  const auto depth = seen_[first_].depth;
  if (seen_[first_].what != type::array || !is(peek(1), type::structure, static_cast<std::uint8_t>(depth + 1)) ||
      peek(1)->count < 4 || !is(peek(2), type::long_unsigned, static_cast<std::uint8_t>(depth + 2)) ||
      !is_name(peek(3)) || !is(peek(4), type::integer, static_cast<std::uint8_t>(depth + 2)))
    return false;
  pop();
  object_count_ = 0;
  for (const auto* e = peek(0); e != nullptr && e->depth > depth; e = peek(0)) {
    const bool object = e->depth == depth + 1 && e->what == type::structure && is_name(peek(2)) &&
                        is(peek(3), type::integer, static_cast<std::uint8_t>(depth + 2));
    if (object && object_count_ < max_capture_objects)
      objects_[object_count_++] = {name_in(*peek(2)), peek(3)->data[0]};
    const auto position = position_;
    pop();
    position_ = position;
  }
  return true;
}

// {[class,] name, values and at most one {scaler, unit}}: learns name and unit, and leaves the values to come.
bool record_cursor::enter_named_structure() noexcept {
  const auto& head = *peek(0);
  if (head.what != type::structure || head.count < 2 || head.count > 5) return false;
  const auto inner = static_cast<std::uint8_t>(head.depth + 1);
  std::size_t i = is(peek(1), type::long_unsigned, inner) ? 2 : 1;
  if (!is_name(peek(i)) || peek(i)->depth != inner) return false;
  const auto skipped = i + 1;
  set_scaler_unit(nullptr, nullptr);
  std::size_t values = 0;
  i = skipped;
  for (auto left = head.count - (skipped - 1); left > 0; --left, ++i) {
    const auto* e = peek(i);
    if (e == nullptr) break;
    if (!scaled_ && is_scaler_unit(i)) {
      set_scaler_unit(peek(i + 1)->data.data(), peek(i + 2)->data.data());
      i += 2;
    } else if (e->container()) {
      return false;
    } else {
      ++values;
    }
  }
  if (values == 0) return false;
  name_ = name_in(*peek(skipped - 1));
  for (std::size_t n = 0; n < skipped; ++n) pop();
  part_ = 0;
  inside_ = i - skipped;
  return true;
}

// name, value [, {scaler, unit}] among its siblings.
bool record_cursor::take_named_pair(record& out) noexcept {
  const auto& head = *peek(0);
  const auto depth = head.depth;
  if (depth == 0 || object_count_ != 0 || !is_bare_name(&head)) return false;
  const auto* value = peek(1);
  if (value == nullptr || value->depth != depth || value->container() || is_bare_name(value)) return false;
  name_ = name_in(head);
  if (is_scaler_unit(2) && peek(2)->depth == depth)
    set_scaler_unit(peek(3)->data.data(), peek(4)->data.data());
  else
    set_scaler_unit(nullptr, nullptr);
  pop();
  out.value = *peek(0);
  pop();
  place_named(out, 0);
  if (scaled_)
    for (int i = 0; i < 3; ++i) pop();
  return true;
}

void record_cursor::take_leaf(record& out) noexcept {
  const bool named = inside_ > 0;
  out.value = *peek(0);
  pop();
  if (named)
    place_named(out, part_++);
  else
    place(out);
}

void record_cursor::place(record& out) noexcept {
  set_scaler_unit(nullptr, nullptr);
  out.position = static_cast<std::uint16_t>(std::max(position_, 0));
  out.part = part_++;
  if (out.position >= object_count_) return;
  out.name = objects_[out.position].name;
  out.attribute = objects_[out.position].attribute;
  out.named = naming::described;
}

void record_cursor::finish(record& out) const noexcept {
  out.scaled = scaled_;
  out.measured = unit_;
  out.number = axdr::number_of(out.value);
  if (!out.number) return;
  const int scaler = out.number->scaler + scaler_;
  if (scaler < -128 || scaler > 127) {
    out.number.reset();
    return;
  }
  out.number->scaler = static_cast<std::int8_t>(scaler);
}

bool record_cursor::take_from_window(record& out) noexcept {
  const auto* e = peek(0);
  if (inside_ > 0 && e->container()) {  // the scaler and unit of the named structure
    for (int i = 0; i < 3; ++i) pop();
    return false;
  }
  if (e->container()) {
    if (!skip_capture_objects() && !enter_named_structure()) pop();
    return false;
  }
  if (inside_ > 0 || !take_named_pair(out)) take_leaf(out);
  return true;
}

bool record_cursor::next(record& out) noexcept {
  out.name = {};
  out.named = naming::none;
  out.attribute = 2;
  while (true) {
    const auto did = count_ == 0 ? read_short(out) : step::other;
    if (did == step::opened) continue;
    if (did == step::other) {
      if (peek(0) == nullptr) return false;
      if (!take_from_window(out)) continue;
    }
    finish(out);
    return true;
  }
}

expected<void> record_cursor::status() const {
  if (cursor_.failed()) return cursor_.status();
  if (!cursor_.rest().empty()) return fail(errc::malformed, "octets behind the A-XDR value");
  return {};
}

}  // namespace smgw::dlms
