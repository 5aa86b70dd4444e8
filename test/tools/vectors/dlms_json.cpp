// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "dlms_json.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/dlms/records.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace smgw::vectors {
namespace {

using nlohmann::json;

// Takes one element and all that is in it off the front.
json take_tree(std::span<const dlms::axdr::element>& elements) {
  using dlms::axdr::type;
  const auto e = elements.front();
  elements = elements.subspan(1);
  json out{{"t", dlms::axdr::name_of(e.what)}};
  if (e.container()) {
    out["v"] = json::array();
    while (!elements.empty() && elements.front().depth > e.depth) out["v"].push_back(take_tree(elements));
  } else if (e.what == type::boolean) {
    out["v"] = e.data[0] != 0;
  } else if (const auto number = dlms::axdr::integer_of(e)) {
    out["v"] = *number;
  } else if (e.what != type::null_data) {
    out["hex"] = to_hex(e.data);
    if (e.text()) out["v"] = as_text(e.data);
    if (e.what == type::long64_unsigned) out["v"] = load_be<std::uint64_t>(e.data.data());
    if (const auto exact = dlms::axdr::number_of(e)) out["v"] = std::stod(exact->text());
  }
  return out;
}

json tree_of(bytes_view body) {
  std::vector<dlms::axdr::element> elements;
  dlms::axdr::cursor c{body};
  for (dlms::axdr::element e; c.next(e);) elements.push_back(e);
  std::span<const dlms::axdr::element> rest{elements};
  return rest.empty() ? json{} : take_tree(rest);
}

json time_of(const dlms::date_time& t) {
  const auto field = [](const auto& f) { return f ? json(*f) : json(nullptr); };
  return {{"year", field(t.year)},
          {"month", field(t.month)},
          {"day", field(t.day)},
          {"hour", field(t.hour)},
          {"minute", field(t.minute)},
          {"second", field(t.second)},
          {"deviation_min", field(t.deviation)},
          {"clock_status", t.clock_status}};
}

std::string dotted(const obis& name) {
  std::string out;
  for (const auto part : name.code) out += (out.empty() ? "" : ".") + std::to_string(part);
  return out;
}

// A field of a date-time, or question marks where the meter left it open.
template <class T>
std::string digits(const std::optional<T>& field, int width) {
  if (!field) return std::string(static_cast<std::size_t>(width), '?');
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*d", width, int{*field});
  return text.data();
}

// As the source of `obis_values` shows it: hundredths and deviation where the meter gave them.
std::string date_text(const dlms::date_time& t) {
  auto out = digits(t.year, 4) + '-' + digits(t.month, 2) + '-' + digits(t.day, 2) + ' ' + digits(t.hour, 2) + ':' +
             digits(t.minute, 2) + ':' + digits(t.second, 2);
  if (t.hundredths) out += '.' + digits(t.hundredths, 2);
  if (!t.deviation) return out;
  const std::optional<int> minutes = std::abs(*t.deviation);
  return out + (*t.deviation < 0 ? " -" : " +") + digits(std::optional{*minutes / 60}, 2) + ':' +
         digits(std::optional{*minutes % 60}, 2);
}

std::string text_of(const dlms::axdr::element& e) {
  if (e.what == dlms::axdr::type::octet_string && e.data.size() == dlms::date_time_size)
    if (const auto t = dlms::read_date_time(e.data)) return date_text(*t);
  const auto text = as_text(e.data);
  return std::string{text.substr(0, text.find('\0'))};
}

}  // namespace

void add_hdlc_frames(bytes_view in, json& out) {
  while (!in.empty()) {
    dlms::hdlc_frame f;
    const auto seen = dlms::scan_hdlc(in, f);
    if (seen.is == dlms::scan::what::more) return;
    if (seen.is == dlms::scan::what::frame)
      out.push_back({{"segmented", f.segmented},
                     {"dst", to_hex(f.destination)},
                     {"src", to_hex(f.source)},
                     {"control", f.control},
                     {"fcs_ok", true},
                     {"hcs_ok", true},
                     {"info_len", f.info.size()}});
    in = in.subspan(seen.size);
  }
}

void add_mbus_frames(bytes_view in, json& out) {
  while (!in.empty()) {
    dlms::mbus_frame f;
    const auto seen = dlms::scan_mbus(in, f);
    if (seen.is == dlms::scan::what::more) return;
    if (seen.is == dlms::scan::what::frame)
      out.push_back({{"c", f.control},
                     {"a", f.address},
                     {"ci", f.ci},
                     {"stsap", f.source},
                     {"dtsap", f.destination},
                     {"cs_ok", true},
                     {"info_len", f.info.size()}});
    in = in.subspan(seen.size);
  }
}

const char* name_of(dlms::transport t, bytes_view frame) {
  switch (t) {
    case dlms::transport::hdlc: return "hdlc";
    case dlms::transport::wrapper: return "wrapper";
    case dlms::transport::mbus: return "mbus";
    case dlms::transport::raw: break;
  }
  return !frame.empty() && frame[0] == 0xE6 ? "llc" : "raw";
}

const char* name_of(dlms::apdu_tag tag) {
  switch (tag) {
    case dlms::apdu_tag::general_glo_ciphering: return "general-glo-ciphering";
    case dlms::apdu_tag::general_ded_ciphering: return "general-ded-ciphering";
    case dlms::apdu_tag::general_ciphering: return "general-ciphering";
    case dlms::apdu_tag::general_block_transfer: return "general-block-transfer";
    default: return "other";
  }
}

json notification_of(const dlms::notification& n) {
  json out{{"apdu", "data-notification"}, {"long_invoke_id", n.long_invoke_id}};
  if (n.tagged_time) out["quirk"] = "date-time carries an A-XDR tag (09 0C) instead of a bare length";
  if (!n.time_octets.empty()) out["date_time_hex"] = to_hex(n.time_octets);
  if (n.time) out["date_time"] = time_of(*n.time);
  out["body"] = tree_of(n.body);
  return out;
}

json values_of(bytes_view body) {
  json out{{"strings", json::object()}, {"numbers", json::object()}, {"unnamed", json::array()}, {"described", false}};
  dlms::record_cursor records{body};
  dlms::record r;
  while (records.next(r)) {
    if (r.named == dlms::naming::described) out["described"] = true;
    if (r.number)
      out["numbers"][dotted(r.name)] = r.number->text();
    else if (r.value.what == dlms::axdr::type::bit_string && !r.value.data.empty())
      out["numbers"][dotted(r.name)] = std::to_string(r.value.data[0]);
    else if (r.named == dlms::naming::none)
      out["unnamed"].push_back(text_of(r.value));
    else
      out["strings"][dotted(r.name)] = text_of(r.value);
  }
  if (!records.status()) out["broken"] = true;
  return out;
}

}  // namespace smgw::vectors
