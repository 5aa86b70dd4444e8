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
  scaled_ = false;
  scaler_ = 0;
  unit_ = unit::none;
  std::size_t values = 0;
  for (i = skipped; i + 2 < window; ++i) {
    const auto* e = peek(i);
    if (e == nullptr || e->depth <= head.depth) break;
    if (!scaled_ && e->depth == inner && is_scaler_unit(i)) {
      scaled_ = true;
      scaler_ = static_cast<std::int8_t>(peek(i + 1)->data[0]);
      unit_ = static_cast<unit>(peek(i + 2)->data[0]);
      i += 2;
    } else if (e->container()) {
      return false;
    } else {
      ++values;
    }
  }
  if (values == 0 || i + 2 >= window) return false;
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
  const auto* value = peek(1);
  if (depth == 0 || object_count_ != 0 || !is_bare_name(&head) || value == nullptr || value->depth != depth ||
      value->container() || is_bare_name(value))
    return false;
  name_ = name_in(head);
  scaled_ = is_scaler_unit(2) && peek(2)->depth == depth;
  scaler_ = scaled_ ? static_cast<std::int8_t>(peek(3)->data[0]) : std::int8_t{0};
  unit_ = scaled_ ? static_cast<unit>(peek(4)->data[0]) : unit::none;
  pop();
  out.value = *peek(0);
  pop();
  out.position = static_cast<std::uint16_t>(std::max(position_, 0));
  out.part = 0;
  out.name = name_;
  out.named = naming::stated;
  if (scaled_)
    for (int i = 0; i < 3; ++i) pop();
  return true;
}

void record_cursor::take_leaf(record& out) noexcept {
  const bool named = inside_ > 0;
  out.value = *peek(0);
  pop();
  out.position = static_cast<std::uint16_t>(std::max(position_, 0));
  out.part = part_++;
  if (named) {
    out.name = name_;
    out.named = naming::stated;
    return;
  }
  scaled_ = false;
  scaler_ = 0;
  unit_ = unit::none;
  if (out.position < object_count_) {
    out.name = objects_[out.position].name;
    out.attribute = objects_[out.position].attribute;
    out.named = naming::described;
  }
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

bool record_cursor::next(record& out) noexcept {
  out = {};
  for (const auto* e = peek(0); e != nullptr; e = peek(0)) {
    if (inside_ > 0 && e->container()) {  // the scaler and unit of the named structure
      for (int i = 0; i < 3; ++i) pop();
      continue;
    }
    if (e->container()) {
      if (!skip_capture_objects() && !enter_named_structure()) pop();
      continue;
    }
    if (inside_ > 0 || !take_named_pair(out)) take_leaf(out);
    finish(out);
    return true;
  }
  return false;
}

expected<void> record_cursor::status() const {
  if (cursor_.failed()) return cursor_.status();
  if (!cursor_.rest().empty()) return fail(errc::malformed, "octets behind the A-XDR value");
  return {};
}

}  // namespace smgw::dlms
