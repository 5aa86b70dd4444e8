// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/wireless_layers.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/dissect/kinds.hpp"

#include <format>

namespace smgw::dissect {
namespace {

std::string control_text(std::uint8_t c) {
  constexpr std::pair<wmbus::control, std::string_view> names[] = {
      {wmbus::control::snd_nke, "SND-NKE: link reset"},
      {wmbus::control::snd_ud, "SND-UD: data to the meter"},
      {wmbus::control::snd_nr, "SND-NR: data, no reply"},
      {wmbus::control::snd_ir, "SND-IR: installation request"},
      {wmbus::control::acc_nr, "ACC-NR: no data, no reply"},
      {wmbus::control::acc_dmd, "ACC-DMD: access demand"},
      {wmbus::control::req_ud1, "REQ-UD1: request of alarms"},
      {wmbus::control::req_ud2, "REQ-UD2: request of data"},
      {wmbus::control::rsp_ud, "RSP-UD: data as answer"},
      {wmbus::control::cnf_ir, "CNF-IR: installation confirmed"},
      {wmbus::control::ack, "ACK"}};
  for (const auto& [code, name] : names)
    if (static_cast<std::uint8_t>(code) == c) return std::string(name);
  return "not a code of a meter";
}

void put_identity_fields(layer_writer& w, const mbus::identity& who, bool manufacturer_first) {
  if (manufacturer_first) w.next(2, "M", mbus::manufacturer_text(who.manufacturer));
  w.next(4, "ID", mbus::id_text(who));
  if (!manufacturer_first) w.next(2, "M", mbus::manufacturer_text(who.manufacturer));
  w.next(1, "V", "version " + std::to_string(who.version));
  w.next(1, "T", std::string(mbus::device_type_name(who.type)));
}

std::string ci_text(std::uint8_t ci) {
  using enum wmbus::content;
  switch (wmbus::describe(ci).what) {
    case extended_link: return "extended link layer";
    case authentication: return "authentication and fragmentation layer";
    case records: return "M-Bus records, full frame";
    case compact: return "M-Bus records, compact frame";
    case format: return "M-Bus records, format frame";
    case nothing: return "transport layer without data";
    case application_error: return "application error";
    case alarm: return "alarm";
    case dlms: return "DLMS";
    case management: return "management";
    case command: return "command to a meter";
    case manufacturer: return "of the manufacturer";
    case reserved: break;
  }
  return "reserved";
}

std::size_t describe_ell(const wmbus::ell_header& e, bytes_view body, telegram& t) {
  const std::size_t size = 3 + (e.receiver ? 8U : 0U) + (e.session ? 6U : 0U);
  layer_writer w(t, "ell", "extended link layer (EN 13757-4, 13)", body.first(std::min(size, body.size())));
  w.next(1, "CI", ci_text(e.ci));
  w.next(1, "CC", std::format("communication control {:02x}", e.communication_control));
  w.next(1, "ACC", "access number " + std::to_string(e.access));
  if (e.receiver) put_identity_fields(w, *e.receiver, true);
  if (e.session) {
    w.next(4, "SN", e.encryption() == 0 ? "session number, not encrypted" : "session number, AES-128-CTR");
    w.next(2, "PayloadCRC", e.encryption() == 0 ? "" : "encrypted");
  }
  return size;
}

std::size_t describe_afl(bytes_view body, telegram& t) {
  auto rest = body;
  const auto h = wmbus::take_afl(rest);
  if (!h) return 0;
  const auto size = body.size() - rest.size();
  layer_writer w(t, "afl", "authentication and fragmentation layer (EN 13757-7, 6)", body.first(size));
  w.next(1, "CI", ci_text(body[0]));
  w.next(1, "AFLL", std::to_string(w.peek()) + " octets follow");
  w.next(2, "FCL", std::format("fragment {}{}", h->fragment_id(), h->more_fragments() ? ", more follow" : ""));
  if (h->message_control) w.next(1, "MCL", std::format("MAC of {} octets", wmbus::mac_size(*h->message_control)));
  if (h->key_information) w.next(2, "KI", "key " + std::to_string(*h->key_information));
  if (h->counter) w.next(4, "MCR", "message counter " + std::to_string(*h->counter));
  w.next(h->mac.size(), "MAC");
  if (h->message_length) w.next(2, "ML", "message of " + std::to_string(*h->message_length) + " octets");
  return size;
}

std::string mode_text(const wmbus::tpl_header& h) {
  switch (h.mode()) {
    case 0: return "mode 0: not encrypted";
    case 5: return std::format("mode 5: AES-128-CBC, {} blocks", h.blocks());
    case 7: return std::format("mode 7: AES-128-CBC with derived key, {} blocks", h.blocks());
    case 10: return std::format("mode 10: AES-128-CCM, {} octets", h.octets());
    default: return "mode " + std::to_string(h.mode());
  }
}

void describe_tpl(const wmbus::tpl_header& h, bytes_view octets, telegram& t) {
  layer_writer w(t, "tpl", "transport layer (EN 13757-7, 7)", octets);
  w.next(1, "CI", ci_text(h.ci));
  if (h.kind == wmbus::header_kind::long_header) put_identity_fields(w, h.meter, false);
  if (h.kind == wmbus::header_kind::none) return;
  w.next(1, "ACC", "access number " + std::to_string(h.access));
  w.next(1, "STS", status_text(h.status));
  w.next(2, "CF", mode_text(h));
  if (h.mode() == 7) w.next(1, "CFE", std::format("key derivation {}, key {}", h.derivation(), h.key_id()));
  if (h.mode() == 10) {
    w.next(2, "CFE",
           std::format("tag of {} octets, key derivation {}, key {}", h.tag_size(), h.derivation(), h.key_id()));
    if (w.rest().size() > 4) w.next(1, "KV", "key version " + std::to_string(h.key_version));
    w.next(4, "MC", h.counter ? "message counter " + std::to_string(*h.counter) : std::string());
  }
}

// A transport layer that came out of an encrypted extended link layer: its octets follow from what was read.
bytes octets_of(const wmbus::tpl_header& h) {
  bytes out{h.ci};
  if (h.kind == wmbus::header_kind::none) return out;
  put(out, h.address);
  out.push_back(h.access);
  out.push_back(h.status);
  put_le(out, h.configuration);
  if (h.mode() == 7) out.push_back(static_cast<std::uint8_t>(h.extension));
  return out;
}

void describe_protected(const wmbus::telegram& w, bytes_view body, bool all, telegram& t) {
  const bool sealed = all || (w.head.tpl && w.mode != 0);
  if (body.empty() || (!sealed && w.result == wmbus::verdict::accepted)) return;
  layer_writer to(t, sealed ? "protected" : "content", sealed ? "encrypted octets" : "content", body);
  if (sealed && w.mode == 10 && w.head.tpl && body.size() > w.head.tpl->tag_size()) {
    to.next(body.size() - w.head.tpl->tag_size(), "cipher text");
    return to.next(body.size(), "AT", w.authenticated ? "authentication tag, good" : "authentication tag");
  }
  to.next(body.size(), sealed ? "cipher text" : "octets");
}

}  // namespace

void describe_link(bytes_view header, telegram& t) {
  layer_writer w(t, "dll", "data link layer (EN 13757-4, 12)", header);
  w.next(1, "L", std::to_string(header[0]) + " octets follow");
  w.next(1, "C", control_text(header[1]));
  put_identity_fields(w, wmbus::read_link_address(header.subspan(2, 8)), true);
}

void describe_headers(const wmbus::telegram& w, bytes_view body, telegram& t) {
  if (w.head.ell) body = body.subspan(std::min(describe_ell(*w.head.ell, body, t), body.size()));
  if (w.head.ell && w.head.ell->encryption() != 0) {
    describe_protected(w, body, true, t);
    if (w.head.tpl) {
      const auto octets = octets_of(*w.head.tpl);
      describe_tpl(*w.head.tpl, octets, t);
    }
    return;
  }
  if (!body.empty() && wmbus::describe(body[0]).what == wmbus::content::authentication)
    body = body.subspan(describe_afl(body, t));
  std::array<std::uint8_t, 16> scratch;
  auto rest = body;
  const auto tpl = wmbus::take_tpl(rest, scratch);
  // A fragment after the first has no transport layer.
  if (!tpl || w.result == wmbus::verdict::pending || !w.head.tpl) {
    if (!body.empty()) layer_writer(t, "content", "content", body).next(body.size(), "octets");
    return;
  }
  describe_tpl(*tpl, body.first(body.size() - rest.size()), t);
  describe_protected(w, rest, false, t);
}

}  // namespace smgw::dissect
