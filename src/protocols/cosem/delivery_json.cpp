// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/delivery_json.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/cosem/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace smgw::cosem {
namespace {

using json = nlohmann::ordered_json;

/// A decimal text back to value and scaler: the digits behind the point are the scaler.
expected<decimal> read_decimal(std::string_view text) {
  const auto point = text.find('.');
  std::string digits{text.substr(0, point)};
  decimal d;
  if (point != text.npos) {
    const auto behind = text.substr(point + 1);
    if (behind.empty() || behind.size() > 18 || point == 0) return fail(errc::malformed, "value");
    digits += behind;
    d.scaler = static_cast<std::int8_t>(-static_cast<int>(behind.size()));
  }
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), d.value);
  if (digits.empty() || code != std::errc{} || stop != digits.data() + digits.size())
    return fail(errc::malformed, "value");
  return d;
}

json write_entry(const list_entry& e) {
  json out{{"capture_time", to_iso8601(e.value.captured)},
           {"value", e.value.value.text()},
           {"unit", static_cast<unsigned>(e.value.measured)},
           {"status", e.value.status.hex()}};
  if (!e.signature.empty()) out["smgw_signature"] = to_hex(e.signature);
  return out;
}

expected<std::string> text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return fail(errc::malformed, std::string(name) + ": a text");
  return found->get<std::string>();
}

expected<void> known_members(const json& object, std::initializer_list<std::string_view> names) {
  if (!object.is_object()) return fail(errc::malformed, "an object belongs here");
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(names, std::string_view{name}) == names.end())
      return fail(errc::malformed, "unknown member: " + name.substr(0, max_name));
  return {};
}

/// `0100010800ff.1emh0010482201.sm` to its two parts.
expected<std::pair<obis, std::string>> read_name(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == text.npos || !is_name(text.substr(dot + 1))) return fail(errc::malformed, "logical name");
  SMGW_TRY(const auto name, obis::parse(text.substr(0, dot)));
  return std::pair{name, std::string(text.substr(dot + 1))};
}

expected<list_entry> read_entry(const json& in, const channel& of) {
  SMGW_CHECK(known_members(in, {"capture_time", "value", "unit", "status", "smgw_signature"}));
  list_entry e;
  SMGW_TRY(const auto captured, text_of(in, "capture_time"));
  SMGW_TRY(e.value.captured, parse_iso8601(captured));
  SMGW_TRY(const auto value, text_of(in, "value"));
  SMGW_TRY(e.value.value, read_decimal(value));
  const auto measured = in.find("unit");
  if (measured == in.end() || !measured->is_number_unsigned() || measured->get<std::uint64_t>() > 255)
    return fail(errc::malformed, "unit: a number of IEC 62056-6-2");
  e.value.measured = static_cast<unit>(measured->get<std::uint8_t>());
  SMGW_TRY(const auto status, text_of(in, "status"));
  SMGW_TRY(const auto word, from_hex(status));
  if (word.size() != 8) return fail(errc::malformed, "status: 16 hex digits");
  const auto half = [&](std::size_t at) {
    return (std::uint32_t{word[at]} << 24) | (std::uint32_t{word[at + 1]} << 16) | (std::uint32_t{word[at + 2]} << 8) |
           word[at + 3];
  };
  e.value.status = {half(0), half(4)};
  if (in.contains("smgw_signature")) {
    SMGW_TRY(const auto signature, text_of(in, "smgw_signature"));
    SMGW_TRY(e.signature, from_hex(signature));
  }
  e.value.register_name = of.register_name;
  if (const auto meter = device_id::parse(std::string_view(of.source).substr(0, of.source.find('.'))))
    e.value.meter = *meter;
  e.target = e.value.captured;
  return e;
}

expected<channel> read_column(const json& in, std::size_t& entries) {
  SMGW_CHECK(known_members(in, {"logical_name", "entries"}));
  SMGW_TRY(const auto text, text_of(in, "logical_name"));
  SMGW_TRY(const auto name, read_name(text));
  channel c{name.first, name.second, {}};
  const auto list = in.find("entries");
  if (list == in.end() || !list->is_array()) return fail(errc::malformed, "entries: a list");
  entries += list->size();
  if (entries > max_entries) return fail(errc::exhausted, "too many entries");
  for (const auto& one : *list) {
    SMGW_TRY(auto e, read_entry(one, c));
    c.entries.push_back(std::move(e));
  }
  return c;
}

expected<delivery> read_parsed(const json& in) {
  SMGW_CHECK(known_members(in, {"logical_name", "columns"}));
  SMGW_TRY(const auto text, text_of(in, "logical_name"));
  SMGW_TRY(const auto name, read_name(text));
  delivery d{name.first, name.second, {}};
  const auto list = in.find("columns");
  if (list == in.end() || !list->is_array()) return fail(errc::malformed, "columns: a list");
  if (list->size() > max_channels) return fail(errc::exhausted, "too many columns");
  std::size_t entries = 0;
  for (const auto& one : *list) {
    SMGW_TRY(auto c, read_column(one, entries));
    d.channels.push_back(std::move(c));
  }
  return d;
}

}  // namespace

expected<std::string> write_json(const delivery& d) {
  std::size_t entries = 0;
  json columns = json::array();
  if (d.channels.size() > max_channels) return fail(errc::exhausted, "too many columns");
  for (const auto& c : d.channels) {
    if (!is_name(c.source)) return fail(errc::malformed, "name of a column: 0-9 a-z . -");
    entries += c.entries.size();
    json list = json::array();
    for (const auto& e : c.entries) list.push_back(write_entry(e));
    columns.push_back({{"logical_name", c.logical_name()}, {"entries", std::move(list)}});
  }
  if (entries > max_entries) return fail(errc::exhausted, "too many entries");
  if (!is_name(d.source)) return fail(errc::malformed, "name of the delivery: 0-9 a-z . -");
  return json{{"logical_name", d.logical_name()}, {"columns", std::move(columns)}}.dump();
}

expected<delivery> read_json(std::string_view document) {
  if (document.size() > max_document) return fail(errc::exhausted, "document too large");
  // The depth is bounded before a tree is built: a list of lists would be one on the stack for each level.
  std::size_t deep = 0, deepest = 0;
  for (const char c : document) {
    if (c == '{' || c == '[') deepest = std::max(deepest, ++deep);
    if ((c == '}' || c == ']') && deep > 0) --deep;
  }
  if (deepest > max_depth) return fail(errc::exhausted, "nested too deeply");
  const auto parsed = json::parse(document, nullptr, false);
  if (parsed.is_discarded()) return fail(errc::malformed, "not JSON");
  return read_parsed(parsed);
}

}  // namespace smgw::cosem
