// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cosem/address.hpp"

#include "base/check.hpp"
#include "base/time_text.hpp"
#include "protocols/http/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace smgw::cosem {
namespace {

template <class Number>
expected<Number> number(std::string_view text, int base, const char* what) {
  Number value{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || code != std::errc{} || stop != end) return fail(errc::malformed, what);
  return value;
}

/// One spelling for each number: two would be two addresses of one thing.
bool is_canonical(std::string_view digits) noexcept {
  if (digits.starts_with('-')) digits.remove_prefix(1);
  return digits == "0" || !digits.starts_with('0');
}

expected<int> read_index(std::string_view text) {
  SMGW_TRY(const auto value, number<int>(text, 10, "number of an attribute or method"));
  if (value < -128 || value > 127 || !is_canonical(text) || text == "-0")
    return fail(errc::malformed, "number of an attribute or method: -128 to 127");
  return value;
}

/// Decimal, or hex with a leading x (Anlage II 7.8).
expected<std::uint32_t> read_count(std::string_view text) {
  if (text.starts_with('x')) return number<std::uint32_t>(text.substr(1), 16, "number in the query");
  return number<std::uint32_t>(text, 10, "number in the query");
}

constexpr std::array access_names{
    std::string_view{"sa.fromidx"},      std::string_view{"sa.count"},    std::string_view{"sa.toidx"},
    std::string_view{"sa.fromcol"},      std::string_view{"sa.tocol"},    std::string_view{"sa.retrievecolumns"},
    std::string_view{"sa.filtercolumn"}, std::string_view{"sa.fromtype"}, std::string_view{"sa.totype"},
    std::string_view{"sa.from"},         std::string_view{"sa.to"},
};

expected<void> read_parameter(selection& s, const http::parameter& p) {
  if (p.name == "q.fromidx") {
    SMGW_TRY(s.from_index, read_count(p.value));
    if (s.from_index == 0) return fail(errc::malformed, "q.fromidx starts at 1");
  } else if (p.name == "q.count") {
    if (p.value.empty()) return {};  // unlimited
    SMGW_TRY(s.count, read_count(p.value));
  } else if (p.name == "q.depth") {
    SMGW_TRY(s.depth, read_count(p.value));
  } else if (p.name == "q.fromtime") {
    SMGW_TRY(s.from, parse_iso8601(p.value));
  } else if (p.name == "q.totime") {
    SMGW_TRY(s.to, parse_iso8601(p.value));
  } else if (std::ranges::find(access_names, p.name) != access_names.end()) {
    s.access.emplace_back(p.name, p.value);
  } else {
    return fail(errc::malformed, "query parameter not known: " + p.name);
  }
  return {};
}

expected<selection> read_selection(const http::target& t) {
  selection s;
  // A list with its slash ends after its own children.
  if (t.list) s.depth = 1;
  for (const auto& p : t.query)
    if (t.find(p.name) == &p.value) SMGW_CHECK(read_parameter(s, p));
  return s;
}

using segments = std::span<const std::string>;
std::unexpected<error> nowhere() { return fail(errc::unsupported, "no such place in the tree"); }

expected<void> read_member(address& a, segments s, node list, node one) {
  a.kind = list;
  if (s.empty()) return {};
  if (s.size() > 1) return nowhere();
  a.kind = one;
  SMGW_TRY(a.index, read_index(s[0]));
  return {};
}

expected<void> read_object(address& a, segments s) {
  a.kind = node::objects;
  if (s.empty()) return {};
  SMGW_TRY(a.object, object_id::parse(s[0]));
  a.kind = node::object;
  if (s.size() == 1) return {};
  if (s[1] == "attributes") return read_member(a, s.subspan(2), node::attributes, node::attribute);
  if (s[1] == "methods") return read_member(a, s.subspan(2), node::methods, node::method);
  return nowhere();
}

expected<void> read_container(address& a, segments s, node list, node one) {
  a.kind = list;
  if (s.empty()) return {};
  if (s.size() > 1) return nowhere();
  a.kind = one;
  SMGW_TRY(a.object, object_id::parse(s[0]));
  return {};
}

expected<void> read_device(address& a, segments s) {
  a.kind = node::devices;
  if (s.empty()) return {};
  if (s[0].size() > max_device) return fail(errc::malformed, "logical device id too long");
  a.device = s[0];
  a.kind = node::device;
  if (s.size() == 1) return {};
  if (s[1] == "objects") return read_object(a, s.subspan(2));
  if (s[1] == "containers") return read_container(a, s.subspan(2), node::containers, node::container);
  return nowhere();
}

expected<void> read_place(address& a, segments s) {
  if (s.empty() || s[0] != "cosem") return nowhere();
  if (s.size() == 1) return {};
  if (s[1] == "ldevs") return read_device(a, s.subspan(2));
  if (s[1] == "containers") return read_container(a, s.subspan(2), node::top_containers, node::top_container);
  return nowhere();
}

}  // namespace

std::string object_id::text() const { return std::to_string(class_id) + "-" + name.hex(); }

expected<object_id> object_id::parse(std::string_view text) {
  const auto hyphen = text.find('-');
  const auto name = hyphen == std::string_view::npos ? std::string_view{} : text.substr(hyphen + 1);
  const auto digits = text.substr(0, hyphen);
  const bool hex = std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  constexpr std::size_t short_name = 10, full_name = 12;
  if (!hex || (name.size() != short_name && name.size() != full_name) || !is_canonical(digits))
    return fail(errc::malformed, "object: class, hyphen and 12 lower-case hex digits");
  object_id out;
  SMGW_TRY(out.class_id, number<std::uint16_t>(digits, 10, "class of an object"));
  SMGW_TRY(out.name, obis::parse(name.size() == short_name ? std::string{name} + "ff" : std::string{name}));
  return out;
}

expected<address> parse_address(std::string_view target, std::string_view poc) {
  if (target.size() > max_uri) return fail(errc::exhausted, "URI too long");
  if (!target.starts_with(poc) || !target.substr(poc.size()).starts_with('/')) return nowhere();
  SMGW_TRY(const auto t, http::parse_target(target.substr(poc.size()), http::path_octets::binary));
  address a;
  SMGW_CHECK(read_place(a, t.segments));
  SMGW_TRY(a.query, read_selection(t));
  return a;
}

std::string path_of(const address& a, std::string_view poc) {
  auto out = std::string{poc} + "/cosem";
  if (a.kind == node::root) return out;
  if (a.kind == node::top_containers) return out + "/containers";
  if (a.kind == node::top_container) return out + "/containers/" + a.object.text();
  out += "/ldevs";
  if (a.kind == node::devices) return out;
  out += "/" + http::encode_segment(a.device);
  if (a.kind == node::device) return out;
  if (a.kind == node::containers) return out + "/containers";
  if (a.kind == node::container) return out + "/containers/" + a.object.text();
  out += "/objects";
  if (a.kind == node::objects) return out;
  out += "/" + a.object.text();
  if (a.kind == node::attributes) return out + "/attributes";
  if (a.kind == node::attribute) return out + "/attributes/" + std::to_string(a.index);
  if (a.kind == node::methods) return out + "/methods";
  if (a.kind == node::method) return out + "/methods/" + std::to_string(a.index);
  return out;
}

}  // namespace smgw::cosem
