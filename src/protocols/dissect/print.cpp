// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/hex.hpp"
#include "protocols/dissect/telegram.hpp"

#include <nlohmann/json.hpp>

#include <format>

namespace smgw::dissect {
namespace {

using nlohmann::ordered_json;

/// Octets of one line on the terminal; longer fields go on in the next lines.
constexpr std::size_t line_octets = 12;

std::string clean(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += static_cast<unsigned char>(c) < 0x20 || c == '\x7f'
               ? std::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)))
               : std::string(1, c);
  return out;
}

void put_field(std::string& out, const layer& l, const field& f) {
  const auto octets = bytes_view{l.octets}.subspan(f.offset, f.size);
  for (std::size_t at = 0; at < octets.size(); at += line_octets) {
    const auto line = octets.subspan(at, std::min(line_octets, octets.size() - at));
    const auto label = at == 0 ? std::string(2 * std::size_t{f.depth}, ' ') + clean(f.name) : std::string();
    out += std::format("  {:04x}  {:<24}  {:<28}  {}", f.offset + at, to_hex(line), label,
                       at == 0 ? clean(f.meaning) : std::string());
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  }
}

ordered_json json_of(const layer& l) {
  ordered_json fields = ordered_json::array();
  for (const auto& f : l.fields)
    fields.push_back({{"offset", f.offset},
                      {"octets", to_hex(bytes_view{l.octets}.subspan(f.offset, f.size))},
                      {"depth", f.depth},
                      {"name", f.name},
                      {"meaning", f.meaning}});
  return {{"name", l.name}, {"title", l.title}, {"octets", to_hex(l.octets)}, {"fields", std::move(fields)}};
}

ordered_json json_of(const telegram& t) {
  ordered_json layers = ordered_json::array(), values = ordered_json::array();
  for (const auto& l : t.layers) layers.push_back(json_of(l));
  for (const auto& v : t.values)
    values.push_back(
        {{"obis", v.obis}, {"quantity", v.quantity}, {"value", v.text}, {"unit", v.unit}, {"note", v.note}});
  return {{"kind", t.kind},
          {"framing", t.framing},
          {"meter", t.meter},
          {"result", std::string(to_string(t.result))},
          {"reason", t.reason},
          {"layers", std::move(layers)},
          {"values", std::move(values)}};
}

}  // namespace

std::string_view to_string(outcome o) noexcept {
  constexpr std::string_view words[] = {"good", "no_key", "wrong_key", "damaged", "unsupported"};
  return words[static_cast<std::size_t>(o)];
}

std::string to_text(const telegram& t) {
  auto out = t.kind + (t.framing.empty() ? "" : " (" + t.framing + ")") +
             (t.meter.empty() ? "" : " from " + clean(t.meter)) + ": " + std::string(to_string(t.result)) +
             (t.reason.empty() ? "" : ": " + clean(t.reason)) + "\n";
  for (const auto& l : t.layers) {
    out += l.name + ": " + l.title + ", " + std::to_string(l.octets.size()) + " octets\n";
    for (const auto& f : l.fields) put_field(out, l, f);
  }
  if (!t.values.empty()) out += "values\n";
  for (const auto& v : t.values) {
    out += std::format("  {:<20}  {} {}", clean(v.obis.empty() ? v.quantity : v.obis), clean(v.text), v.unit);
    if (!v.obis.empty() && !v.quantity.empty()) out += "  " + v.quantity;
    if (!v.note.empty()) out += "  (" + clean(v.note) + ")";
    out += '\n';
  }
  return out;
}

std::string to_json(std::span<const telegram> all) {
  ordered_json telegrams = ordered_json::array();
  for (const auto& t : all) telegrams.push_back(json_of(t));
  const ordered_json whole{{"format", "smgw-lmn-decode"}, {"version", 1}, {"telegrams", std::move(telegrams)}};
  // Meters send texts in any character set: what is not UTF-8 is replaced.
  return whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace smgw::dissect
