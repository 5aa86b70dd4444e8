// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Wired M-Bus: link layer (EN 13757-2), then the answer's header and records (EN 13757-3).

#include "base/hex.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/mbus/mode2.hpp"
#include "protocols/mbus/response.hpp"

#include <format>

namespace smgw::dissect {
namespace {

std::string control_text(std::uint8_t c) {
  switch (c & 0xCFU) {
    case 0x40: return "SND_NKE: link reset";
    case 0x43: return "SND_UD: data to the slave";
    case 0x4A: return "REQ_UD1: request of alarms";
    case 0x4B: return "REQ_UD2: request of data";
    case 0x08: return "RSP_UD: data of the slave";
    default: return {};
  }
}

void describe_link(bytes_view octets, const mbus::wired_frame& f, telegram& t) {
  layer_writer w(t, "link", "M-Bus link layer (EN 13757-2)", octets);
  if (f.kind == mbus::wired_kind::acknowledge) return w.next(1, "acknowledge", "single character E5");
  const bool is_short = f.kind == mbus::wired_kind::short_frame;
  w.next(1, "start", is_short ? "short frame" : "long or control frame");
  if (!is_short) {
    w.next(1, "L", std::to_string(w.peek()) + " octets of C, A, CI and user data");
    w.next(1, "L", "again");
    w.next(1, "start", "again");
  }
  w.next(1, "C", control_text(f.control));
  w.next(1, "A", "primary address " + std::to_string(f.address));
  if (!is_short) w.next(1, "CI", hex_octet(f.ci));
  w.next(f.user_data.size(), "user data", std::to_string(f.user_data.size()) + " octets");
  w.next(1, "checksum", "good");
  w.next(1, "stop");
}

// Long, short or none (CI 72, 7A, 78).
void describe_header(bytes_view header, const mbus::response& r, telegram& t) {
  if (header.empty()) return;
  layer_writer w(t, "tpl", "header of variable data (EN 13757-3)", header);
  if (r.identified) {
    w.next(4, "ID", mbus::id_text(r.meter));
    w.next(2, "M", mbus::manufacturer_text(r.meter.manufacturer));
    w.next(1, "V", "version " + std::to_string(r.meter.version));
    w.next(1, "T", std::string(mbus::device_type_name(r.meter.type)));
  }
  w.next(1, "ACC", "access number " + std::to_string(r.access));
  w.next(1, "STS", status_text(r.status));
  w.next(2, "CF", r.signature == 0 ? "not encrypted" : std::format("{:04x}", r.signature));
}

void describe_variable(bytes_view data, const mbus::response& r, telegram& t) {
  describe_header(data.first(data.size() - r.records.size()), r, t);
  layer_writer w(t, "apl", "data records (EN 13757-3, 6)", r.records);
  describe_records(mbus::record_reader{r.records}, r.records, r.meter.type, w, t);
}

void describe_fixed(bytes_view data, const mbus::response& r, telegram& t) {
  layer_writer w(t, "apl", "fixed data structure (EN 1434-3)", data);
  w.next(4, "ID", mbus::id_text(r.meter));
  w.next(1, "ACC", "access number " + std::to_string(r.access));
  w.next(1, "STS", hex_octet(r.status));
  w.next(2, "CU", "units of the counters and medium");
  for (const auto& c : r.counters) {
    const auto text = c.available ? c.value.text() : std::string("not available");
    w.next(4, "counter", text);
    t.values.push_back(
        {{}, std::string(mbus::name(c.what)), text, unit_text(c.measured), c.historic ? "historic" : ""});
  }
}

void describe_answer(const mbus::wired_frame& f, telegram& t) {
  const auto r = mbus::read_response(f);
  if (!r) {
    layer_writer(t, "apl", "application data", f.user_data).next(f.user_data.size(), "octets", r.error().what);
    return t.conclude(r.error().code == errc::truncated ? outcome::damaged : outcome::unsupported, r.error().what);
  }
  switch (r->kind) {
    case mbus::response_kind::variable:
      if (r->identified) t.meter = who(r->meter);
      return describe_variable(f.user_data, *r, t);
    case mbus::response_kind::fixed: t.meter = mbus::id_text(r->meter); return describe_fixed(f.user_data, *r, t);
    case mbus::response_kind::application_error:
      layer_writer(t, "apl", "application error (EN 13757-3, 10)", f.user_data)
          .next(f.user_data.size(), "error", std::string(mbus::application_error_name(r->error_code)));
      return t.conclude(outcome::good,
                        "the meter reports: " + std::string(mbus::application_error_name(r->error_code)));
    case mbus::response_kind::other: break;
  }
  layer_writer(t, "apl", "application data, CI " + hex_octet(f.ci), f.user_data)
      .next(f.user_data.size(), "octets", "a protocol that is not read here");
  t.conclude(outcome::unsupported, "CI " + hex_octet(f.ci));
}

// An answer of mode 2 is shown as the same answer in mode 1, which is what the layers above describe.
void describe_content(const mbus::wired_frame& f, telegram& t) {
  if (!mbus::is_mode2(f)) return describe_answer(f, t);
  const auto turned = mbus::in_mode1(f);
  if (!turned) {
    layer_writer(t, "apl", "application data, high octet first", f.user_data)
        .next(f.user_data.size(), "octets", turned.error().what);
    return t.conclude(outcome::damaged, turned.error().what);
  }
  bytes_view octets = *turned;
  describe_answer(*mbus::take_wired(octets), t);
}

}  // namespace

taken take_wired_mbus(bytes_view in, std::vector<telegram>& out) {
  auto rest = in;
  const auto f = mbus::take_wired(rest);
  if (!f) {
    // A long frame whose doubled length and starts agree is one, if damaged.
    const bool long_frame = in.size() > 6 && in[0] == 0x68 && in[3] == 0x68 && in[1] == in[2];
    if (!long_frame) return 0;
    const auto size = std::min<std::size_t>(in.size(), std::size_t{in[1]} + 6);
    telegram t{.kind = "mbus"};
    layer_writer(t, "link", "M-Bus link layer (EN 13757-2)", in.first(size)).next(size, "frame", f.error().what);
    t.conclude(outcome::damaged, f.error().what);
    out.push_back(std::move(t));
    return size;
  }
  const auto size = in.size() - rest.size();
  // An acknowledgement is one octet, and may be the length of a wireless frame.
  const bool alone = rest.empty() || rest[0] == 0x68 || rest[0] == 0x10 || rest[0] == mbus::acknowledge_octet;
  if (f->kind == mbus::wired_kind::acknowledge && !alone) return 0;
  telegram t{.kind = "mbus"};
  t.conclude(outcome::good);
  describe_link(in.first(size), *f, t);
  if (f->kind == mbus::wired_kind::long_frame) describe_content(*f, t);
  out.push_back(std::move(t));
  return size;
}

}  // namespace smgw::dissect
