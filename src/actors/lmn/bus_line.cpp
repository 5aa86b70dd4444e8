// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/bus_line.hpp"

#include "actors/lmn/bus_meter.hpp"
#include "actors/lmn/sml_quirks.hpp"
#include "protocols/hdlc/bus.hpp"

#include <algorithm>

namespace smgw::lmn {
namespace {

class bus_line final : public line {
 public:
  bus_line(const profile::lmn_port& port, std::vector<profile::meter> meters, bus_parts parts)
      : line(port, meters), parts_(std::move(parts)) {
    for (auto& m : meters) meters_.push_back(std::make_unique<bus_meter>(std::move(m), parts_));
  }

  [[nodiscard]] std::vector<std::string> remembered() const override {
    std::vector<std::string> all;
    for (const auto& m : meters_) std::ranges::move(m->remembered(), std::back_inserter(all));
    return all;
  }

  void remember(const std::string& name, bytes_view value) override {
    for (auto& m : meters_) m->remember(name, value);
  }

  void opened(instant now, output& out) override {
    for (auto& m : meters_) m->left();
    absorb(bus_.start(now.steady), now, out);
  }

  void feed(bytes_view in, instant now, output& out) override {
    absorb(bus_.feed(in, now.steady), now, out);
    serve(now, out);
  }

  void tick(instant now, output& out) override {
    absorb(bus_.tick(now.steady), now, out);
    serve(now, out);
  }

  [[nodiscard]] std::optional<time_point> wake_at() const override {
    auto at = wake_;
    for (const auto& m : meters_)
      if (const auto due = m->wake_at()) at = at ? std::min(*at, *due) : *due;
    return at;
  }

  void report(status_report& to) const override {
    const auto& c = bus_.counted();
    const auto number = [&](const char* name, std::uint64_t n) {
      to.fields.emplace_back(name, static_cast<std::int64_t>(n));
    };
    number("participants", bus_.participants().size());
    number("discoveries", c.discoveries);
    number("joined", c.joined);
    number("lost", c.lost);
    number("noise octets", bus_.reader().dropped(hdlc::drop::garbage));
    number("bad check sequence", bus_.reader().dropped(hdlc::drop::check));
    for (const auto f : {frame_fault::no_frame, frame_fault::mac_wrong, frame_fault::silent})
      to.fields.emplace_back(std::string(to_string(f)), roster_.count(f));
    for (const auto& m : meters_) to.fields.emplace_back(std::string(m->profile().id.text()), m->state());
    sml::quirk_counts used;
    for (const auto& m : meters_) used += m->quirks_used();
    report_quirks(used, to);
  }

 private:
  [[nodiscard]] std::optional<std::size_t> find(const device_id& id) const {
    const auto at = std::ranges::find_if(meters_, [&](const auto& m) { return m->profile().id == id; });
    return at == meters_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(at - meters_.begin())};
  }

  void absorb(hdlc::bus::output from, instant now, output& out) {
    wake_ = from.wake_at;
    out.transmit.insert(out.transmit.end(), from.transmit.begin(), from.transmit.end());
    for (const auto& [id, what] : from.events) {
      const auto meter = find(id);
      if (!meter) {
        // Whoever has no profile is known to be there, and told nothing.
        if (what == hdlc::bus::news::joined) tell_stranger(std::string(id.text()), now.utc, out);
        continue;
      }
      const bool is_here = what == hdlc::bus::news::joined;
      is_here ? meters_[*meter]->joined(now) : meters_[*meter]->left();
      if (!is_here) roster_.refused(*meter, frame_fault::silent, now.utc);
      out.news.push_back(std::string(id.text()) + (is_here ? " has joined the bus" : " fell silent"));
    }
    for (const auto& [id, information] : from.received)
      if (const auto meter = find(id)) take(*meter, meters_[*meter]->feed(information, now), now, out);
    for (const auto& [id, datagram] : from.datagrams)
      if (const auto meter = find(id)) take(*meter, meters_[*meter]->feed_datagram(datagram, now), now, out);
  }

  void serve(instant now, output& out) {
    for (std::size_t i = 0; i < meters_.size(); ++i) take(i, meters_[i]->tick(now), now, out);
  }

  void take(std::size_t meter, bus_meter::output from, instant now, output& out) {
    const auto& id = meters_[meter]->profile().id;
    for (auto& information : from.information) {
      auto sent = bus_.send(id, std::move(information), now.steady);
      if (sent) absorb(std::move(*sent), now, out);
    }
    for (auto& datagram : from.datagrams) {
      auto sent = bus_.send_datagram(id, std::move(datagram), now.steady);
      if (sent) absorb(std::move(*sent), now, out);
    }
    std::ranges::move(from.keep, std::back_inserter(out.keep_first));
    if (from.fault) roster_.refused(meter, *from.fault, now.utc);
    if (!from.reads.empty()) roster_.accepted(meter, now.utc);
    for (auto& read : from.reads) out.telegrams.push_back({meter, std::move(read), {}});
    if (!from.news.empty()) out.news.push_back(std::string(id.text()) + ": " + from.news);
  }

  bus_parts parts_;
  hdlc::bus bus_;
  std::vector<std::unique_ptr<bus_meter>> meters_;
  std::optional<time_point> wake_;
};

}  // namespace

std::unique_ptr<line> make_bus_line(const profile::lmn_port& port, std::vector<profile::meter> meters,
                                    bus_parts parts) {
  return std::make_unique<bus_line>(port, std::move(meters), std::move(parts));
}

}  // namespace smgw::lmn
