// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// HDLC of the wired LMN (detail specification 8.1), and what of TLS can be seen without keys.

#include "protocols/dissect/kinds.hpp"
#include "protocols/hdlc/frame.hpp"

#include <format>

namespace smgw::dissect {
namespace {

constexpr std::uint8_t flag = 0x7E;
constexpr std::size_t shortest = hdlc::header_octets;

std::string control_text(std::uint8_t c) {
  switch (c) {
    case hdlc::control::snrm: return "SNRM: set normal response mode";
    case hdlc::control::disc: return "DISC: disconnect";
    case hdlc::control::ua: return "UA: unnumbered acknowledgement";
    case hdlc::control::dm: return "DM: disconnected mode";
    case hdlc::control::frmr: return "FRMR: frame reject";
    case hdlc::control::ui: return "UI: unnumbered information";
    default: break;
  }
  const auto pf = (c & 0x10U) != 0 ? ", P/F" : "";
  if ((c & 1U) == 0) return std::format("I: information, N(S) {}, N(R) {}{}", c >> 1U & 7U, c >> 5U, pf);
  if ((c & 0x0FU) == 1) return std::format("RR: receive ready, N(R) {}{}", c >> 5U, pf);
  if ((c & 0x0FU) == 5) return std::format("RNR: receive not ready, N(R) {}{}", c >> 5U, pf);
  return "not a control octet of this link";
}

std::string tls_text(bytes_view in) {
  constexpr std::string_view types[] = {"change_cipher_spec", "alert", "handshake", "application data"};
  if (in.size() < 5 || in[0] < 20 || in[0] > 23 || in[1] != 3) return {};
  return "TLS record: " + std::string(types[in[0] - 20U]);
}

void describe_information(bytes_view in, telegram& t) {
  if (!in.empty() && in[0] == 0x1B) {
    std::vector<telegram> inner;
    if (take_sml(in, inner) == in.size() && inner.size() == 1) {
      for (auto& l : inner[0].layers) t.layers.push_back(std::move(l));
      t.values = std::move(inner[0].values);
      t.conclude(inner[0].result, inner[0].reason);
      return;
    }
  }
  if (tls_text(in).empty()) return;
  layer_writer w(t, "tls", "TLS records (TR-03109-1, 8.4)", in);
  while (!tls_text(w.rest()).empty()) {
    const auto length = std::size_t{w.peek(3)} << 8U | w.peek(4);
    w.next(1, "type", tls_text(w.rest()));
    w.next(2, "version", std::format("{:02x}{:02x}", w.peek(), w.peek(1)));
    w.next(2, "length", std::to_string(length));
    w.next(length, "content");
  }
}

void describe_frame(bytes_view octets, bool good, telegram& t) {
  layer_writer w(t, "hdlc", "HDLC frame, format type 3 (ISO 13239; TR-03109-1, 8.1)", octets);
  const auto body = octets.size() >= 2 ? octets.size() - 2 : 0;
  w.next(1, "flag", "begin");
  w.next(2, "format", std::format("type 3, {} octets between the flags", (w.peek() & 7U) << 8U | w.peek(1)));
  for (const auto* which : {"destination", "source"}) {
    w.next(1, std::string(which) + " SAP", std::to_string(w.peek() >> 1U));
    w.next(1, std::string(which) + " station", std::to_string(w.peek() >> 1U));
  }
  w.next(1, "control", control_text(w.peek()));
  w.next(2, "HCS", good ? "good" : "");
  if (body > shortest) w.next(body - shortest - 2, "information", std::to_string(body - shortest - 2) + " octets");
  if (body > shortest) w.next(2, "FCS", good ? "good" : "");
  w.next(1, "flag", "end");
}

}  // namespace

taken take_hdlc(bytes_view in, std::vector<telegram>& out) {
  if (in.size() < shortest + 2 || in[0] != flag || (in[1] & 0xF8U) != 0xA0) return 0;
  const auto length = (std::size_t{in[1]} & 7U) << 8U | in[2];
  if (length < shortest || in.size() < length + 2 || in[length + 1] != flag) return 0;
  const auto frame = hdlc::decode(in.subspan(1, length));
  if (!frame && frame.error().code != errc::untrusted) return 0;
  telegram t{.kind = "hdlc"};
  describe_frame(in.first(length + 2), frame.has_value(), t);
  t.conclude(frame ? outcome::good : outcome::damaged, frame ? std::string() : frame.error().what);
  if (frame) {
    t.meter = "station " + std::to_string(frame->source.station);
    describe_information(frame->information, t);
  }
  out.push_back(std::move(t));
  // A flag may close one frame and open the next.
  const bool shared = in.size() > length + 2 && (in[length + 2] & 0xF8U) == 0xA0;
  return length + (shared ? 1U : 2U);
}

}  // namespace smgw::dissect
