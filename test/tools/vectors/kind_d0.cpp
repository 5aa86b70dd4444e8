// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Readouts by IEC 62056-21 and P1: identification, codes and values, checksum of a row, each against `expected`.

#include "base/hex.hpp"
#include "kind.hpp"
#include "protocols/d0/reader.hpp"

#include <nlohmann/json.hpp>

namespace smgw::vectors {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

std::string difference_of_ident(const json& want, const d0::identification& have) {
  if (want.at("manufacturer") != have.manufacturer) return "manufacturer";
  if (want.at("baud_char") != std::string(1, have.baud)) return "baud character";
  if (want.at("id") != have.text) return "identification";
  return {};
}

// Some meters fill a value up with blanks.
std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

// A value that is a number must come out as exactly that number. Meters also write units that none are (`m` for
// minutes, two values in one): they stay text.
std::string difference_of_value(const json& want, const d0::value& have) {
  if (want.at("raw") != have.raw) return "raw " + want.at("raw").dump();
  if (!want.contains("value")) return {};
  if (without_blanks(want.at("value").get<std::string>()) != without_blanks(std::string{have.text}) ||
      want.at("unit") != have.unit)
    return "value " + want.dump();
  const auto q = d0::quantity_of(have);
  if (!q) return "quantity " + want.dump();
  auto digits = std::string{have.text};
  std::erase(digits, '.');
  return q->number.value == std::stoll(digits) ? std::string{} : "number " + want.dump() + ", came " + q->number.text();
}

// The next line that is none but a data line: what stands between them is not in the rows.
std::optional<expected<d0::data_line>> next_data(d0::line_cursor& lines) {
  auto have = lines.next();
  while (have && !*have) have = lines.next();
  return have;
}

std::string difference_of_data(const json& want, std::string_view data) {
  d0::line_cursor lines{data};
  for (const auto& line : want) {
    auto have = next_data(lines);
    if (!have) return "line " + line.dump() + ": nothing came";
    if (line.at("code") != (*have)->code) return "code " + line.at("code").dump();
    for (const auto& v : line.at("values")) {
      const auto value = (*have)->next();
      if (!value) return "value " + v.dump() + ": nothing came";
      if (auto d = difference_of_value(v, *value); !d.empty()) return line.at("code").dump() + " " + d;
    }
    if ((*have)->next()) return "more values than expected at " + line.at("code").dump();
  }
  return next_data(lines) ? "more lines than expected" : std::string{};
}

check_result compare(const json& e, const d0::readout& have) {
  if (auto d = difference_of_ident(e.at("ident"), have.ident); !d.empty()) return missed(d);
  if (auto d = difference_of_data(e.at("data"), have.data); !d.empty()) return missed(d);
  if (e.contains("crc16_ok")) {
    const auto want = e.at("crc16_ok").get<bool>() ? d0::integrity::correct : d0::integrity::wrong;
    if (have.crc != want) return missed("CRC is not as expected");
  }
  if (e.contains("bcc_ok")) {
    const auto want = e.at("bcc_ok").get<bool>() ? d0::integrity::correct : d0::integrity::wrong;
    if (have.bcc != want) return missed("block check is not as expected");
  }
  return accepted();
}

bool recognises(const json& row, std::string_view file_name) {
  if (!row.contains("frame_hex") || !row.contains("expected")) return false;
  const auto& e = row.at("expected");
  return (e.is_object() && e.contains("ident") && e.contains("data")) || file_name.starts_with("d0");
}

check_result check(const json& row) {
  const auto frame = from_hex(row.at("frame_hex").get<std::string>());
  if (!frame) return missed("frame_hex is not hexadecimal");
  const auto& e = row.at("expected");
  const bool refuse = e.value("verdict", "") == "reject";
  d0::reader line{{.pause = d0::default_pause, .accept_damaged = !refuse}};
  bytes_view in = *frame;
  const time_point start{};
  auto got = line.feed(in, start);
  if (!got) got = line.tick(start + 1h);
  if (refuse) return !got || !*got ? refused() : missed("was to be refused, and values came");
  if (!got) return missed("no readout was found");
  if (!*got) return missed(got->error().what);
  return compare(e, **got);
}

const registration d0_kind{{"d0", recognises, check}};

}  // namespace
}  // namespace smgw::vectors
