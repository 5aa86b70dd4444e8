// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/readings.hpp"

#include "base/check.hpp"
#include "protocols/sml/list_type.hpp"

#include <algorithm>

namespace smgw::sml {
namespace {

constexpr obis total_power{{1, 0, 16, 7, 0, 255}};

// What follows from raw value, scaler and unit.
void complete(register_value& r, const quirks& allowed, quirk_counts& used) {
  r.val_time = bent_time(r.val_time, allowed, used);
  auto number = r.raw.number();
  if (!number) return;
  // What is really negative is sent in four octets.
  if (allowed.dzg_unsigned_power && *number < 0 && r.raw.width < 4 && r.unit == unit::watt && r.name == total_power) {
    number = *number + (std::int64_t{1} << (8 * r.raw.width));
    ++used.unsigned_power;
  }
  r.number = decimal{*number, r.scaler.value_or(0)};
}

bool name_of(bytes_view octets, obis& name) {
  if (octets.size() != name.code.size()) return false;
  std::ranges::copy(octets, name.code.begin());
  return true;
}

std::optional<smgw::unit> unit_of(std::optional<std::uint8_t> code) {
  if (!code) return std::nullopt;
  return static_cast<smgw::unit>(*code);
}

void fill(register_value& r, const register_entry& e) {
  r.raw = e.value;
  r.scaler = e.scaler;
  r.unit = unit_of(e.unit);
  r.status = e.status;
  r.val_time = e.val_time;
  r.signature = e.signature;
}
void fill(register_value& r, const period_entry& e) {
  r.raw = e.value;
  r.scaler = e.scaler;
  r.unit = unit_of(e.unit);
  r.signature = e.signature;
}

// A plain value; or value and scaler_unit in one, or time, status and value in one, as SML_ListType.
void fill(register_value& r, const value& v) {
  r.raw = v;
  if (v.kind != value::type::list) return;
  const auto list = decode_list_type(v.data);
  if (!list) return;  // kept as it came
  if (const auto* cosem = std::get_if<cosem_value>(&*list)) {
    r.raw = cosem->value;
    r.scaler = cosem->scaler;
    r.unit = unit_of(cosem->unit);
  } else if (const auto* stamped = std::get_if<timestamped_value>(&*list)) {
    r.raw = stamped->value;
    r.status = stamped->status;
    r.val_time = stamped->time;
  }
}

// Whether a parameter holds a register's value.
bool fill(register_value& r, const parameter_value& parameter) {
  if (const auto* entry = std::get_if<register_entry>(&parameter))
    fill(r, *entry);
  else if (const auto* period = std::get_if<period_entry>(&parameter))
    fill(r, *period);
  else if (const auto* plain = std::get_if<value>(&parameter))
    fill(r, *plain);
  else
    return false;
  return true;
}

// The quirks of the meter and how often they mattered.
struct bending {
  const quirks& allowed;
  quirk_counts& used;
  // Whether an attribute without a value is one of the quirk's kind.
  static bool left_out(const parameter_value& v, bool allowed_here, std::uint64_t& count) {
    const bool is = allowed_here && std::holds_alternative<std::monostate>(v);
    count += is ? 1 : 0;
    return is;
  }
};

expected<void> fill_scaler_unit(register_value& r, view<tree_node> below, const bending& by) {
  if (below.front().children == 0) {
    const auto* v = std::get_if<value>(&below.front().value);
    if (v == nullptr || v->kind != value::type::list) return fail(errc::malformed, "scaler_unit is a structure");
    SMGW_TRY(const auto list, decode_list_type(v->data));
    const auto* cosem = std::get_if<cosem_value>(&list);
    if (cosem == nullptr) return fail(errc::malformed, "scaler_unit is a structure");
    r.scaler = cosem->scaler;
    r.unit = unit_of(cosem->unit);
    return {};
  }
  if (below.size() != 3 || below.front().children != 2) return fail(errc::malformed, "scaler_unit has two parts");
  const auto* scaler = std::get_if<value>(&below[1].value);
  const auto* code = std::get_if<value>(&below[2].value);
  const bool no_scaler = by.left_out(below[1].value, by.allowed.zero_scaler, by.used.zero_scaler);
  const bool good_scaler = scaler != nullptr && scaler->kind == value::type::integer && scaler->width == 1;
  if (!(no_scaler || good_scaler) || code == nullptr || code->kind != value::type::unsigned_integer || code->width != 1)
    return fail(errc::malformed, "scaler_unit is an integer and an unsigned integer of one octet");
  r.scaler = no_scaler ? std::int8_t{0} : static_cast<std::int8_t>(*scaler->number());
  r.unit = static_cast<smgw::unit>(code->bits);
  return {};
}

// One child of the root, with all that is below it.
expected<bool> fill_attribute(register_value& r, view<tree_node> below, const bending& by) {
  const auto& node = below.front();
  if (node.name.size() != 1) return false;
  const auto* v = std::get_if<value>(&node.value);
  switch (static_cast<attribute>(node.name[0])) {
    case attribute::value: return fill(r, node.value);
    case attribute::scaler_unit: SMGW_CHECK(fill_scaler_unit(r, below, by)); return false;
    case attribute::status:
      if (by.left_out(node.value, by.allowed.status_absent, by.used.status_absent)) return false;
      if (v == nullptr || v->kind != value::type::unsigned_integer)
        return fail(errc::malformed, "status is an unsigned integer");
      r.status = {v->bits, v->width};
      return false;
    case attribute::capture_time:
      if (by.left_out(node.value, by.allowed.no_time, by.used.no_time)) return false;
      if (const auto* time = std::get_if<moment>(&node.value)) {
        r.val_time = *time;
        return false;
      }
      return fail(errc::malformed, "capture_time is an SML_Time");
  }
  return false;
}

}  // namespace

quirk_counts& quirk_counts::operator+=(const quirk_counts& other) noexcept {
  kermit_crc += other.kermit_crc;
  bare_time += other.bare_time;
  unsigned_power += other.unsigned_power;
  three_value_time += other.three_value_time;
  no_time += other.no_time;
  zero_scaler += other.zero_scaler;
  status_absent += other.status_absent;
  return *this;
}

moment bent_time(moment sent, const quirks& allowed, quirk_counts& used) {
  if (sent.kind == moment::form::absent) return sent;
  if (allowed.no_time) {
    ++used.no_time;
    return {};
  }
  if (sent.kind == moment::form::bare && allowed.holley_time_and_crc) {
    sent.kind = moment::form::second_index;
    ++used.bare_time;
  } else if (sent.kind == moment::form::three_values && allowed.three_value_time) {
    sent.kind = moment::form::timestamp_local;
    ++used.three_value_time;
  }
  return sent;
}

void append_registers(const get_list_response& list, const quirks& allowed, quirk_counts& used,
                      std::vector<register_value>& out) {
  for (const auto& entry : list.values) {
    obis name;
    if (!name_of(entry.name, name)) continue;
    auto& r = out.emplace_back();
    r.name = name;
    fill(r, entry);
    complete(r, allowed, used);
  }
}

expected<void> append_register(const get_proc_parameter_response& response, const quirks& allowed, quirk_counts& used,
                               std::vector<register_value>& out) {
  if (response.tree.empty()) return fail(errc::malformed, "a response without a tree");
  const auto& root = response.tree.front();
  register_value r;
  if (!name_of(root.name, r.name) && (response.path.empty() || !name_of(response.path.front(), r.name)))
    return fail(errc::malformed, "a tree without an OBIS code");
  bool has_value = fill(r, root.value);
  const view<tree_node> nodes = response.tree;
  for (std::size_t i = 1; i < nodes.size();) {
    std::size_t end = i + 1;
    while (end < nodes.size() && nodes[end].depth > nodes[i].depth) ++end;
    SMGW_TRY(const auto is_value, fill_attribute(r, nodes.subspan(i, end - i), {allowed, used}));
    has_value = has_value || is_value;
    i = end;
  }
  if (!has_value) return fail(errc::malformed, "a tree without a value");
  complete(r, allowed, used);
  out.push_back(r);
  return {};
}

}  // namespace smgw::sml
