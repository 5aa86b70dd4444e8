// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Wireless M-Bus: frame formats A and B, link, extended link, authentication and transport layer, records.

#include "base/octets.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/dissect/wireless_layers.hpp"

#include <array>
#include <format>

namespace smgw::dissect {
namespace {

using wmbus::frame_format;

outcome outcome_of(wmbus::verdict v) {
  using enum wmbus::verdict;
  switch (v) {
    case accepted:
    case pending:
    case replayed: return outcome::good;
    case no_key: return outcome::no_key;
    case wrong_key:
    case implausible: return outcome::wrong_key;
    case no_frame:
    case bad_crc: return outcome::damaged;
    default: return outcome::unsupported;
  }
}

// Runs of data with a CRC behind each: 10, then 16 octets (A); 126 and the rest (B).
void describe_blocks(frame_format f, bytes_view octets, telegram& t) {
  layer_writer w(t, "frame",
                 f == frame_format::a ? "frame format A (EN 13757-4, 12.3)" : "frame format B (EN 13757-4, 12.4)",
                 octets);
  std::size_t run = f == frame_format::a ? wmbus::link_header : std::min<std::size_t>(126, octets.size() - 2);
  for (unsigned n = 1; !w.rest().empty(); ++n) {
    const auto left = w.rest().size();
    w.next(left > 2 ? std::min(run, left - 2) : left, "block " + std::to_string(n));
    w.next(2, "CRC", "good");
    run = f == frame_format::a ? 16 : left;
  }
}

void describe_payload(const wmbus::telegram& w, telegram& t) {
  const auto type = w.meter.type;
  using enum wmbus::content;
  const auto title = w.what == compact   ? "values of a compact frame (EN 13757-3, annex G)"
                     : w.what == format  ? "format frame (EN 13757-3, annex G)"
                     : w.what == records ? "data records (EN 13757-3, 6)"
                                         : "application data";
  layer_writer to(t, "apl", std::string(title) + (w.decrypted ? ", decrypted" : ""), w.application);
  if (w.what == records || w.what == compact) return describe_records(w.records(), w.application, type, to, t);
  if (!w.application.empty()) to.next(w.application.size(), "octets", "not read here");
}

void describe_frame(bytes_view stripped, wireless_context& with, telegram& t) {
  const auto w = with.radio.open(stripped, with.meter, &with.formats, {});
  // A capture may hold a telegram twice, and is no replay to who looks at it.
  with.meter.counter.reset();
  t.meter = who(w.meter);
  t.conclude(outcome_of(w.result), w.result == wmbus::verdict::accepted ? "" : std::string(w.reason));
  if (w.result == wmbus::verdict::pending) t.reason = "a fragment; the message is not complete";
  describe_link(stripped.first(wmbus::link_header), t);
  describe_headers(w, stripped.subspan(wmbus::link_header), t);
  if (w.result != wmbus::verdict::accepted) return;
  if (w.what == wmbus::content::records) (void)with.formats.learn(w.application);
  if (w.what == wmbus::content::format) (void)with.formats.add_frame(w.application);
  describe_payload(w, t);
}

}  // namespace

taken take_wireless(frame_format format, bytes_view in, wireless_context& with, std::vector<telegram>& out) {
  std::array<std::uint8_t, wmbus::max_frame> buffer;
  const auto stripped = wmbus::strip(format, in, buffer);
  if (!stripped || !wmbus::read_link(*stripped)) return 0;
  const auto size = wmbus::frame_size(format, in[0]);
  // Without CRCs nothing but the length tells: then the whole input is the frame.
  if (format == frame_format::stripped && (size != in.size() || stripped->size() <= wmbus::link_header)) return 0;
  telegram t{.kind = "wmbus",
             .framing = format == frame_format::a   ? "a"
                        : format == frame_format::b ? "b"
                                                    : "stripped"};
  if (format != frame_format::stripped) describe_blocks(format, in.first(size), t);
  describe_frame(*stripped, with, t);
  out.push_back(std::move(t));
  return size;
}

}  // namespace smgw::dissect
