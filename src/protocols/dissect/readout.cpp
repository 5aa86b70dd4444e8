// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Readouts by IEC 62056-21 (D0) and P1: lines of text.

#include "base/octets.hpp"
#include "protocols/d0/checksum.hpp"
#include "protocols/d0/p1.hpp"
#include "protocols/d0/reader.hpp"
#include "protocols/dissect/kinds.hpp"

#include <algorithm>
#include <cctype>

namespace smgw::dissect {
namespace {

std::string ident_text(std::string_view line) {
  const auto ident = d0::read_identification(line);
  if (!ident) return ident.error().what;
  auto text = "manufacturer " + std::string(ident->manufacturer) + ", identification " + std::string(ident->text);
  if (const auto rate = ident->baud_rate()) text += ", proposes " + std::to_string(*rate) + " Bd";
  return text;
}

std::string set_text(d0::data_line set, telegram& t) {
  const auto name = d0::name_of(set.code);
  std::string meaning = name ? name->text() : std::string(set.code);
  while (const auto v = set.next()) {
    value out{name ? name->text() : std::string(),
              name ? std::string() : std::string(set.code),
              std::string(v->text),
              std::string(v->unit),
              {}};
    if (const auto q = d0::quantity_of(*v); q && q->measured != unit::none) {
      out.text = q->number.text();
      out.unit = unit_text(q->measured);
    }
    meaning += " = " + std::string(v->raw);
    t.values.push_back(std::move(out));
  }
  return meaning;
}

std::string line_text(std::string_view line, telegram& t) {
  std::string meaning;
  d0::line_cursor sets{line};
  while (const auto set = sets.next()) {
    if (!meaning.empty()) meaning += "; ";
    meaning += *set ? set_text(**set, t) : set->error().what;
  }
  return meaning;
}

std::string check_text(const d0::readout& r) {
  if (r.damaged()) return "wrong";
  return r.bcc == d0::integrity::absent && r.crc == d0::integrity::absent ? "none was sent" : "good";
}

void describe(bytes_view octets, const d0::readout& r, telegram& t) {
  layer_writer w(t, "readout", t.kind == "p1" ? "P1 telegram (DSMR P1 5.0.2)" : "readout (IEC 62056-21, 6)", octets);
  bool first = true;
  bool ended = false;
  while (!w.rest().empty()) {
    const auto rest = as_text(w.rest());
    const auto end = rest.find('\n');
    auto size = end == rest.npos ? rest.size() : end + 1;
    auto line = rest.substr(0, size);
    // The end may stand behind the last data set.
    if (const auto mark = d0::find_end(line); mark != line.npos && mark > 0 && !first && !ended) {
      size = mark;
      line = line.substr(0, size);
    }
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.empty() && line.front() == '\x02') {
      w.next(1, "STX", "begin of the data block");
      continue;
    }
    if (first) {
      w.next(size, "identification", ident_text(line));
    } else if (ended) {
      w.next(size, "check", check_text(r));
    } else if (line.starts_with('!')) {
      // The CRC of P1 stands on the line of the exclamation mark.
      w.next(1, "end of data");
      if (line.size() > 1) w.next(size - 1, "check", check_text(r));
      ended = true;
    } else {
      w.next(size, line.empty() ? "empty line" : "data line", line.empty() ? std::string() : line_text(line, t));
    }
    first = false;
  }
}

}  // namespace

taken take_readout(bytes_view in, std::vector<telegram>& out) {
  const auto letter = [](std::uint8_t c) { return std::isalpha(c & 0x7F) != 0; };
  if (in.size() < 5 || (in[0] & 0x7FU) != '/' || !std::ranges::all_of(in.subspan(1, 3), letter)) return 0;
  d0::reader reader{{.pause = d0::default_pause, .accept_damaged = true}};
  bytes_view rest = in;
  auto got = reader.feed(rest, {});
  if (!got) got = reader.tick(time_point{} + std::chrono::hours{1});
  if (!got) return 0;
  const auto taken_octets = in.first(in.size() - rest.size());
  bytes octets(taken_octets.begin(), taken_octets.end());
  if (in[0] != '/') (void)d0::take_parity_off(octets);
  telegram t;
  if (!*got) {
    if (std::ranges::any_of(octets,
                            [](std::uint8_t c) { return (c & 0x7FU) < 0x20 && c != '\r' && c != '\n' && c > 3; }))
      return 0;  // a slash in binary data
    t.kind = "d0";
    t.conclude(outcome::damaged, got->error().what);
    describe(octets, {}, t);
  } else {
    const auto& r = **got;
    // P1 has a CRC since DSMR 4; before, the objects of its message and equipment give it away.
    const bool p1 =
        r.crc != d0::integrity::absent || (r.bcc == d0::integrity::absent && r.data.find("0-0:96.") != r.data.npos);
    t.kind = p1 ? "p1" : "d0";
    t.meter = std::string(r.ident.manufacturer) + " " + std::string(r.ident.text);
    t.conclude(r.damaged() ? outcome::damaged : outcome::good, r.damaged() ? "the checksum is wrong" : "");
    describe(octets, r, t);
  }
  out.push_back(std::move(t));
  return octets.size();
}

}  // namespace smgw::dissect
