// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/axdr.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <format>

namespace smgw::dissect {
namespace {

using dlms::apdu_tag;
using dlms::axdr::type;

std::string tag_text(std::uint8_t tag) {
  switch (static_cast<apdu_tag>(tag)) {
    case apdu_tag::data_notification: return "data-notification";
    case apdu_tag::event_notification: return "event-notification-request";
    case apdu_tag::glo_event_notification: return "glo-event-notification-request";
    case apdu_tag::ded_event_notification: return "ded-event-notification-request";
    case apdu_tag::general_glo_ciphering: return "general-glo-ciphering";
    case apdu_tag::general_ded_ciphering: return "general-ded-ciphering";
    case apdu_tag::general_ciphering: return "general-ciphering";
    case apdu_tag::general_signing: return "general-signing";
    case apdu_tag::general_block_transfer: return "general-block-transfer";
  }
  return "no APDU that is pushed";
}

std::string time_text(const dlms::date_time& t) {
  const auto two = [](const auto& f) { return f ? std::format("{:02}", *f) : std::string("--"); };
  return (t.year ? std::format("{:04}", *t.year) : std::string("----")) + "-" + two(t.month) + "-" + two(t.day) + " " +
         two(t.hour) + ":" + two(t.minute) + ":" + two(t.second) +
         (t.deviation ? std::format(" (deviation {} min)", *t.deviation) : std::string());
}

/// Octets of a container's own head: tag, and for arrays and structures the number of members.
std::size_t head_size(bytes_view at, const dlms::axdr::element& e) {
  if (at.size() < 2 || e.what == type::compact_array) return 0;
  return at[1] < 0x80 ? 2 : 2 + (at[1] & 0x7FU);
}

void describe_value(bytes_view body, layer_writer& w) {
  dlms::axdr::cursor c{body};
  dlms::axdr::element e;
  while (c.next(e)) {
    const std::string name{dlms::axdr::name_of(e.what)};
    if (e.container()) {
      const auto rest = w.rest();
      if (!rest.empty() && rest[0] == static_cast<std::uint8_t>(e.what))
        w.next(head_size(rest, e), name, std::to_string(e.count) + " members", e.depth);
    } else if (e.data.empty()) {
      if (w.peek() == static_cast<std::uint8_t>(e.what)) w.next(1, name, {}, e.depth);
    } else {
      // Tag and length belong to the value.
      const auto rest = w.rest();
      const auto end = e.data.data() + e.data.size();
      if (!rest.empty() && std::less_equal<>{}(rest.data(), e.data.data()))
        w.part({rest.data(), end}, name, element_text(e), e.depth);
    }
  }
  w.gap("not an A-XDR value");
}

void describe_time(layer_writer& w, bytes_view octets, const std::optional<dlms::date_time>& t) {
  w.gap("length of the time");
  w.part(octets, "date-time", t ? time_text(*t) : std::string("no possible time"));
}

struct apdu_fields {
  layer_writer& w;
  bytes_view octets;

  void operator()(const dlms::notification& n) const {
    w.next(4, "long-invoke-id-and-priority", std::format("{:08x}", n.long_invoke_id));
    if (n.time_octets.empty()) w.next(1, "date-time", "absent");
    describe_time(w, n.time_octets, n.time);
    describe_value(n.body, w);
  }
  void operator()(const dlms::event_notification& n) const {
    w.next(1, "time", n.time_octets.empty() ? "absent" : "present");
    describe_time(w, n.time_octets, n.time);
    w.next(2, "class-id", std::to_string(n.class_id));
    w.next(6, "instance-id", n.instance.text());
    w.next(1, "attribute-id", std::to_string(n.attribute));
    describe_value(n.body, w);
  }
  void operator()(const dlms::ciphered& c) const {
    w.gap("length");
    if (c.header.empty())
      w.part(c.system_title, "system title", to_hex(c.system_title));
    else
      w.part(c.header, "transaction-id to other-information", "originator " + to_hex(c.system_title));
    const auto head = octets.size() - c.payload.size() - 5;
    w.part(octets.subspan(head, 1), "security control",
           std::format("suite {}{}{}{}", c.suite(), c.authenticated() ? ", authenticated" : "",
                       c.encrypted() ? ", encrypted" : "", c.compressed() ? ", compressed" : ""));
    w.next(4, "invocation counter", std::to_string(c.counter));
    const auto tag = c.authenticated() ? dlms::tag_size : 0;
    w.next(c.payload.size() - tag, c.encrypted() ? "cipher text" : "plain text");
    w.next(tag, "authentication tag");
  }
  void operator()(const dlms::block& b) const {
    w.next(1, "block control",
           std::format("window {}{}{}", b.window, b.last ? ", last block" : "", b.streaming ? ", streaming" : ""));
    w.next(2, "block number", std::to_string(b.number));
    w.next(2, "block number acknowledged", std::to_string(b.acknowledged));
    w.gap("length");
    w.part(b.data, "block data", std::to_string(b.data.size()) + " octets");
  }
};

}  // namespace

std::string element_text(const dlms::axdr::element& e) {
  if (const auto number = dlms::axdr::number_of(e)) return number->text();
  if (e.what == type::octet_string && e.data.size() == 6) {
    obis name;
    std::ranges::copy(e.data, name.code.begin());
    return name.text();
  }
  if ((e.what == type::octet_string || e.what == type::date_time) && e.data.size() == dlms::date_time_size)
    if (const auto t = dlms::read_date_time(e.data); t && t->year) return time_text(*t);
  return readable(e.data);
}

void describe_apdu(bytes_view octets, const std::string& layer, telegram& t) {
  layer_writer w(t, layer, "DLMS APDU (IEC 62056-5-3)", octets);
  const auto read = dlms::read_apdu(octets);
  if (!read) return w.next(octets.size(), "octets", read.error().what);
  w.next(1, "tag", tag_text(octets[0]));
  std::visit(apdu_fields{w, octets}, *read);
}

}  // namespace smgw::dissect
