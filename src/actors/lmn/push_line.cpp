// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"
#include "actors/lmn/readout_values.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/d0/readout.hpp"
#include "protocols/dlms/layout.hpp"
#include "protocols/dlms/push_decoder.hpp"
#include "protocols/dlms/reader.hpp"

#include <algorithm>
#include <format>

namespace smgw::lmn {
namespace {

constexpr std::string_view protocol = "dlms";

frame_fault fault_of(dlms::protection_fault why, const error& e) {
  using enum dlms::protection_fault;
  switch (why) {
    case no_key:
    case no_authentication_key: return frame_fault::no_key;
    case tag_wrong: return frame_fault::mac_wrong;
    case plaintext_implausible: return frame_fault::implausible;
    case replayed: return frame_fault::replayed;
    case unsupported: return frame_fault::unsupported;
    case none: break;
  }
  return e.code == errc::unsupported ? frame_fault::unsupported : frame_fault::no_frame;
}

/// One meter's state between its telegrams.
struct push_meter {
  profile::meter profile;
  std::optional<dlms::cipher> cipher;
  dlms::counter_state counter;
  dlms::push_decoder decoder;
};

/// Pushes of DLMS meters: customer interfaces.
class push_line final : public line {
 public:
  push_line(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(port, meters), reader_(static_cast<dlms::transport>(port.push)) {
    static_assert(static_cast<int>(profile::push_transport::raw) == static_cast<int>(dlms::transport::raw));
    for (auto& m : meters) {
      auto state = std::make_unique<push_meter>();
      if (!m.key.empty()) state->cipher.emplace(m.key.clone(), m.authentication_key.clone());
      if (state->cipher && m.server_id) title_of(*m.server_id, *state->cipher);
      state->profile = std::move(m);
      meters_.push_back(std::move(state));
    }
  }

  [[nodiscard]] std::vector<std::string> remembered() const override {
    std::vector<std::string> names;
    for (const auto& m : meters_)
      if (m->cipher) names.push_back(counter_name(protocol, m->profile.id));
    return names;
  }

  void remember(const std::string& name, bytes_view value) override {
    for (const auto& m : meters_)
      if (counter_name(protocol, m->profile.id) == name)
        if (const auto last = kept_counter(value, m->profile.key)) m->counter = {*last, true};
  }

  void opened(instant now, output& out) override { tick(now, out); }

  void feed(bytes_view in, instant now, output& out) override {
    while (auto t = reader_.feed(in, now.steady)) take(*t, now, out);
  }

  void tick(instant now, output& out) override {
    while (auto t = reader_.tick(now.steady)) take(*t, now, out);
  }
  [[nodiscard]] std::optional<time_point> wake_at() const override { return reader_.wake_at(); }

  void report(status_report& to) const override {
    const auto& c = reader_.counters();
    to.fields.emplace_back("frames", static_cast<std::int64_t>(c.frames));
    to.fields.emplace_back("broken frames", static_cast<std::int64_t>(c.broken_frames));
    to.fields.emplace_back("noise octets", static_cast<std::int64_t>(c.noise));
    for (std::size_t i = 0; i < frame_faults - 1; ++i) {
      const auto f = static_cast<frame_fault>(i);
      to.fields.emplace_back(std::string(to_string(f)), roster_.count(f));
    }
  }

 private:
  /// What is ciphered by service, without a system title of its own, needs the one that the profile names.
  static void title_of(bytes_view server_id, dlms::cipher& to) {
    std::array<std::uint8_t, dlms::system_title_size> title{};
    if (server_id.size() != title.size()) return;
    std::ranges::copy(server_id, title.begin());
    to.set_system_title(title);
  }

  void take(const expected<dlms::telegram>& t, instant now, output& out) {
    if (!t) return roster_.noise(t.error().code == errc::malformed ? frame_fault::bad_crc : frame_fault::no_frame);
    const auto meter = find(*t);
    if (!meter) return tell_stranger(name_of(*t), now.utc, out);
    decode(*meter, t->apdu, now, out);
  }

  static bytes system_title(const dlms::telegram& t) {
    const auto read = dlms::read_apdu(t.apdu);
    const auto* c = read ? std::get_if<dlms::ciphered>(&*read) : nullptr;
    return c == nullptr ? bytes{} : bytes(c->system_title.begin(), c->system_title.end());
  }

  static std::string name_of(const dlms::telegram& t) {
    const auto title = system_title(t);
    return title.empty() ? std::format("DLMS address {:x}", t.source) : "system title " + to_hex(title);
  }

  /// The system title tells whose it is, where the profiles name any; a lone meter needs none.
  [[nodiscard]] std::optional<std::size_t> find(const dlms::telegram& t) const {
    const auto title = system_title(t);
    for (std::size_t i = 0; i < meters_.size(); ++i)
      if (const auto& id = meters_[i]->profile.server_id; id && !title.empty() && *id == title) return i;
    if (meters_.size() == 1 && (!meters_[0]->profile.server_id || title.empty())) return 0;
    return std::nullopt;
  }

  void decode(std::size_t meter, bytes_view apdu, instant now, output& out) {
    auto& m = *meters_[meter];
    dlms::protection_fault why{};
    const auto push = m.decoder.decode(apdu, m.cipher ? &*m.cipher : nullptr, &m.counter, &why);
    if (!push) return refuse(meter, fault_of(why, push.error()), now.utc, out);
    if (!*push) return;  // a block; more are to come
    if (!(*push)->authenticated && m.profile.security == profile::protection::authenticated)
      return refuse(meter, frame_fault::unprotected, now.utc, out);
    output::heard heard{meter, {now.utc, 0, {}}, {}};
    if ((*push)->authenticated) heard.keep = keep_counter(protocol, m.profile.id, m.profile.key, m.counter.last);
    if (const auto* text = std::get_if<std::string_view>(&(*push)->content)) {
      // The customer interface of Luxembourg: P1 inside of general-glo-ciphering.
      const auto readout = d0::read_readout(as_bytes(*text));
      if (!readout) return refuse(meter, frame_fault::no_frame, now.utc, out);
      if (readout->damaged()) return refuse(meter, frame_fault::bad_crc, now.utc, out);
      add_readout_values(readout->data, heard.read);
    } else {
      add_values(m.profile, (*push)->body(), heard.read);
    }
    roster_.accepted(meter, now.utc);
    out.telegrams.push_back(std::move(heard));
  }

  static void add_values(const profile::meter& m, bytes_view body, meter_read& read) {
    const auto* layout = m.layout.empty() ? nullptr : dlms::find_layout(m.layout, dlms::positions_of(body));
    dlms::record_cursor records{body};
    dlms::record r;
    while (records.next(r)) {
      if (layout != nullptr) dlms::complete(r, *layout);
      if (r.number && r.named != dlms::naming::none) read.values.push_back({r.name, *r.number, r.measured});
    }
  }

  dlms::reader reader_;
  std::vector<std::unique_ptr<push_meter>> meters_;
};

}  // namespace

std::unique_ptr<line> make_push_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  return std::make_unique<push_line>(port, std::move(meters));
}

}  // namespace smgw::lmn
