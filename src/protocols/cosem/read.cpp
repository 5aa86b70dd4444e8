// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/cosem/delivery.hpp"
#include "protocols/cosem/names.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace smgw::cosem {
namespace {

constexpr std::size_t max_signature = 128;  ///< r‖s of a 512-bit curve

/// Elements by namespace and local name. Prefixes are declared at the root, as every document seen has them; pugixml
/// knows no namespaces.
class names {
 public:
  static expected<names> of(pugi::xml_node root) {
    names n;
    for (const auto attribute : root.attributes()) {
      const std::string_view name = attribute.name(), value = attribute.value();
      if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
      const auto prefix = name == "xmlns" ? std::string{} : std::string{name.substr(6)} + ":";
      if (value == namespace_profile) n.profile_ = prefix;
      if (value == namespace_extension) n.extension_ = prefix;
    }
    if (!n.profile_ || !n.extension_) return fail(errc::unsupported, "namespaces of another document");
    return n;
  }
  [[nodiscard]] bool profile(pugi::xml_node n, std::string_view local) const { return is(n, *profile_, local); }
  [[nodiscard]] bool extension(pugi::xml_node n, std::string_view local) const { return is(n, *extension_, local); }
  /// The only child of this name; malformed if there is none or more than one.
  [[nodiscard]] expected<pugi::xml_node> profile_child(pugi::xml_node parent, std::string_view local) const {
    return child(parent, *profile_, local);
  }
  [[nodiscard]] expected<pugi::xml_node> extension_child(pugi::xml_node parent, std::string_view local) const {
    return child(parent, *extension_, local);
  }

 private:
  static bool is(pugi::xml_node n, std::string_view prefix, std::string_view local) {
    const std::string_view name = n.name();
    return name.size() == prefix.size() + local.size() && name.starts_with(prefix) && name.ends_with(local);
  }
  static expected<pugi::xml_node> child(pugi::xml_node parent, std::string_view prefix, std::string_view local) {
    pugi::xml_node found;
    for (const auto n : parent.children())
      if (is(n, prefix, local)) {
        if (found) return fail(errc::malformed, "element twice: " + std::string{local});
        found = n;
      }
    if (!found) return fail(errc::malformed, "element missing: " + std::string{local});
    return found;
  }
  std::optional<std::string> profile_, extension_;
};

template <class Number>
expected<Number> to_number(std::string_view text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return fail(errc::malformed, "number");
  return value;
}

/// `0100010800ff.1emh0010482201.sm`
expected<std::pair<obis, std::string>> split_name(std::string_view name) {
  constexpr std::size_t hex_digits = 12;
  if (name.size() < hex_digits + 2 || name[hex_digits] != '.') return fail(errc::malformed, "logical name");
  SMGW_TRY(const auto code, obis::parse(name.substr(0, hex_digits)));
  const auto source = name.substr(hex_digits + 1);
  if (!is_name(source)) return fail(errc::malformed, "logical name");
  return std::pair{code, std::string{source}};
}

expected<status_word> read_status(const names& ns, pugi::xml_node status) {
  if (const auto combined = ns.extension_child(status, "octet-string"); combined) {
    const std::string_view text = combined->text().get();
    SMGW_TRY(const auto octets, from_hex(text));
    if (octets.size() != 8) return fail(errc::malformed, "status word");
    return status_word{load_be<std::uint32_t>(octets.data()), load_be<std::uint32_t>(octets.data() + 4)};
  }
  SMGW_TRY(const auto coarse, ns.extension_child(status, "unsigned"));
  SMGW_TRY(const auto value, to_number<std::uint8_t>(coarse.text().get()));
  status_word word;
  if (value == coarse_missing) word.smgw |= 1u << 13;  // SMGW_NoValue
  if (value == coarse_invalid) word.smgw |= 1u << 1;   // SMGW_ValueNotValidated
  if (value > coarse_invalid) return fail(errc::unsupported, "status");
  return word;
}

expected<list_entry> read_entry(const names& ns, pugi::xml_node node, const channel& of) {
  list_entry e;
  SMGW_TRY(const auto value, ns.extension_child(node, "value"));
  const auto number = ns.extension_child(value, "long64");
  if (!number) return fail(errc::unsupported, "data type of a value");
  SMGW_TRY(e.value.value.value, to_number<std::int64_t>(number->text().get()));
  SMGW_TRY(const auto scaler, ns.extension_child(node, "scaler"));
  SMGW_TRY(e.value.value.scaler, to_number<std::int8_t>(scaler.text().get()));
  SMGW_TRY(const auto code, ns.extension_child(node, "unit"));
  SMGW_TRY(const auto unit_code, to_number<std::uint8_t>(code.text().get()));
  e.value.measured = static_cast<unit>(unit_code);
  SMGW_TRY(const auto status, ns.extension_child(node, "status"));
  SMGW_TRY(e.value.status, read_status(ns, status));
  SMGW_TRY(const auto time, ns.extension_child(node, "capture_time"));
  SMGW_TRY(e.value.captured, parse_iso8601(time.text().get()));
  SMGW_TRY(const auto signature, ns.extension_child(node, "smgw_signature"));
  SMGW_TRY(e.signature, from_hex(signature.text().get()));
  if (e.signature.size() > max_signature) return fail(errc::exhausted, "inner signature too long");
  e.target = e.value.captured;
  e.value.register_name = of.register_name;
  if (of.source.ends_with(".sm"))
    if (const auto id = device_id::parse(std::string_view{of.source}.substr(0, of.source.size() - 3)); id)
      e.value.meter = *id;
  return e;
}

/// Nothing is skipped silently: a child that is not of this name is refused.
expected<void> only_children(const names& ns, pugi::xml_node parent, std::string_view local) {
  for (const auto n : parent.children())
    if (!ns.profile(n, local)) return fail(errc::unsupported, "element not known here");
  return {};
}

expected<std::vector<channel>> read_channels(const names& ns, pugi::xml_node attributes) {
  SMGW_TRY(const auto objects, ns.profile_child(attributes, "capture_objects"));
  SMGW_CHECK(only_children(ns, objects, "capture_object"));
  std::vector<channel> channels;
  for (const auto object : objects.children()) {
    if (channels.size() == max_channels) return fail(errc::exhausted, "too many channels");
    SMGW_TRY(const auto name, ns.extension_child(object, "logical_name"));
    SMGW_TRY(auto parts, split_name(name.text().get()));
    channels.push_back({parts.first, std::move(parts.second), {}});
  }
  return channels;
}

expected<void> read_columns(const names& ns, pugi::xml_node attributes, std::vector<channel>& channels) {
  SMGW_TRY(const auto buffer, ns.profile_child(attributes, "buffer"));
  SMGW_TRY(const auto data, ns.profile_child(buffer, "simple_data"));
  SMGW_CHECK(only_children(ns, data, "column"));
  std::size_t entries = 0;
  std::size_t index = 0;
  for (const auto column : data.children()) {
    if (index == channels.size()) return fail(errc::malformed, "column without a capture object");
    auto& c = channels[index++];
    SMGW_CHECK(only_children(ns, column, "entry_gateway_signed"));
    for (const auto entry : column.children()) {
      if (++entries > max_entries) return fail(errc::exhausted, "too many entries");
      SMGW_TRY(auto e, read_entry(ns, entry, c));
      c.entries.push_back(std::move(e));
    }
  }
  if (index != channels.size()) return fail(errc::malformed, "capture object without a column");
  return {};
}

/// A tag without its `>`. A quotation mark left open means that the `>` found was inside a value.
expected<void> check_tag(std::string_view tag, bool inner) {
  if (std::ranges::count(tag, '"') % 2 != 0 || std::ranges::count(tag, '\'') % 2 != 0)
    return fail(errc::malformed, "quotation mark");
  if (inner && tag.contains("xmlns")) return fail(errc::unsupported, "namespace declared below the root");
  return {};
}

}  // namespace

