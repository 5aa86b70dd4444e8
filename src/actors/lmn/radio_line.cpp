// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"
#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/wmbus/readings.hpp"
#include "protocols/wmbus/stick_amber.hpp"
#include "protocols/wmbus/stick_imst.hpp"
#include "protocols/wmbus/stick_port.hpp"
#include "protocols/wmbus/stick_text.hpp"

#include <format>

namespace smgw::lmn {
namespace {

constexpr std::string_view protocol = "wmbus";
/// From the first octet of a message to its timestamp, at most (REQ.WMBUS.apl.40).
constexpr std::chrono::milliseconds latest{500};

std::unique_ptr<wmbus::stick> make_stick(profile::radio_receiver which) {
  using enum profile::radio_receiver;
  switch (which) {
    case im871a: return std::make_unique<wmbus::stick_im871a>();
    case iu891a: return std::make_unique<wmbus::stick_iu891a>();
    case amber: return std::make_unique<wmbus::stick_amber>();
    case cul_t: return std::make_unique<wmbus::stick_cul>(wmbus::stick_cul::mode::t);
    case cul_c: return std::make_unique<wmbus::stick_cul>(wmbus::stick_cul::mode::c);
    case supplied: return std::make_unique<wmbus::stick_port>();
    case rtl_wmbus: break;
  }
  return std::make_unique<wmbus::stick_rtl_wmbus>();
}

frame_fault fault_of(wmbus::verdict v) {
  using enum wmbus::verdict;
  switch (v) {
    case bad_crc: return frame_fault::bad_crc;
    case no_key: return frame_fault::no_key;
    case wrong_key: return frame_fault::mac_wrong;
    case implausible: return frame_fault::implausible;
    case replayed: return frame_fault::replayed;
    case unprotected: return frame_fault::unprotected;
    case unknown_format:
    case unsupported: return frame_fault::unsupported;
    default: return frame_fault::no_frame;
  }
}

std::string who(const mbus::identity& m) {
  if (const auto id = mbus::device_id_of(m)) return std::string(id->text());
  return std::format("{} {} version {} type {}", mbus::manufacturer_text(m.manufacturer), mbus::id_text(m), m.version,
                     m.type);
}

/// A receiver of wireless M-Bus (detail specification 10): it listens, and sends nothing but its configuration.
class radio_line final : public line {
 public:
  radio_line(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(port, meters),
        formats_name_("lmn.formats." + port.id),
        receiver_(port.receiver),
        meters_(std::move(meters)),
        stick_(make_stick(receiver_)) {
    states_.resize(meters_.size());
    for (std::size_t i = 0; i < meters_.size(); ++i) {
      const auto& m = meters_[i];
      by_id_.emplace(m.id, i);
      if (m.server_id && m.server_id->size() == 8) by_address_.emplace(*m.server_id, i);
      states_[i].policy.authenticated_only = m.security == profile::protection::authenticated;
      if (const auto key = m.key.clone(); key.size() == wmbus::key_size)
        states_[i].key = std::move(*wmbus::meter_cipher::make(key));
    }
  }

  [[nodiscard]] std::vector<std::string> remembered() const override {
    std::vector<std::string> names{formats_name_};
    for (const auto& m : meters_)
      if (!m.key.empty()) names.push_back(counter_name(protocol, m.id));
    return names;
  }

  void remember(const std::string& name, bytes_view value) override {
    if (name == formats_name_) return remember_formats(value);
    for (std::size_t i = 0; i < meters_.size(); ++i)
      if (!meters_[i].key.empty() && counter_name(protocol, meters_[i].id) == name)
        states_[i].counter = kept_counter(value, meters_[i].key);
  }

  void opened(instant, output& out) override {
    begun_.reset();
    damaged_before_ += static_cast<std::int64_t>(stick_->damaged());
    stick_ = make_stick(receiver_);
    out.transmit = stick_->configure();
  }

  void feed(bytes_view in, instant now, output& out) override {
    // A frame came when its first octet did (REQ.WMBUS.apl.40); noise before it must not make it older than allowed.
    auto begun = now;
    if (begun_) begun.utc = std::max(*begun_, now.utc - latest);
    begun_ = begun.utc;
    stick_->feed(in, [&](const wmbus::air_frame& f) {
      take(f, begun, out);
      begun_.reset();
      begun = now;
    });
  }

  void tick(instant, output&) override {}
  [[nodiscard]] std::optional<time_point> wake_at() const override { return std::nullopt; }

  void report(status_report& to) const override {
    to.fields.emplace_back("damaged by the receiver", damaged_before_ + static_cast<std::int64_t>(stick_->damaged()));
    for (std::size_t i = 0; i < frame_faults - 1; ++i) {
      const auto f = static_cast<frame_fault>(i);
      to.fields.emplace_back(std::string(to_string(f)), roster_.count(f));
    }
  }

 private:
  void take(const wmbus::air_frame& f, instant now, output& out) {
    const auto stripped = wmbus::strip(f.format, f.octets, buffer_);
    if (!stripped)
      return roster_.noise(stripped.error().code == errc::untrusted ? frame_fault::bad_crc : frame_fault::no_frame);
    const auto head = radio_.peek(*stripped);
    if (!head) return roster_.noise(frame_fault::no_frame);
    const auto& sender = sender_of(*head);
    const auto meter = find(*head, sender);
    if (!meter) return tell_stranger(who(sender), now.utc, out, f.rssi_dbm);
    roster_.strength(*meter, f.rssi_dbm);
    open(*meter, *stripped, now, out);
  }

  /// The application's address, if there is one, names the meter: a radio module may send for it (U.60, DS 10.2).
  static const mbus::identity& sender_of(const wmbus::headers& head) {
    const bool own = head.tpl && head.tpl->kind == wmbus::header_kind::long_header;
    return own ? head.tpl->meter : head.link.sender;
  }

  [[nodiscard]] std::optional<std::size_t> find(const wmbus::headers& head, const mbus::identity& sender) const {
    const bytes address(head.link.address.begin(), head.link.address.end());
    if (const auto at = by_address_.find(address); at != by_address_.end()) return at->second;
    const auto id = mbus::device_id_of(sender);
    if (!id) return std::nullopt;
    const auto at = by_id_.find(*id);
    return at == by_id_.end() ? std::nullopt : std::optional{at->second};
  }

  void open(std::size_t meter, bytes_view frame, instant now, output& out) {
    const auto t = radio_.open(frame, states_[meter], &formats_, now.steady);
    if (t.result == wmbus::verdict::pending) return;
    if (t.result != wmbus::verdict::accepted) return refuse(meter, fault_of(t.result), now.utc, out);
    if (t.authenticated) learn(t, out);
    if (!wmbus::read_values(t, now.utc, readings_)) return refuse(meter, frame_fault::no_frame, now.utc, out);
    roster_.accepted(meter, now.utc);
    std::optional<kept_value> keep;
    if (t.authenticated && t.counter) keep = keep_counter(protocol, meters_[meter].id, meters_[meter].key, *t.counter);
    deliver(meter, std::move(keep), out);
  }

  [[nodiscard]] std::optional<std::uint16_t> newest_format() const {
    return formats_.entries().empty() ? std::nullopt : std::optional{formats_.entries().back().signature};
  }

  /// Compact frames (CI 79) may come long before the next full one: their formats outlive a restart.
  void learn(const wmbus::telegram& t, output& out) {
    const auto known = newest_format();
    if (t.what == wmbus::content::records) (void)formats_.learn(t.application);
    if (t.what == wmbus::content::format) (void)formats_.add_frame(t.application);
    if (newest_format() == known) return;
    kept_value kept{formats_name_, {}};
    for (const auto& f : formats_.entries()) {
      kept.value.push_back(static_cast<std::uint8_t>(f.headers.size()));
      put(kept.value, f.headers);
    }
    out.keep_first.push_back(std::move(kept));
  }

  void remember_formats(bytes_view value) {
    while (!value.empty()) {
      const std::size_t size = value[0];
      if (size + 1 > value.size()) return;
      (void)formats_.add(value.subspan(1, size));
      value = value.subspan(size + 1);
    }
  }

  /// Values of one instant are one reading; those of a profile come oldest first. The current value beside a profile
  /// is not for billing, so no list takes it.
  void deliver(std::size_t meter, std::optional<kept_value> keep, output& out) {
    std::map<timestamp, meter_read> by_time;
    for (const auto& r : readings_) {
      if (!r.billing) continue;
      auto& read = by_time[r.captured];
      read.captured = r.captured;
      read.meter_status = r.status.meter;
      read.values.push_back({r.register_name, r.value, r.measured});
    }
    for (auto& [when, read] : by_time) out.telegrams.push_back({meter, std::move(read), std::exchange(keep, {})});
    // A telegram without values still moves the counter.
    if (keep) out.telegrams.push_back({meter, {}, std::move(keep)});
  }

  std::string formats_name_;
  profile::radio_receiver receiver_;
  std::vector<profile::meter> meters_;
  std::unique_ptr<wmbus::stick> stick_;
  std::map<device_id, std::size_t> by_id_;
  std::map<bytes, std::size_t> by_address_;
  std::vector<wmbus::meter_state> states_;
  wmbus::receiver radio_;
  mbus::format_cache formats_;
  std::array<std::uint8_t, wmbus::max_frame> buffer_{};
  std::vector<wmbus::wireless_reading> readings_;
  std::int64_t damaged_before_ = 0;
  std::optional<timestamp> begun_;  ///< when octets came that belong to no whole frame yet
};

}  // namespace

std::unique_ptr<line> make_radio_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  return std::make_unique<radio_line>(port, std::move(meters));
}

}  // namespace smgw::lmn
