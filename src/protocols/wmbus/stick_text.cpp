// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/stick_text.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::wmbus {
namespace {

int culfw_dbm(std::uint8_t value) { return (value >= 128 ? value - 256 : value) / 2 - 74; }

std::string_view next_field(std::string_view& text) {
  const auto end = text.find(';');
  const auto field = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return field;
}

}  // namespace

std::size_t stick_lines::take(bytes_view in, const frame_sink& sink) {
  const auto end = std::find(in.begin(), in.end(), std::uint8_t{'\n'});
  if (end == in.end()) return 0;
  const auto size = static_cast<std::size_t>(end - in.begin());
  auto text = as_text(in.first(size));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (!text.empty() && !line(text, sink)) count_damaged();
  return size + 1;
}

bytes stick_cul::configure() const {
  // X21: report frames with RSSI; brt, brc: wireless M-Bus in this mode.
  const std::string_view text = mode_ == mode::t ? "X21\r\nbrt\r\n" : "X21\r\nbrc\r\n";
  return {text.begin(), text.end()};
}

bool stick_cul::line(std::string_view text, const frame_sink& sink) {
  if (text.front() != 'b') return true;  // answers to commands
  text.remove_prefix(1);
  const bool format_b = !text.empty() && text.front() == 'Y';
  if (format_b) text.remove_prefix(1);
  const auto octets = from_hex(text);
  if (!octets || octets->empty()) return text == "t" || text == "c" || text.starts_with("r");  // "brt" echoed
  const auto format = format_b ? frame_format::b : frame_format::a;
  const auto size = frame_size(format, octets->front());
  if (octets->size() < size) return false;
  air_frame f{bytes_view{*octets}.first(size), format, {}};
  if (octets->size() >= size + 2) f.rssi_dbm = culfw_dbm((*octets)[size + 1]);
  sink(f);
  return true;
}

bool stick_rtl_wmbus::line(std::string_view text, const frame_sink& sink) {
  const auto mode = next_field(text);
  const bool known = mode == "T1" || mode == "C1" || mode == "S1" || mode == "T2" || mode == "C2";
  if (!known) return true;
  const auto crc = next_field(text);
  const auto symbols = next_field(text);
  (void)next_field(text);  // time of the receiving computer: the gateway stamps itself
  const auto strength = next_field(text);
  (void)next_field(text);
  (void)next_field(text);
  auto hex = next_field(text);
  if (crc != "1" || symbols != "1" || !hex.starts_with("0x")) return false;
  hex.remove_prefix(2);
  const auto octets = from_hex(hex);
  if (!octets || octets->empty()) return false;
  const auto length = octets->front();
  auto format = frame_format::stripped;
  if (octets->size() == frame_size(frame_format::a, length)) format = frame_format::a;  // older versions keep the CRCs
  if (octets->size() < frame_size(format, length)) return false;
  air_frame f{*octets, format, {}};
  int value = 0;
  const auto* last = strength.data() + strength.size();
  if (const auto [at, fault] = std::from_chars(strength.data(), last, value); fault == std::errc{} && at == last)
    f.rssi_dbm = value - 107;  // rtl-wmbus gives dBuV
  sink(f);
  return true;
}

}  // namespace smgw::wmbus
