// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/oem_link.hpp"

namespace smgw {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_reopen{250};
constexpr milliseconds last_reopen{60'000};
/// Timers: the port is opened again; all other numbers are deadlines of the protocol, and only the newest counts.
constexpr std::uint64_t reopen = 0;

}  // namespace

struct oem_link_core {
  using pointer = link_actor::stateful_pointer<oem_link_state>;

  oem_link_core(pointer actor, oem_link_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  oem_link_parts parts;
  wire_actor wire;
  milliseconds pause = first_reopen;
  std::uint64_t deadline = reopen;
  std::int64_t octets = 0, reports = 0, faults = 0, foreign = 0, openings = 0;
  std::string last_error;
  std::map<device_id, heard_meter> heard;  ///< those with a profile

  void open() {
    auto opened = parts.open(self->system(), self);
    if (!opened) return lost(opened.error());
    ++openings;
    wire = std::move(*opened);
    self->monitor(wire);
    last_error.clear();
    parts.announce(parts.port, "port open");
    take(parts.protocol->open(self->clock().now()));
  }

  void lost(const error& why) {
    if (wire) {
      self->demonitor(wire.address());
      self->send(wire, wire_close{});
    }
    wire = nullptr;
    ++deadline;  // what the protocol waited for is over
    if (last_error != why.what) parts.announce(parts.port, "port lost: " + why.what);
    last_error = why.what;
    self->delayed_send(self, pause, wake{reopen});
    pause = std::min(pause * 2, last_reopen);
  }

  void feed(const wire_bytes& m) {
    if (!wire) return;
    octets += static_cast<std::int64_t>(m.data.size());
    take(parts.protocol->feed(m.data, self->clock().now()));
    if (wire) self->send(wire, wire_more{});
  }

  void timer(const wake& w) {
    if (w.round == reopen) return open();
    if (w.round == deadline && wire) take(parts.protocol->tick(self->clock().now()));
  }

  void take(expected<ports::protocol_output> said) {
    if (!said) return lost(said.error());
    for (auto& r : said->reports) deliver(r);
    if (!said->transmit.empty()) self->send(wire, wire_write{std::move(said->transmit)});
    ++deadline;
    if (!said->wake_at) return;
    const auto left = std::chrono::ceil<milliseconds>(*said->wake_at - self->clock().now());
    self->delayed_send(self, std::max(left, milliseconds{1}), wake{deadline});
  }

  void deliver(const ports::meter_report& r) {
    const auto age = std::chrono::floor<milliseconds>(self->clock().now() - r.captured);
    if (age < milliseconds{0} || age > max_capture_age || r.registers.size() > max_reported_registers) {
      ++faults;
      last_error = "a report of " + std::string(r.meter.text()) +
                   " without a believable capture time or with too many registers";
      return;
    }
    const auto known = parts.meters.find(r.meter);
    if (known == parts.meters.end()) {
      ++foreign;
      return;
    }
    ++reports;
    note(r.meter, parts.now() - age);
    pause = first_reopen;  // a port that brings readings is a good port
    meter_read read{parts.now() - age, r.status, {}};
    for (const auto& v : r.registers) read.values.push_back({v.name, v.value, v.measured});
    self->send(known->second, std::move(read));
  }

  void note(const device_id& meter, timestamp when) {
    auto& h = heard[meter];
    h.port = parts.port;
    h.meter = meter.text();
    h.profile = true;
    ++h.telegrams;
    ++h.accepted;
    h.last = when;
  }

  [[nodiscard]] heard_list list() const {
    heard_list all;
    for (const auto& [meter, h] : heard) all.meters.push_back(h);
    return all;
  }

  [[nodiscard]] status_report report() const {
    return {"link " + parts.port,
            {{"state", wire ? "open" : "closed: " + last_error},
             {"protocol", "supplied by the OEM"},
             {"octets", octets},
             {"telegrams", reports},
             {"faults", faults},
             {"without profile", foreign},
             {"openings", openings}}};
  }
};

link_actor::behavior_type oem_link(link_actor::stateful_pointer<oem_link_state> self, oem_link_parts parts) {
  guard(self);
  self->state.core = std::make_shared<oem_link_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](caf::down_msg&) { core->lost({errc::internal, "the wire broke"}); });
  self->send(self, wake{reopen});
  return {
      [core](const wire_bytes& m) { core->feed(m); },
      [core](const wire_closed& m) { core->lost(m.reason); },
      [core](const query_status&) { return core->report(); },
      [core](const query_heard&) { return core->list(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
