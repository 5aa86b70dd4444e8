// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/hex.hpp"
#include "protocols/cosem/data_types.hpp"
#include "protocols/cosem/delivery.hpp"
#include "protocols/cosem/names.hpp"

#include <algorithm>
#include <utility>

namespace smgw::cosem {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::unexpected<error> unfit(const type_row& row) {
  return fail(errc::malformed, "value does not fit its type: " + std::string{row.name});
}

expected<std::string> content(const data& d, const type_row& row) {
  switch (row.written) {
    case form::none: return d.value.index() == 0 ? expected<std::string>{std::string{}} : unfit(row);
    case form::boolean: {
      const auto* b = std::get_if<bool>(&d.value);
      if (b == nullptr) return unfit(row);
      return std::string{*b ? "true" : "false"};
    }
    case form::number: {
      if (const auto* n = std::get_if<std::int64_t>(&d.value); n != nullptr)
        return row.least < 0 && *n >= row.least && std::cmp_less_equal(*n, row.most)
                   ? expected<std::string>{std::to_string(*n)}
                   : unfit(row);
      const auto* n = std::get_if<std::uint64_t>(&d.value);
      if (n == nullptr || row.least < 0 || *n > row.most) return unfit(row);
      return std::to_string(*n);
    }
    case form::hex: {
      const auto* octets = std::get_if<bytes>(&d.value);
      if (octets == nullptr || (row.octets != 0 && octets->size() != row.octets)) return unfit(row);
      return to_hex(*octets);
    }
    case form::bits:
    case form::text: {
      const auto* text = std::get_if<std::string>(&d.value);
      const auto fits = [&](char c) {
        return row.written == form::bits ? c == '0' || c == '1'
                                         : d.type != data_type::visible_string || (c >= ' ' && c < 0x7f);
      };
      if (text == nullptr || !is_xml_text(*text) || !std::ranges::all_of(*text, fits)) return unfit(row);
      return escaped(*text);
    }
    case form::list: break;
  }
  return unfit(row);
}

expected<void> put_data(std::string& out, const data& d, std::size_t depth) {
  if (depth >= max_depth) return fail(errc::exhausted, "nested too deeply");
  const auto& row = row_of(d.type);
  const std::string name{row.name};
  if (row.written != form::list) {
    SMGW_TRY(const auto text, content(d, row));
    out += text.empty() ? "<" + name + "/>" : "<" + name + ">" + text + "</" + name + ">";
    return {};
  }
  const auto* list = std::get_if<std::vector<data>>(&d.value);
  if (list == nullptr) return unfit(row);
  out += "<" + name + ">";
  for (const auto& one : *list) SMGW_CHECK(put_data(out, one, depth + 1));
  out += "</" + name + ">";
  return {};
}

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
std::string root_namespace() { return " xmlns=\"" + std::string{namespace_structure} + "\""; }

using level = std::optional<std::uint32_t>;
bool ends(const level& depth) noexcept { return depth == 0U; }
level below(const level& depth) noexcept { return depth ? level{*depth - 1} : level{}; }

/// `<name extra>` and what `inside` adds, or the element alone where the depth ends.
template <class Inside>
expected<void> put_element(std::string& out, std::string_view name, const std::string& extra, const level& depth,
                           const Inside& inside) {
  out += "<" + std::string{name} + extra;
  if (ends(depth)) {
    out += "/>";
    return {};
  }
  out += ">";
  SMGW_CHECK(inside());
  out += "</" + std::string{name} + ">";
  return {};
}

std::string count_of(std::size_t n) { return " count=\"" + std::to_string(n) + "\""; }

expected<void> put_attribute(std::string& out, const attribute_value& a, const std::string& extra, const level& depth) {
  return put_element(out, "attribute", " id=\"" + std::to_string(a.id) + "\"" + extra, depth, [&] {
    // Devices, device, objects, object, attributes and attribute are around it.
    return put_data(out, a.value, 6);
  });
}

expected<void> put_attributes(std::string& out, std::span<const attribute_value> list, const std::string& extra,
                              const level& depth) {
  return put_element(out, "attributes", count_of(list.size()) + extra, depth, [&]() -> expected<void> {
    for (const auto& a : list) SMGW_CHECK(put_attribute(out, a, {}, below(depth)));
    return {};
  });
}

expected<void> put_object(std::string& out, const object_value& o, const std::string& extra, const level& depth) {
  const auto names = " class-id=\"" + std::to_string(o.id.class_id) + "\" version=\"" + std::to_string(o.version) +
                     "\" id=\"" + o.id.name.hex() + "\"";
  return put_element(out, "object", names + extra, depth,
                     [&] { return put_attributes(out, o.attributes, {}, below(depth)); });
}

expected<void> put_objects(std::string& out, std::span<const object_value> list, const std::string& extra,
                           const level& depth) {
  return put_element(out, "objects", count_of(list.size()) + extra, depth, [&]() -> expected<void> {
    for (const auto& o : list) SMGW_CHECK(put_object(out, o, {}, below(depth)));
    return {};
  });
}

expected<void> put_device(std::string& out, const device_value& d, const std::string& extra, const level& depth) {
  return put_element(out, "ldev", " id=\"" + escaped(d.id) + "\"" + extra, depth,
                     [&] { return put_objects(out, d.objects, {}, below(depth)); });
}

expected<void> put_devices(std::string& out, std::span<const device_value> list, const std::string& extra,
                           const level& depth) {
  return put_element(out, "ldevs", count_of(list.size()) + extra, depth, [&]() -> expected<void> {
    for (const auto& d : list) SMGW_CHECK(put_device(out, d, {}, below(depth)));
    return {};
  });
}

/// A whole document from one of the functions above.
template <class Put, class Value, class... More>
expected<std::string> document(const Put& put, const Value& value, const More&... more) {
  std::string out{declaration};
  SMGW_CHECK(put(out, value, root_namespace(), more...));
  return out;
}

}  // namespace

