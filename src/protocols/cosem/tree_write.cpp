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

expected<void> put_attributes(std::string& out, std::span<const attribute_value> list, const std::string& extra) {
  out += "<attributes count=\"" + std::to_string(list.size()) + "\"" + extra + ">";
  for (const auto& a : list) {
    out += "<attribute id=\"" + std::to_string(a.id) + "\">";
    // Container, object, attributes and attribute are around it.
    SMGW_CHECK(put_data(out, a.value, 4));
    out += "</attribute>";
  }
  out += "</attributes>";
  return {};
}

expected<void> put_object(std::string& out, const object_value& o, const std::string& extra) {
  out += "<object class-id=\"" + std::to_string(o.id.class_id) + "\" version=\"" + std::to_string(o.version) +
         "\" id=\"" + o.id.name.hex() + "\"" + extra + ">";
  SMGW_CHECK(put_attributes(out, o.attributes, {}));
  out += "</object>";
  return {};
}

}  // namespace

expected<std::string> write_attributes(std::span<const attribute_value> list) {
  std::string out{declaration};
  SMGW_CHECK(put_attributes(out, list, root_namespace()));
  return out;
}

expected<std::string> write_object(const object_value& object) {
  std::string out{declaration};
  SMGW_CHECK(put_object(out, object, root_namespace()));
  return out;
}

expected<std::string> write_container(const object_id& id, std::span<const object_value> objects) {
  auto out = std::string{declaration} + "<container id=\"" + id.name.hex() + "\"" + root_namespace() + ">";
  for (const auto& o : objects) SMGW_CHECK(put_object(out, o, {}));
  return out + "</container>";
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
