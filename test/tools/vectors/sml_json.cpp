// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "sml_json.hpp"

#include "base/hex.hpp"
#include "protocols/sml/tl.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <optional>

namespace smgw::vectors {
namespace {

using nlohmann::json;

json hex(const sml::octets& o) { return o.empty() ? json{} : json(to_hex(o)); }
template <class T>
json optional(const std::optional<T>& v) {
  return v ? json(static_cast<int>(*v)) : json{};
}

json time(const sml::moment& m) {
  using form = sml::moment::form;
  switch (m.kind) {
    case form::absent: return {};
    case form::bare:
    case form::second_index: return {{"tag", 1}, {"value", m.seconds}};
    case form::timestamp: return {{"tag", 2}, {"value", m.seconds}};
    case form::timestamp_local:
    case form::three_values: return {{"tag", 3}, {"value", {m.seconds, m.local_offset, m.season_offset}}};
  }
  return {};
}
json status(const sml::status& s) { return s.width == 0 ? json{} : json(s.bits); }

// Any element: `[type, value]`, lists as arrays of these.
json any(sml::cursor& in) {
  const auto e = in.head();
  switch (e.type) {
    case sml::tl_type::list: {
      auto all = json::array();
      for (std::uint32_t i = 0; i < e.length && in.ok(); ++i) all.push_back(any(in));
      return all;
    }
    case sml::tl_type::octet_string: return {"octets", to_hex(in.data(e.length))};
    case sml::tl_type::boolean: return {"bool", in.big_endian(e.length) != 0};
    case sml::tl_type::integer: return {"int", sml::cursor::sign_extended(in.big_endian(e.length), e.length)};
    case sml::tl_type::unsigned_integer: return {"uint", in.big_endian(e.length)};
  }
  return {};
}

json value(const sml::value& v) {
  using type = sml::value::type;
  switch (v.kind) {
    case type::octet_string: return {{"octets", to_hex(v.data)}};
    case type::boolean: return {{"bool", v.bits != 0}};
    case type::integer: return {{"int", static_cast<std::int64_t>(v.bits)}};
    case type::unsigned_integer: return {{"uint", v.bits}};
    case type::list: {
      sml::cursor in{v.data};
      return {{"list", any(in)}};
    }
  }
  return {};
}

json path(const sml::view<sml::octets>& names) {
  auto all = json::array();
  for (const auto& name : names) all.push_back(to_hex(name));
  return all;
}

json entry(const sml::register_entry& e) {
  return {{"obj_name", hex(e.name)},
          {"status", status(e.status)},
          {"val_time", time(e.val_time)},
          {"unit", optional(e.unit)},
          {"scaler", optional(e.scaler)},
          {"value", value(e.value)},
          {"value_signature", hex(e.signature)}};
}

struct body_fields {
  json& out;
  void operator()(const sml::open_request& b) const {
    out.update({{"codepage", hex(b.codepage)},
                {"client_id", hex(b.client_id)},
                {"req_file_id", hex(b.request_file_id)},
                {"server_id", hex(b.server_id)},
                {"sml_version", optional(b.sml_version)}});
  }
  void operator()(const sml::open_response& b) const {
    out.update({{"codepage", hex(b.codepage)},
                {"client_id", hex(b.client_id)},
                {"req_file_id", hex(b.request_file_id)},
                {"server_id", hex(b.server_id)},
                {"ref_time", time(b.ref_time)},
                {"sml_version", optional(b.sml_version)}});
  }
  void operator()(const sml::close_request& b) const { out["global_signature"] = hex(b.global_signature); }
  void operator()(const sml::close_response& b) const { out["global_signature"] = hex(b.global_signature); }
  void operator()(const sml::get_list_request& b) const {
    out.update({{"client_id", hex(b.client_id)}, {"server_id", hex(b.server_id)}, {"list_name", hex(b.list_name)}});
  }
  void operator()(const sml::get_list_response& b) const {
    out.update({{"client_id", hex(b.client_id)},
                {"server_id", hex(b.server_id)},
                {"list_name", hex(b.list_name)},
                {"act_sensor_time", time(b.act_sensor_time)},
                {"list_signature", hex(b.list_signature)},
                {"act_gateway_time", time(b.act_gateway_time)}});
    auto& list = out["val_list"] = json::array();
    for (const auto& e : b.values) list.push_back(entry(e));
  }
  void operator()(const sml::profile_request& b) const {
    out.update({{"server_id", hex(b.server_id)}, {"path", path(b.path)}});
    if (b.begin.index()) out["begin_sec_index"] = b.begin.seconds;
    if (b.end.index()) out["end_sec_index"] = b.end.seconds;
  }
  void operator()(const sml::set_proc_parameter_request& b) const {
    out.update({{"server_id", hex(b.server_id)}, {"path", path(b.path)}});
    if (const auto* v = std::get_if<sml::value>(&b.tree.front().value)) out["value"] = value(*v);
  }
  void operator()(const sml::get_proc_parameter_request& b) const {
    out.update({{"server_id", hex(b.server_id)}, {"path", path(b.path)}, {"attribute", hex(b.attribute)}});
  }
  void operator()(const sml::get_proc_parameter_response& b) const {
    out.update({{"server_id", hex(b.server_id)}, {"path", path(b.path)}});
    if (const auto* v = std::get_if<sml::value>(&b.tree.front().value)) out["value"] = value(*v);
  }
  void operator()(const sml::attention_response& b) const {
    out.update({{"server_id", hex(b.server_id)}, {"attention", hex(b.number)}});
  }
  template <class Body>
    requires(!std::is_base_of_v<sml::profile_request, Body>)
  void operator()(const Body&) const {}  // their rows hold the tag only
};

// `-769.7170`, `0E+3`, `2.043E+6` as digits and power of ten.
std::optional<decimal> parse(const std::string& text) {
  decimal d;
  std::string digits;
  std::size_t i = 0;
  int after = 0;
  bool point = false;
  for (; i < text.size() && text[i] != 'E' && text[i] != 'e'; ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    digits += text[i];
    if (point) ++after;
  }
  int power = 0;
  if (i < text.size()) {
    const auto from = i + 1 + (i + 1 < text.size() && text[i + 1] == '+' ? 1U : 0U);
    if (std::from_chars(text.data() + from, text.data() + text.size(), power).ec != std::errc{}) return std::nullopt;
  }
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), d.value);
  if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  d.scaler = static_cast<std::int8_t>(power - after);
  return d;
}

