// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/hex.hpp"
#include "protocols/cosem/data_types.hpp"
#include "protocols/cosem/delivery.hpp"
#include "protocols/cosem/names.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace smgw::cosem {
namespace {

template <class Number>
expected<Number> number(std::string_view text) {
  Number value{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || code != std::errc{} || stop != end) return fail(errc::malformed, "number");
  return value;
}

/// Local names of elements whose prefix the root binds to one of our two namespaces.
class reader {
 public:
  static expected<reader> of(pugi::xml_node root) {
    reader r;
    for (const auto a : root.attributes()) {
      const std::string_view name = a.name(), value = a.value();
      if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
      if (value != namespace_structure && value != namespace_data) return fail(errc::unsupported, "namespace");
      r.prefixes_.push_back(name == "xmlns" ? std::string{} : std::string{name.substr(6)} + ":");
    }
    // Examples of the guideline leave the declaration out.
    if (r.prefixes_.empty()) r.prefixes_.emplace_back();
    return r;
  }
  /// Empty if the element is of another namespace.
  [[nodiscard]] std::string_view local(pugi::xml_node n) const {
    const std::string_view name = n.name();
    const auto colon = name.find(':');
    const auto prefix = colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon + 1);
    if (std::ranges::find(prefixes_, prefix) == prefixes_.end()) return {};
    return name.substr(prefix.size());
  }
  expected<data> read_data(pugi::xml_node n);
  /// The one element inside; malformed if there are none or more, or text beside it.
  expected<data> read_only(pugi::xml_node parent) {
    const auto first = parent.first_child();
    if (!first || first.next_sibling() || first.type() != pugi::node_element)
      return fail(errc::malformed, "exactly one value belongs here");
    return read_data(first);
  }
  expected<attribute_value> read_attribute(pugi::xml_node n);
  expected<object_value> read_object(pugi::xml_node n);
  expected<std::vector<object_value>> read_objects(pugi::xml_node parent);
  expected<device_value> read_device(pugi::xml_node n);

 private:
  std::vector<std::string> prefixes_;
  std::size_t values_ = 0;
};

expected<data> read_number(const type_row& row, std::string_view text) {
  data out{row.type, {}};
  if (row.least < 0) {
    SMGW_TRY(const auto n, number<std::int64_t>(text));
    if (n < row.least || std::cmp_greater(n, row.most)) return fail(errc::malformed, "number outside its type");
    out.value = n;
  } else {
    SMGW_TRY(const auto n, number<std::uint64_t>(text));
    if (n > row.most) return fail(errc::malformed, "number outside its type");
    out.value = n;
  }
  return out;
}

expected<data> read_scalar(const type_row& row, std::string_view text) {
  switch (row.written) {
    case form::none:
      if (!text.empty()) return fail(errc::malformed, "a value without content has one");
      return data{row.type, {}};
    case form::boolean:
      if (text == "true" || text == "1") return data{row.type, true};
      if (text == "false" || text == "0") return data{row.type, false};
      return fail(errc::malformed, "boolean");
    case form::number: return read_number(row, text);
    case form::hex: {
      SMGW_TRY(auto octets, from_hex(text));
      if (row.octets != 0 && octets.size() != row.octets) return fail(errc::malformed, "number of octets");
      return data{row.type, std::move(octets)};
    }
    case form::bits:
      if (!std::ranges::all_of(text, [](char c) { return c == '0' || c == '1'; }))
        return fail(errc::malformed, "bit-string: 0 and 1");
      return data{row.type, std::string{text}};
    case form::text: {
      const auto printable = [](char c) { return c >= ' ' && c < 0x7f; };
      if (!is_xml_text(text) || (row.type == data_type::visible_string && !std::ranges::all_of(text, printable)))
        return fail(errc::malformed, "text");
      return data{row.type, std::string{text}};
    }
    case form::list: break;
  }
  return fail(errc::internal, "type");
}

/// Recursion is bounded: scan() has refused what is deeper than max_depth.
expected<data> reader::read_data(pugi::xml_node n) {
  if (++values_ > max_values) return fail(errc::exhausted, "too many values");
  const auto* row = row_of(local(n));
  if (row == nullptr) return fail(errc::unsupported, "data type not known: " + std::string{n.name()}.substr(0, 40));
  if (row->written == form::list) {
    std::vector<data> list;
    for (const auto child : n.children()) {
      if (child.type() != pugi::node_element) return fail(errc::malformed, "text inside a list");
      SMGW_TRY(auto one, read_data(child));
      list.push_back(std::move(one));
    }
    return data{row->type, std::move(list)};
  }
  const auto text = n.first_child();
  if (text && (text.type() == pugi::node_element || text.next_sibling()))
    return fail(errc::malformed, "a value holds text only");
  return read_scalar(*row, text.value());
}

