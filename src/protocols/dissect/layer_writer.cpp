// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/layer_writer.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/quantity.hpp"

#include <algorithm>
#include <format>

namespace smgw::dissect {

layer_writer::layer_writer(telegram& to, std::string name, std::string title, bytes_view octets)
    : to_(to), index_(to.layers.size()), octets_(octets) {
  to.layers.push_back({std::move(name), std::move(title), bytes(octets.begin(), octets.end()), {}});
}

layer_writer::~layer_writer() { cover(octets_.size()); }

void layer_writer::cover(std::size_t end) {
  if (end <= at_) return;
  to_.layers[index_].fields.push_back({at_, end - at_, 0, gap_, {}});
  at_ = end;
}

void layer_writer::next(std::size_t size, std::string name, std::string meaning, unsigned depth) {
  size = std::min(size, octets_.size() - at_);
  if (size == 0) return;
  to_.layers[index_].fields.push_back({at_, size, depth, std::move(name), std::move(meaning)});
  at_ += size;
}

void layer_writer::part(bytes_view octets, std::string name, std::string meaning, unsigned depth) {
  const std::less<const std::uint8_t*> before;
  if (octets.empty() || before(octets.data(), octets_.data() + at_) ||
      before(octets_.data() + octets_.size(), octets.data() + octets.size()))
    return;
  cover(static_cast<std::size_t>(octets.data() - octets_.data()));
  next(octets.size(), std::move(name), std::move(meaning), depth);
}

std::string hex_octet(unsigned value) { return std::format("0x{:02X}", value & 0xFFU); }

std::string readable(bytes_view octets) {
  const bool text =
      !octets.empty() && std::ranges::all_of(octets, [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
  return text ? "'" + std::string(as_text(octets)) + "'" : to_hex(octets);
}

std::string unit_text(unit u) {
  if (const auto known = symbol(u); !known.empty()) return std::string(known);
  constexpr std::pair<unit, std::string_view> more[] = {
      {mbus::unit_year, "a"},      {mbus::unit_month, "month"},
      {mbus::unit_day, "d"},       {mbus::unit_hour, "h"},
      {mbus::unit_minute, "min"},  {mbus::unit_cubic_metre_per_hour, "m3/h"},
      {mbus::unit_kilogram, "kg"}, {mbus::unit_bar, "bar"},
      {mbus::unit_joule, "J"},     {mbus::unit_joule_per_hour, "J/h"},
      {mbus::unit_kelvin, "K"},    {mbus::unit_percent, "%"},
      {mbus::unit_dbm, "dBm"}};
  for (const auto& [code, text] : more)
    if (code == u) return std::string(text);
  return {};
}

}  // namespace smgw::dissect