expected<std::string> write_attribute(const attribute_value& a) { return document(put_attribute, a, level{}); }
expected<std::string> write_attributes(std::span<const attribute_value> list) { return write_attributes(list, {}); }
expected<std::string> write_attributes(std::span<const attribute_value> list, std::optional<std::uint32_t> depth) {
  return document(put_attributes, list, depth);
}
expected<std::string> write_object(const object_value& object) { return document(put_object, object, level{}); }
expected<std::string> write_objects(std::span<const object_value> list, std::optional<std::uint32_t> depth) {
  return document(put_objects, list, depth);
}
expected<std::string> write_device(const device_value& device, std::optional<std::uint32_t> depth) {
  return document(put_device, device, depth);
}
expected<std::string> write_devices(std::span<const device_value> list, std::optional<std::uint32_t> depth) {
  return document(put_devices, list, depth);
}

expected<std::string> write_cosem(std::span<const device_value> list, std::optional<std::uint32_t> depth) {
  std::string out{declaration};
  SMGW_CHECK(
      put_element(out, "cosem", root_namespace(), depth, [&] { return put_devices(out, list, {}, below(depth)); }));
  return out;
}

expected<std::string> write_container(const object_id& id, std::span<const object_value> objects) {
  auto out = std::string{declaration} + "<container id=\"" + id.name.hex() + "\"" + root_namespace() + ">";
  for (const auto& o : objects) SMGW_CHECK(put_object(out, o, {}, {}));
  return out + "</container>";
}

expected<std::string> write_container(const object_id& id, std::span<const device_value> devices) {
  auto out = std::string{declaration} + "<container id=\"" + id.name.hex() + "\"" + root_namespace() + ">";
  for (const auto& d : devices) SMGW_CHECK(put_device(out, d, {}, {}));
  return out + "</container>";
}

expected<std::string> write_method_request(const std::optional<data>& input) {
  auto out = std::string{declaration} + "<methodRequestParameter" + root_namespace() + ">";
  if (input) SMGW_CHECK(put_data(out, *input, 1));
  return out + "</methodRequestParameter>";
}

expected<std::string> write_method_response(std::uint8_t status, const std::optional<data>& result) {
  auto out = std::string{declaration} + "<methodResponse" + root_namespace() + "><methodResponseStatus>" +
             std::to_string(status) + "</methodResponseStatus>";
  if (result) {
    out += "<methodResponseData>";
    SMGW_CHECK(put_data(out, *result, 2));
    out += "</methodResponseData>";
  }
  return out + "</methodResponse>";
}

}  // namespace smgw::cosem
