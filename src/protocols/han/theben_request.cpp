// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/octets.hpp"
#include "base/time_text.hpp"
#include "protocols/han/theben_parts.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace smgw::han::theben {
namespace {

using nlohmann::json;

constexpr std::size_t max_channels = 64;

/// Empty if it is missing.
expected<std::string> text_of(const json& asked, const char* name) {
  const auto found = asked.find(name);
  if (found == asked.end() || found->is_null()) return std::string{};
  if (found->is_boolean()) return std::string{found->get<bool>() ? "true" : "false"};
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  if (!found->is_string()) return fail(errc::malformed, std::string{name} + ": a text is wanted");
  return found->get<std::string>();
}

expected<std::optional<std::uint32_t>> number_of(const json& asked, const char* name) {
  SMGW_TRY(const auto text, text_of(asked, name));
  if (text.empty()) return std::nullopt;
  std::uint32_t n = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (code != std::errc{} || end != text.data() + text.size())
    return fail(errc::malformed, std::string{name} + ": a number is wanted");
  return n;
}

/// `YYYY-MM-DDThh:mm:ss` with a zone or without: then UTC.
expected<std::optional<timestamp>> time_of(const json& asked, const char* name) {
  SMGW_TRY(auto text, text_of(asked, name));
  if (text.empty()) return std::nullopt;
  constexpr std::size_t without_zone = 19;
  if (text.size() == without_zone) text += 'Z';
  const auto t = parse_iso8601(text);
  if (!t) return fail(errc::malformed, std::string{name} + ": YYYY-MM-DDThh:mm:ss is wanted, with Z or an offset");
  return *t;
}

expected<std::set<obis>> channels_of(const json& asked) {
  std::set<obis> out;
  const auto found = asked.find("channels");
  if (found == asked.end()) return out;
  if (!found->is_array()) return fail(errc::malformed, "channels: a list is wanted");
  for (const auto& c : *found) {
    std::string name;
    if (c.is_object()) {
      SMGW_TRY(name, text_of(c, "channel"));
    }
    // `0100010800ff`, or with the meter behind it
    const auto parsed = obis::parse(std::string_view{name}.substr(0, name.find('.')));
    if (!parsed || out.size() == max_channels)
      return fail(errc::malformed, "channels: objects with a channel of twelve hexadecimal digits are wanted");
    out.insert(*parsed);
  }
  return out;
}

}  // namespace

expected<request> read_request(bytes_view body) {
  const auto asked = json::parse(as_text(body), nullptr, false);
  if (!asked.is_object()) return fail(errc::malformed, "the body is no JSON object");
  request r;
  SMGW_TRY(r.method, text_of(asked, "method"));
  SMGW_TRY(r.usage_point, text_of(asked, "usage-point-id"));
  SMGW_TRY(r.database, text_of(asked, "database"));
  SMGW_TRY(const auto last, text_of(asked, "last-reading"));
  if (!last.empty() && last != "true" && last != "false") return fail(errc::malformed, "last-reading: true or false");
  r.last = last == "true";
  SMGW_TRY(r.from, time_of(asked, "fromtime"));
  SMGW_TRY(r.to, time_of(asked, "totime"));
  SMGW_TRY(r.first, number_of(asked, "fromindex"));
  SMGW_TRY(r.count, number_of(asked, "count"));
  SMGW_TRY(r.channels, channels_of(asked));
  return r;
}

const contract_view* contract_of(const request& asked, const party& p) {
  for (const auto& c : p.contracts)
    if (asked.usage_point == c.logical_name() || without_suffix(asked.usage_point) == c.id) return &c;
  return nullptr;
}

}  // namespace smgw::han::theben