expected<attribute_value> reader::read_attribute(pugi::xml_node n) {
  if (local(n) != "attribute") return fail(errc::unsupported, "not an attribute");
  attribute_value a;
  SMGW_TRY(a.id, number<std::int8_t>(n.attribute("id").value()));
  SMGW_TRY(a.value, read_only(n));
  return a;
}

expected<object_value> reader::read_object(pugi::xml_node n) {
  if (local(n) != "object") return fail(errc::unsupported, "not an object");
  object_value o;
  const std::string id = std::string{n.attribute("class-id").value()} + "-" + n.attribute("id").value();
  SMGW_TRY(o.id, object_id::parse(id));
  SMGW_TRY(o.version, number<std::uint8_t>(n.attribute("version").value()));
  const auto list = n.first_child();
  if (local(list) != "attributes" || list.next_sibling())
    return fail(errc::malformed, "object: attributes belong here");
  for (const auto child : list.children()) {
    SMGW_TRY(auto a, read_attribute(child));
    if (std::ranges::find(o.attributes, a.id, &attribute_value::id) != o.attributes.end())
      return fail(errc::malformed, "attribute twice");
    o.attributes.push_back(std::move(a));
  }
  return o;
}

expected<std::vector<object_value>> reader::read_objects(pugi::xml_node parent) {
  std::vector<object_value> out;
  for (const auto child : parent.children()) {
    SMGW_TRY(auto o, read_object(child));
    if (std::ranges::find(out, o.id, &object_value::id) != out.end()) return fail(errc::malformed, "object twice");
    out.push_back(std::move(o));
  }
  return out;
}

/// The schema wants octets in hex, its examples print the canonical name: names are what is written here.
expected<device_value> reader::read_device(pugi::xml_node n) {
  if (local(n) != "ldev") return fail(errc::unsupported, "not a logical device");
  device_value d;
  d.id = n.attribute("id").value();
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  if (d.id.empty() || d.id.size() > max_device || !std::ranges::all_of(d.id, plain))
    return fail(errc::malformed, "ldev id: 1 to 63 letters, digits, '.', '-' and '_'");
  const auto list = n.first_child();
  if (local(list) != "objects" || list.next_sibling()) return fail(errc::malformed, "ldev: objects belong here");
  SMGW_TRY(d.objects, read_objects(list));
  return d;
}

/// Parses the document and reads its root with `read(reader, root)`.
template <class T, class Read>
expected<T> read_root(std::string_view document, Read read) {
  SMGW_CHECK(scan(document));
  try {
    pugi::xml_document parsed;
    // Blanks are kept where they are all there is: they may be a text.
    constexpr unsigned options = pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single;
    const auto result = parsed.load_buffer(document.data(), document.size(), options, pugi::encoding_utf8);
    if (!result) return fail(errc::malformed, result.description());
    const auto root = parsed.document_element();
    if (root.next_sibling() || root.previous_sibling()) return fail(errc::malformed, "more than one root");
    SMGW_TRY(auto r, reader::of(root));
    return read(r, root);
  } catch (const std::exception&) {
    return fail(errc::internal, "XML");
  }
}

}  // namespace

expected<attribute_value> read_attribute(std::string_view document) {
  return read_root<attribute_value>(document, [](reader& r, pugi::xml_node n) { return r.read_attribute(n); });
}

expected<object_value> read_object_value(std::string_view document) {
  return read_root<object_value>(document, [](reader& r, pugi::xml_node n) { return r.read_object(n); });
}

expected<std::vector<object_value>> read_container(std::string_view document) {
  using list = std::vector<object_value>;
  return read_root<list>(document, [](reader& r, pugi::xml_node n) -> expected<list> {
    if (r.local(n) != "container") return fail(errc::unsupported, "not a container");
    return r.read_objects(n);
  });
}

expected<device_value> read_device(std::string_view document) {
  return read_root<device_value>(document, [](reader& r, pugi::xml_node n) { return r.read_device(n); });
}

expected<std::vector<device_value>> read_devices(std::string_view document) {
  using list = std::vector<device_value>;
  return read_root<list>(document, [](reader& r, pugi::xml_node n) -> expected<list> {
    if (r.local(n) != "container") return fail(errc::unsupported, "not a container");
    list out;
    for (const auto child : n.children()) {
      SMGW_TRY(auto d, r.read_device(child));
      if (std::ranges::find(out, d.id, &device_value::id) != out.end())
        return fail(errc::malformed, "logical device twice");
      out.push_back(std::move(d));
    }
    return out;
  });
}

expected<std::optional<data>> read_method_request(std::string_view document) {
  return read_root<std::optional<data>>(document, [](reader& r, pugi::xml_node n) -> expected<std::optional<data>> {
    if (r.local(n) != "methodRequestParameter") return fail(errc::unsupported, "not the parameter of a method");
    if (!n.first_child()) return std::nullopt;
    SMGW_TRY(auto d, r.read_only(n));
    return d;
  });
}

}  // namespace smgw::cosem
