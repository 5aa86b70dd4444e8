// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// DLMS pushes: the frames of the link layer, then the APDU, then its A-XDR value, element by element.

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/dissect/axdr.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/dlms/reader.hpp"
#include "protocols/dlms/records.hpp"

#include <algorithm>
#include <format>

namespace smgw::dissect {
namespace {

using dlms::scan;
using dlms::transport;

std::string_view name_of(transport t) {
  constexpr std::string_view names[] = {"hdlc", "wrapper", "mbus", "raw"};
  return names[static_cast<std::size_t>(t)];
}

void hdlc_layer(bytes_view octets, const dlms::hdlc_frame& f, telegram& t) {
  layer_writer w(t, "frame", "HDLC frame, format type 3 (IEC 62056-46, 6.4)", octets);
  w.next(1, "flag", "begin");
  w.next(2, "format", f.segmented ? "type 3, more segments follow" : "type 3, last segment");
  w.next(f.destination.size(), "destination", to_hex(f.destination));
  w.next(f.source.size(), "source", to_hex(f.source));
  w.next(1, "control", f.control == 0x13 ? "UI: unnumbered information" : hex_octet(f.control));
  w.next(2, "HCS", "good");
  w.next(f.info.size(), "information", std::to_string(f.info.size()) + " octets");
  w.next(2, "FCS", "good");
  w.next(1, "flag", "end");
}

void mbus_layer(bytes_view octets, const dlms::mbus_frame& f, telegram& t) {
  layer_writer w(t, "frame", "M-Bus long frame with a piece of an APDU (EN 13757-1, -2)", octets);
  w.next(1, "start");
  w.next(1, "L", std::to_string(w.peek()) + " octets");
  w.next(1, "L", "again");
  w.next(1, "start", "again");
  w.next(1, "C", hex_octet(f.control));
  w.next(1, "A", hex_octet(f.address));
  w.next(1, "CI", std::format("segment {}{}", f.number(), f.final() ? ", the last" : ""));
  w.next(1, "STSAP", std::to_string(f.source));
  w.next(1, "DTSAP", std::to_string(f.destination));
  w.next(f.info.size(), "information", std::to_string(f.info.size()) + " octets");
  w.next(1, "checksum", "good");
  w.next(1, "stop");
}

void wrapper_layer(bytes_view octets, const dlms::wrapper_frame& f, telegram& t) {
  layer_writer w(t, "frame", "wrapper (IEC 62056-47)", octets);
  w.next(2, "version", "1");
  w.next(2, "source", "port " + std::to_string(f.source));
  w.next(2, "destination", "port " + std::to_string(f.destination));
  w.next(2, "length", std::to_string(f.apdu.size()) + " octets");
  w.next(f.apdu.size(), "APDU");
}

/// Describes the frame at the front of `in` if it is whole; its size, or 0.
taken frame_layer(transport how, bytes_view in, telegram& t) {
  dlms::hdlc_frame h;
  dlms::mbus_frame m;
  dlms::wrapper_frame r;
  const auto seen = how == transport::hdlc   ? scan_hdlc(in, h)
                    : how == transport::mbus ? scan_mbus(in, m)
                                             : scan_wrapper(in, r);
  if (seen.is != scan::what::frame) return 0;
  if (how == transport::hdlc) {
    // The scan leaves the closing flag: it may open the next frame.
    const bool shared = in.size() > seen.size + 1 && (in[seen.size + 1] & 0xF0U) == 0xA0;
    hdlc_layer(in.first(std::min(in.size(), seen.size + 1)), h, t);
    return std::min(in.size(), seen.size + (shared ? 0U : 1U));
  }
  if (how == transport::mbus) mbus_layer(in.first(seen.size), m, t);
  if (how == transport::wrapper) wrapper_layer(in.first(seen.size), r, t);
  return seen.size;
}

void add_values(bytes_view body, telegram& t) {
  dlms::record_cursor records{body};
  dlms::record r;
  while (records.next(r)) {
    value v{r.named == dlms::naming::none ? std::string() : r.name.text(), {}, {}, {}, {}};
    if (r.named == dlms::naming::none) v.quantity = std::format("position {}", r.position);
    v.text = r.number ? r.number->text() : element_text(r.value);
    if (r.scaled) v.unit = unit_text(r.measured);
    if (r.part != 0) v.note = "part " + std::to_string(r.part);
    t.values.push_back(std::move(v));
  }
}

void describe_content(const dlms::push& p, telegram& t) {
  if (const auto* text = std::get_if<std::string_view>(&p.content)) {
    std::vector<telegram> inner;
    if (take_readout(as_bytes(*text), inner) != 0) {
      std::ranges::move(inner[0].layers, std::back_inserter(t.layers));
      t.values = std::move(inner[0].values);
    }
    return;
  }
  add_values(p.body(), t);
}

outcome outcome_of(dlms::protection_fault why) {
  using enum dlms::protection_fault;
  switch (why) {
    case no_key:
    case no_authentication_key: return outcome::no_key;
    case tag_wrong:
    case plaintext_implausible: return outcome::wrong_key;
    case unsupported: return outcome::unsupported;
    default: return outcome::damaged;
  }
}

void describe_telegram(const dlms::telegram& read, dlms_context& with, telegram& t) {
  t.meter = read.source == 0 ? std::string() : std::format("address {:x}", read.source);
  describe_apdu(read.apdu, "apdu", t);
  dlms::protection_fault why{};
  const auto push = with.decoder.decode(read.apdu, with.keys, nullptr, &why);
  if (!push) return t.conclude(outcome_of(why), push.error().what);
  t.conclude(outcome::good);
  if (!*push) return t.conclude(outcome::good, "a block; more are to come");
  if ((*push)->octets.data() != read.apdu.data() && !std::holds_alternative<std::string_view>((*push)->content))
    describe_apdu((*push)->octets, "plaintext", t);
  if ((*push)->protection && (*push)->protection->system_title.size() == 8)
    t.meter = "system title " + to_hex((*push)->protection->system_title);
  describe_content(**push, t);
}

bool begins_apdu(bytes_view in) {
  if (in.size() > 3 && in[0] == 0xE6 && (in[1] == 0xE6 || in[1] == 0xE7) && in[2] == 0) in = in.subspan(3);
  return in.size() > 5 && dlms::is_pushed(in[0]) && dlms::read_apdu(in).has_value();
}

/// Frames until their telegram is complete.
taken framed(transport how, bytes_view in, dlms_context& with, std::vector<telegram>& out) {
  telegram t{.kind = "dlms", .framing = std::string(name_of(how))};
  dlms::reader reader{how};
  taken whole = 0;
  while (whole < in.size()) {
    const auto size = frame_layer(how, in.subspan(whole), t);
    if (size == 0) break;
    const auto layer_size = t.layers.back().octets.size();
    auto frame = in.subspan(whole, layer_size);
    const auto read = reader.feed(frame, {});
    whole += size;
    if (!read) continue;
    // Something else in the same frames: the wired LMN, or records of M-Bus.
    if (!*read) return 0;
    describe_telegram(**read, with, t);
    out.push_back(std::move(t));
    return whole;
  }
  if (whole == 0 || t.layers.empty() || reader.counters().frames == 0) return 0;
  const auto rest = reader.tick(time_point{} + std::chrono::hours{1});
  if (!rest || *rest) return 0;
  t.conclude(outcome::damaged, rest->error().what);
  out.push_back(std::move(t));
  return whole;
}

taken bare(bytes_view in, dlms_context& with, std::vector<telegram>& out) {
  if (!begins_apdu(in)) return 0;
  telegram t{.kind = "dlms", .framing = "raw"};
  auto apdu = in;
  if (in[0] == 0xE6) {
    layer_writer(t, "llc", "LLC (IEC 62056-46)", in.first(3)).next(3, "LLC");
    apdu = in.subspan(3);
  }
  describe_telegram({.apdu = apdu}, with, t);
  out.push_back(std::move(t));
  return in.size();
}

}  // namespace

taken take_dlms(bytes_view in, dlms_context& with, std::vector<telegram>& out) {
  const auto how = dlms::guess_transport(in);
  return how == transport::raw ? bare(in, with, out) : framed(how, in, with, out);
}

}  // namespace smgw::dissect
