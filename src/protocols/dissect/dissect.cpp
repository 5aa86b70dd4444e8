// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dissect/dissect.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/dissect/kinds.hpp"
#include "protocols/wmbus/stick_text.hpp"

#include <algorithm>

namespace smgw::dissect {

struct dissector::state {
  wireless_context wireless;
  std::optional<dlms::cipher> cipher;
  dlms_context push;

  /// The surest sign first: check sequences, then lengths, then first octets.
  taken next(bytes_view in, std::vector<telegram>& out) {
    if (const auto n = take_sml(in, out); n != 0) return n;
    if (const auto n = take_lines(in, out); n != 0) return n;
    if (const auto n = take_readout(in, out); n != 0) return n;
    for (const auto format : {wmbus::frame_format::a, wmbus::frame_format::b})
      if (const auto n = take_wireless(format, in, wireless, out); n != 0) return n;
    if (const auto n = take_dlms(in, push, out); n != 0) return n;
    if (const auto n = take_hdlc(in, out); n != 0) return n;
    if (const auto n = take_wired_mbus(in, out); n != 0) return n;
    return take_wireless(wmbus::frame_format::stripped, in, wireless, out);
  }

  /// A line of a receiver that writes text.
  taken take_lines(bytes_view in, std::vector<telegram>& out) {
    const auto end = std::ranges::find(in, std::uint8_t{'\n'});
    const auto size = static_cast<std::size_t>(end - in.begin()) + (end == in.end() ? 0U : 1U);
    const auto line = as_text(in.first(size));
    if (size > wmbus::max_stick_message || line.find(';') == line.npos) return 0;
    taken whole = 0;
    wmbus::stick_rtl_wmbus stick;
    stick.feed(in.first(size), [&](const wmbus::air_frame& f) {
      if (take_wireless(f.format, f.octets, wireless, out) != 0) whole = size;
    });
    return whole;
  }
};

dissector::dissector(std::unique_ptr<state> s) : state_(std::move(s)) {}
dissector::dissector(dissector&&) noexcept = default;
dissector& dissector::operator=(dissector&&) noexcept = default;
dissector::~dissector() = default;

expected<dissector> dissector::make(keys of_the_meter) {
  auto s = std::make_unique<state>();
  const auto good = [](std::size_t n) { return n == 0 || n == 16 || n == 32; };
  if (!good(of_the_meter.encryption.size()) || !good(of_the_meter.authentication.size()))
    return fail(errc::malformed, "a key has 16 octets (DLMS security suite 2: 32)");
  // A laboratory looks at everything, and at captures that a receiver decrypted.
  s->wireless.meter.policy = {.authenticated_only = false, .accept_decrypted = of_the_meter.encryption.empty()};
  if (of_the_meter.encryption.size() == wmbus::key_size) {
    SMGW_TRY(s->wireless.meter.key, wmbus::meter_cipher::make(of_the_meter.encryption));
  }
  if (!of_the_meter.encryption.empty()) {
    s->cipher.emplace(of_the_meter.encryption, of_the_meter.authentication);
    s->push.keys = &*s->cipher;
  }
  return dissector(std::move(s));
}

std::vector<telegram> dissector::all(bytes_view in) {
  std::vector<telegram> out;
  bytes_view strange = in.first(0);
  const auto note = [&] {
    if (strange.empty()) return;
    telegram t;
    t.conclude(outcome::unsupported, "no telegram of a kind that is known here begins in these octets");
    layer_writer(t, "unknown", "octets that belong to no telegram", strange).next(strange.size(), "octets");
    out.push_back(std::move(t));
    strange = {};
  };
  while (!in.empty() && out.size() < max_telegrams) {
    std::vector<telegram> found;
    const auto n = state_->next(in, found);
    if (n == 0) {
      // What was looked at in vain is not looked at again from each of its octets: the next start that can be told.
      strange = {strange.empty() ? in.data() : strange.data(), strange.size() + 1};
      in = in.subspan(1);
      if (strange.size() > wmbus::max_stick_message) {
        strange = {strange.data(), strange.size() + in.size()};
        in = {};
      }
      continue;
    }
    note();
    std::ranges::move(found, std::back_inserter(out));
    in = in.subspan(n);
  }
  note();
  return out;
}

}  // namespace smgw::dissect