bool same_number(const json& expected, const json& got) {
  if (!expected.is_string() || !got.is_string()) return false;
  const auto a = parse(expected.get<std::string>());
  const auto b = parse(got.get<std::string>());
  return a && b && *a == *b;
}

}  // namespace

json to_json(const sml::message& m) {
  json out{{"transaction_id", hex(m.transaction_id)},
           {"group_no", m.group},
           {"abort_on_error", m.abort_on_error},
           {"tag", m.tag()},
           {"crc", m.kermit ? "kermit" : "x25"}};
  std::visit(body_fields{out}, m.body);
  return out;
}

json to_json(const sml::register_value& r) {
  auto out = value(r.raw);
  if (r.number) {
    out["raw"] = r.number->value;
    // digits and power of ten, so that the scaler is compared, too
    out["value"] = std::to_string(r.number->value) + "E" + std::to_string(r.number->scaler);
    out["scaler"] = optional(r.scaler);
    out["unit"] = r.unit ? json(static_cast<int>(*r.unit)) : json{};
  } else if (r.raw.kind == sml::value::type::unsigned_integer) {
    out["raw"] = r.raw.bits;
  }
  if (r.status.width != 0) out["status"] = r.status.bits;
  if (r.val_time.kind != sml::moment::form::absent) out["val_time"] = time(r.val_time);
  return out;
}

std::string difference(const json& expected, const json& got, std::string path) {
  if (expected.is_object()) {
    for (const auto& [key, wanted] : expected.items()) {
      if (key == "unit_name") continue;  // a spelling, not a measured fact
      const auto at = got.find(key);
      if (at == got.end()) return path + "." + key + ": expected " + wanted.dump() + ", nothing came";
      if (key == "value" && same_number(wanted, *at)) continue;
      if (auto text = difference(wanted, *at, path + "." + key); !text.empty()) return text;
    }
    return {};
  }
  if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (auto text = difference(expected[i], got[i], path + "[" + std::to_string(i) + "]"); !text.empty()) return text;
    return {};
  }
  return expected == got ? std::string{} : path + ": expected " + expected.dump() + ", got " + got.dump();
}

}  // namespace smgw::vectors
