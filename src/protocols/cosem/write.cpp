// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/cosem/delivery.hpp"
#include "protocols/cosem/names.hpp"

#include <algorithm>

namespace smgw::cosem {
namespace {

/// Octets of one entry, roughly: enough to reserve the document once.
constexpr std::size_t entry_size = 420;

std::string number(std::size_t n) { return std::to_string(n); }

/// The coarse status has three values (what exports for consumers use); the reasons come from the gateway's half.
int coarse_status(const status_word& s) noexcept {
  constexpr std::uint32_t no_value = 1u << 13;
  constexpr std::uint32_t not_validated = 1u << 1, error = 1u << 8, no_time = 1u << 9, tamper = 1u << 14;
  constexpr std::uint32_t meter_error = 1u << 15;
  if ((s.smgw & no_value) != 0) return coarse_missing;
  return (s.smgw & (not_validated | error | no_time | tamper | meter_error)) != 0 ? coarse_invalid : coarse_valid;
}

void put_entry(std::string& out, const list_entry& e, std::size_t id, status_form form) {
  const auto& r = e.value;
  out += "<ns1:entry_gateway_signed id=\"" + number(id) + "\"><ns2:value><ns2:long64>" + std::to_string(r.value.value) +
         "</ns2:long64></ns2:value><ns2:scaler>" + std::to_string(r.value.scaler) + "</ns2:scaler><ns2:unit>" +
         std::to_string(static_cast<unsigned>(r.measured)) + "</ns2:unit><ns2:status>";
  if (form == status_form::combined)
    out += "<ns2:octet-string>" + r.status.hex() + "</ns2:octet-string>";
  else
    out += "<ns2:unsigned>" + std::to_string(coarse_status(r.status)) + "</ns2:unsigned>";
  out += "</ns2:status><ns2:capture_time>" + to_iso8601(r.captured) + "</ns2:capture_time>";
  if (e.signature.empty())
    out += "<ns2:smgw_signature/>";
  else
    out += "<ns2:smgw_signature>" + to_hex(e.signature) + "</ns2:smgw_signature>";
  out += "</ns1:entry_gateway_signed>";
}

void put_capture_object(std::string& out, const channel& c, std::size_t id) {
  // Class 4 is the extended register, its attribute 2 the value.
  out += "<ns1:capture_object id=\"" + number(id) + "\"><ns2:logical_name>" + c.logical_name() +
         "</ns2:logical_name><ns2:class_id>4</ns2:class_id><ns2:class_version>0</ns2:class_version>"
         "<ns2:attr_reference>2</ns2:attr_reference><ns2:index_reference>0</ns2:index_reference>"
         "</ns1:capture_object>";
}

expected<std::size_t> count_entries(const delivery& d) {
  if (d.channels.size() > max_channels) return fail(errc::exhausted, "too many channels");
  if (!is_name(d.source)) return fail(errc::malformed, "name of the delivery");
  std::size_t entries = 0;
  for (const auto& c : d.channels) {
    if (!is_name(c.source)) return fail(errc::malformed, "name of a channel");
    entries += c.entries.size();
  }
  if (entries > max_entries) return fail(errc::exhausted, "too many entries");
  return entries;
}

}  // namespace

bool is_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_name && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
  });
}

expected<std::string> write(const delivery& d, status_form status) {
  SMGW_TRY(const auto entries, count_entries(d));
  const auto name = d.logical_name();
  const auto channels = number(d.channels.size());
  std::string out;
  out.reserve(1024 + 512 * d.channels.size() + entry_size * entries);
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ns1:object class_id=\"7\" class_version=\"1\" id=\"" + name +
         "\" xmlns:ns1=\"" + std::string{namespace_profile} + "\" xmlns:ns2=\"" + std::string{namespace_extension} +
         "\"><ns1:attributes count=\"3\"><ns2:logical_name>" + name +
         "</ns2:logical_name><ns1:capture_objects id=\"3\" " + "count=\"" + channels + "\">";
  for (std::size_t i = 0; i < d.channels.size(); ++i) put_capture_object(out, d.channels[i], i + 1);
  out += "</ns1:capture_objects><ns1:buffer id=\"2\"><ns1:simple_data count=\"" + channels + "\">";
  for (std::size_t i = 0; i < d.channels.size(); ++i) {
    const auto& list = d.channels[i].entries;
    out += "<ns1:column count=\"" + number(list.size()) + "\" id=\"" + number(i + 1) + "\">";
    for (std::size_t k = 0; k < list.size(); ++k) put_entry(out, list[k], k + 1, status);
    out += "</ns1:column>";
  }
  out += "</ns1:simple_data></ns1:buffer></ns1:attributes></ns1:object>\n";
  if (out.size() > max_document) return fail(errc::exhausted, "document too long");
  return out;
}

}  // namespace smgw::cosem