expected<void> scan(std::string_view text) {
  if (text.size() > max_document) return fail(errc::exhausted, "document too long");
  if (text.contains('\0')) return fail(errc::malformed, "document");
  std::size_t depth = 0;
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const auto rest = text.substr(at);
    if (rest.starts_with("<!--")) {
      const auto end = rest.find("-->", 4);
      if (end == std::string_view::npos) return fail(errc::malformed, "comment");
      at += end + 3;
      continue;
    }
    if (rest.starts_with("<!")) return fail(errc::malformed, "declaration not allowed");
    const auto end = rest.find('>');
    if (end == std::string_view::npos) return fail(errc::malformed, "markup cut off");
    SMGW_CHECK(check_tag(rest.substr(0, end), depth > 0));
    if (rest[1] == '/') {
      if (depth == 0) return fail(errc::malformed, "end without a start");
      --depth;
    } else if (rest[1] != '?' && rest[end - 1] != '/' && ++depth > max_depth) {
      return fail(errc::exhausted, "nested too deeply");
    }
    at += end + 1;
  }
  return {};
}

namespace {

expected<delivery> read_object(pugi::xml_node root) {
  SMGW_TRY(const auto ns, names::of(root));
  if (!ns.profile(root, "object")) return fail(errc::unsupported, "not an object of a profile");
  if (std::string_view{root.attribute("class_id").value()} != "7")
    return fail(errc::unsupported, "class of the object");
  delivery d;
  SMGW_TRY(auto parts, split_name(root.attribute("id").value()));
  d.profile_name = parts.first;
  d.source = std::move(parts.second);
  SMGW_TRY(const auto attributes, ns.profile_child(root, "attributes"));
  SMGW_TRY(d.channels, read_channels(ns, attributes));
  SMGW_CHECK(read_columns(ns, attributes, d.channels));
  return d;
}

}  // namespace

expected<delivery> read(std::string_view document) {
  SMGW_CHECK(scan(document));
  try {
    pugi::xml_document parsed;
    // Built-in entities only; comments, processing instructions and blanks between elements leave no node.
    constexpr unsigned options = pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol;
    const auto result = parsed.load_buffer(document.data(), document.size(), options, pugi::encoding_utf8);
    if (!result) return fail(errc::malformed, result.description());
    const auto root = parsed.document_element();
    if (root.next_sibling() || root.previous_sibling()) return fail(errc::malformed, "more than one root");
    return read_object(root);
  } catch (const std::exception&) {
    return fail(errc::internal, "XML");
  }
}

}  // namespace smgw::cosem
