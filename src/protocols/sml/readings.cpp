// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/readings.hpp"

#include "base/check.hpp"
#include "protocols/sml/list_type.hpp"

#include <algorithm>

namespace smgw::sml {
namespace {

constexpr obis total_power{{1, 0, 16, 7, 0, 255}};

void apply_time(moment& m, const quirks& allowed, quirk_counts& used) {
  if (m.kind == moment::form::bare && allowed.holley_time_and_crc) {
    m.kind = moment::form::second_index;
    ++used.bare_time;
  } else if (m.kind == moment::form::three_values && allowed.three_value_time) {
    m.kind = moment::form::timestamp_local;
    ++used.three_value_time;
  }
}

// What follows from raw value, scaler and unit.
void complete(register_value& r, const quirks& allowed, quirk_counts& used) {
  apply_time(r.val_time, allowed, used);
  auto number = r.raw.number();
  if (!number) return;
  if (allowed.dzg_unsigned_power && *number < 0 && r.raw.width == 2 && r.unit == unit::watt && r.name == total_power) {
    number = *number + 0x10000;
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

expected<void> fill_scaler_unit(register_value& r, view<tree_node> below) {
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
  if (scaler == nullptr || scaler->kind != value::type::integer || scaler->width != 1 || code == nullptr ||
      code->kind != value::type::unsigned_integer || code->width != 1)
    return fail(errc::malformed, "scaler_unit is an integer and an unsigned integer of one octet");
  r.scaler = static_cast<std::int8_t>(*scaler->number());
  r.unit = static_cast<smgw::unit>(code->bits);
  return {};
}

// One child of the root, with all that is below it.
expected<bool> fill_attribute(register_value& r, view<tree_node> below) {
  const auto& node = below.front();
  if (node.name.size() != 1) return false;
  const auto* v = std::get_if<value>(&node.value);
  switch (static_cast<attribute>(node.name[0])) {
    case attribute::value: return fill(r, node.value);
    case attribute::scaler_unit: SMGW_CHECK(fill_scaler_unit(r, below)); return false;
    case attribute::status:
      if (v == nullptr || v->kind != value::type::unsigned_integer)
        return fail(errc::malformed, "status is an unsigned integer");
      r.status = {v->bits, v->width};
      return false;
    case attribute::capture_time:
      if (const auto* time = std::get_if<moment>(&node.value)) {
        r.val_time = *time;
        return false;
      }
      return fail(errc::malformed, "capture_time is an SML_Time");
  }
  return false;
}

}  // namespace

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
    SMGW_TRY(const auto is_value, fill_attribute(r, nodes.subspan(i, end - i)));
    has_value = has_value || is_value;
    i = end;
  }
  if (!has_value) return fail(errc::malformed, "a tree without a value");
  complete(r, allowed, used);
  out.push_back(r);
  return {};
}

}  // namespace smgw::sml
