// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/mbus/crc.hpp"
#include "protocols/wmbus/receiver_steps.hpp"

#include <cstring>

namespace smgw::wmbus {
namespace {

constexpr std::uint8_t last_cmac = 7;  // AT subfield of MCL: 3 to 7 are lengths of AES-CMAC, 8 is AES-GMAC
// Hop count and repeated access of the communication control field: set by repeaters, hence not in the counter block.
constexpr std::uint8_t repeater_bits = 0x12;

bool is_fragment(const afl_header& h) { return h.more_fragments() || h.fragment_id() > 1; }

bool payload_crc_fits(bytes_view payload) {
  return payload.size() > 2 && mbus::crc_of(payload.subspan(2)) == load_le<std::uint16_t>(payload.data());
}

// M, A, CC, SN, frame number 0, block counter 0 (EN 13757-4, 13.2.8.3).
block link_counter(const link_frame& link, const ell_header& ell) {
  block b{};
  std::memcpy(b.data(), link.address.data(), 8);
  b[8] = static_cast<std::uint8_t>(ell.communication_control & ~repeater_bits);
  const auto session = ell.session.value_or(0);
  for (std::size_t i = 0; i < 4; ++i) b[9 + i] = static_cast<std::uint8_t>(session >> (8 * i));
  return b;
}

std::string_view refusal(content what) {
  switch (what) {
    case content::dlms: return "DLMS application layer";
    case content::management: return "network management";
    case content::command: return "addressed to a meter";
    case content::reserved: return "reserved CI field";
    case content::authentication:
    case content::extended_link: return "layers in the wrong order";
    default: return {};
  }
}

}  // namespace

std::span<std::uint8_t> receiver::steps::writable() {
  std::memmove(self.buffer_.data(), in.data(), in.size());
  in = bytes_view{self.buffer_}.first(in.size());
  return std::span{self.buffer_}.first(in.size());
}

bool receiver::steps::link(bytes_view frame) {
  auto l = read_link(frame);
  if (!l) return stop(verdict::no_frame, "no link layer");
  t.head.link = *l;
  t.meter = l->sender;
  in = l->body;
  return true;
}

bool receiver::steps::extended_link() {
  if (in.empty() || describe(in[0]).what != content::extended_link) return true;
  auto ell = take_ell(in);
  if (!ell && ell.error().code == errc::unsupported)
    return stop(verdict::unsupported, "extended link layer of variable form (CI 86)");
  if (!ell) return stop(ell.error());
  t.head.ell = *ell;
  if (!ell->session) return true;
  if (ell->encryption() > 1) return stop(verdict::unsupported, "encryption of the extended link layer");
  if (ell->encryption() == 1) {
    const bool clear = meter.policy.accept_decrypted && payload_crc_fits(in);
    if (!meter.key && !clear) return stop(verdict::no_key, "extended link layer");
    if (!clear) {
      meter.key->use_master();
      meter.key->ctr(writable(), link_counter(t.head.link, *ell));
      t.decrypted = true;
      if (!payload_crc_fits(in)) return stop(verdict::implausible, "payload CRC after decryption");
    }
  } else if (!payload_crc_fits(in)) {
    return stop(verdict::bad_crc, "payload CRC of the extended link layer");
  }
  in = in.subspan(2);
  return true;
}

bool receiver::steps::authentication() {
  if (in.empty() || describe(in[0]).what != content::authentication) return true;
  auto afl = take_afl(in);
  if (!afl) return stop(afl.error());
  t.head.afl = *afl;
  if (is_fragment(*afl)) {
    reassembly::message m;
    auto complete = meter.fragments.add(*afl, in, now, m);
    if (!complete) return stop(verdict::no_frame, "fragments do not make a message");
    if (!*complete) return stop(verdict::pending, "fragment");
    t.head.afl = m.header;
    in = m.content;
  } else if (afl->message_length && *afl->message_length != in.size()) {
    return stop(verdict::no_frame, "message of wrong length");
  }
  t.counter = t.head.afl->counter;
  return true;
}

bool receiver::steps::transport() {
  whole = in;
  auto tpl = take_tpl(in, self.scratch_);
  if (!tpl) return stop(tpl.error());
  t.head.tpl = *tpl;
  t.what = describe(tpl->ci).what;
  t.mode = tpl->mode();
  if (tpl->kind == header_kind::long_header) t.meter = tpl->meter;
  if (tpl->counter) t.counter = tpl->counter;
  if (const auto why = refusal(t.what); !why.empty()) return stop(verdict::unsupported, why);
  return true;
}

bool receiver::steps::mac() {
  const auto& afl = t.head.afl;
  if (!afl || afl->mac.empty()) return true;
  if (!afl->counter || !afl->message_control) return stop(verdict::no_frame, "MAC without counter");
  if ((*afl->message_control & 15U) > last_cmac) return stop(verdict::unsupported, "MAC other than AES-CMAC");
  // A MAC shorter than it says, or than 64 bits, could be found by trying (3116 table 19).
  if (afl->mac.size() != mac_size(*afl->message_control)) return stop(verdict::no_frame, "MAC of another length");
  if (afl->mac.size() < shortest_tag) return stop(verdict::unsupported, "MAC shorter than 64 bits");
  if (!meter.key) return meter.policy.accept_decrypted ? true : stop(verdict::no_key, "authentication layer");
  // MCL, MCR, ML if there, then the message from its CI on (EN 13757-7, 9.3).
  std::array<std::uint8_t, 7> start{*afl->message_control};
  std::size_t n = 1;
  for (; n < 5; ++n) start[n] = static_cast<std::uint8_t>(*afl->counter >> (8 * (n - 1)));
  if (afl->message_length) {
    start[n++] = static_cast<std::uint8_t>(*afl->message_length);
    start[n++] = static_cast<std::uint8_t>(*afl->message_length >> 8U);
  }
  const std::array<bytes_view, 2> parts{bytes_view{start}.first(n), whole};
  block computed;
  meter.key->derive(derived::authentication, *afl->counter, t.meter.id);
  meter.key->cmac(parts, computed);
  if (!equal_constant_time(afl->mac, bytes_view{computed}.first(afl->mac.size())))
    return stop(verdict::wrong_key, "MAC");
  t.authenticated = true;
  return true;
}

bool receiver::steps::fresh() {
  if (!t.authenticated || !t.counter) return true;
  if (meter.counter && *t.counter <= *meter.counter) return stop(verdict::replayed, "counter does not increase");
  meter.counter = t.counter;
  return true;
}

bool receiver::steps::enough() {
  if (t.authenticated || !meter.policy.authenticated_only || t.mode == 10) return true;
  return stop(verdict::unprotected, "no authentication");
}

bool receiver::steps::application() {
  if (t.what == content::compact) {
    if (in.size() < 4) return stop(verdict::no_frame, "compact frame too short");
    const auto signature = load_le<std::uint16_t>(in.data());
    const auto crc = load_le<std::uint16_t>(&in[2]);
    if (formats != nullptr) t.format = formats->find(signature);
    if (t.format.empty()) return stop(verdict::unknown_format, "format never heard");
    if (meter.policy.full_frame_crc &&
        mbus::full_frame_crc(t.format, in.subspan(4)).value_or(static_cast<std::uint16_t>(~crc)) != crc)
      return stop(verdict::implausible, "CRC of the full frame");
    in = in.subspan(4);
  }
  t.application = in;
  t.result = verdict::accepted;
  return true;
}

expected<headers> receiver::peek(bytes_view stripped) {
  headers h;
  SMGW_TRY(h.link, read_link(stripped));
  auto in = h.link.body;
  if (describe(in[0]).what == content::extended_link) {
    SMGW_TRY(h.ell, take_ell(in));
    if (h.ell->encryption() != 0) return h;
    if (h.ell->session) in = in.subspan(2);
  }
  if (!in.empty() && describe(in[0]).what == content::authentication) {
    SMGW_TRY(h.afl, take_afl(in));
    if (h.afl->fragment_id() > 1) return h;
  }
  SMGW_TRY(h.tpl, take_tpl(in, scratch_));
  return h;
}

telegram receiver::open(bytes_view stripped, meter_state& meter, const mbus::format_cache* formats, time_point now) {
  steps s{*this, meter, formats, now, {}, {}, {}};
  const bool done = s.link(stripped) && s.extended_link() && s.authentication() && s.transport() && s.mac() &&
                    s.fresh() && s.enough() && s.security() && s.application();
  SMGW_ASSERT(done == (s.t.result == verdict::accepted));
  return s.t;
}

}  // namespace smgw::wmbus
