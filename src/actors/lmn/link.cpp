// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/link.hpp"

#include "base/hex.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/status.hpp"
#include "protocols/sml/transport.hpp"

#include <set>

namespace smgw {
namespace {

constexpr std::chrono::milliseconds first_reopen{250};
constexpr std::chrono::milliseconds last_reopen{60'000};
/// Server ids without a profile that are remembered, to be told once each.
constexpr std::size_t max_strangers = 64;
/// Timers: the port is opened again; a torn file is given up.
constexpr std::uint64_t reopen = 1;
constexpr std::uint64_t silence = 2;

bytes server_id_of(const profile::meter& m) {
  if (m.server_id) return *m.server_id;
  const auto id = m.id.server_id();
  return {id.begin(), id.end()};
}

sml::meter_kind kind_of(const profile::meter& m) {
  return m.medium == status::meter_kind::gas ? sml::meter_kind::gas : sml::meter_kind::electricity;
}

}  // namespace

struct link_core {
  using pointer = link_actor::stateful_pointer<link_state>;

  link_core(pointer actor, link_parts given) : self(actor), parts(std::move(given)) {
    for (const auto& m : parts.meters) by_server_id.emplace(server_id_of(m.profile), &m);
  }

  pointer self;
  link_parts parts;
  std::map<bytes, const linked_meter*> by_server_id;
  std::set<bytes> strangers;
  wire_actor wire;
  sml::transport_reader reader;
  sml::decoder decoder;
  std::vector<sml::register_value> registers;  ///< of the list under work; kept for its memory
  sml::quirk_counts quirks_used;
  std::chrono::milliseconds pause = first_reopen;
  bool silence_armed = false;
  std::int64_t octets = 0, telegrams = 0, malformed = 0, foreign = 0, openings = 0;
  std::string last_error;

  void open() {
    auto opened = parts.open(self->system(), self);
    if (!opened) return lost(opened.error());
    ++openings;
    wire = std::move(*opened);
    self->monitor(wire);
    last_error.clear();
    parts.announce(parts.port, "port open");
  }

  void lost(const error& why) {
    if (wire) self->demonitor(wire.address());
    wire = nullptr;
    if (last_error != why.what) parts.announce(parts.port, "port lost: " + why.what);
    last_error = why.what;
    self->delayed_send(self, pause, wake{reopen});
    pause = std::min(pause * 2, last_reopen);
  }

  void feed(const wire_bytes& m) {
    octets += static_cast<std::int64_t>(m.data.size());
    bytes_view in{m.data};
    while (const auto file = reader.next(in, self->clock().now())) {
      pause = first_reopen;  // a port that brings telegrams is a good port
      read_file(file->payload, m.arrived - age(*file));
    }
    if (wire) self->send(wire, wire_more{});
    arm();
  }

  /// How long ago the first octet of the file came (REQ.TLSHDLC.SMGW.50 wants that instant, within 500 ms).
  [[nodiscard]] std::chrono::milliseconds age(const sml::file& file) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(self->clock().now() - file.first_octet);
  }

  void read_file(bytes_view payload, timestamp captured) {
    while (!payload.empty()) {
      const auto message = decoder.next(payload);
      if (!message) {
        ++malformed;
        last_error = message.error().what;
        return;
      }
      if (const auto* list = std::get_if<sml::get_list_response>(&message->body)) deliver(*list, captured);
    }
  }

  void deliver(const sml::get_list_response& list, timestamp captured) {
    const bytes id(list.server_id.begin(), list.server_id.end());
    const auto known = by_server_id.find(id);
    if (known == by_server_id.end()) return stranger(id);
    ++telegrams;
    meter_read read{captured, 0, {}};
    registers.clear();
    sml::append_registers(list, {}, quirks_used, registers);
    for (const auto& r : registers) {
      if (const auto word = sml::meter_word(r.status, kind_of(known->second->profile)); word && r.status.width != 0)
        read.meter_status = *word;
      if (r.number) read.values.push_back({r.name, *r.number, r.unit.value_or(unit::none)});
    }
    self->send(known->second->actor, std::move(read));
  }

  void stranger(const bytes& id) {
    ++foreign;
    if (strangers.size() == max_strangers || !strangers.insert(id).second) return;
    parts.announce(parts.port, "a meter without a profile: server id " + to_hex(id));
  }

  void arm() {
    if (silence_armed) return;
    const auto next = reader.wake_at();
    if (!next) return;
    silence_armed = true;
    self->delayed_send(self,
                       std::max(std::chrono::duration_cast<std::chrono::milliseconds>(*next - self->clock().now()),
                                std::chrono::milliseconds{1}),
                       wake{silence});
  }

  void timer(const wake& w) {
    if (w.round == reopen) return open();
    silence_armed = false;
    reader.tick(self->clock().now());
    arm();
  }

  [[nodiscard]] std::int64_t dropped(sml::drop reason) const {
    return static_cast<std::int64_t>(reader.dropped(reason));
  }

  [[nodiscard]] status_report report() const {
    return {"link " + parts.port,
            {{"state", wire ? "open" : "closed: " + last_error},
             {"octets", octets},
             {"telegrams", telegrams},
             {"malformed", malformed},
             {"without profile", foreign},
             {"noise octets", dropped(sml::drop::garbage)},
             {"torn", dropped(sml::drop::restarted) + dropped(sml::drop::silent)},
             {"bad checksum", dropped(sml::drop::bad_crc)},
             {"openings", openings}}};
  }
};

link_actor::behavior_type lmn_link(link_actor::stateful_pointer<link_state> self, link_parts parts) {
  guard(self);
  self->state.core = std::make_shared<link_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  self->set_down_handler([core](caf::down_msg&) { core->lost({errc::internal, "the wire broke"}); });
  self->send(self, wake{reopen});
  return {
      [core](const wire_bytes& m) { core->feed(m); },
      [core](const wire_closed& m) { core->lost(m.reason); },
      [core](const query_status&) { return core->report(); },
      [core](const wake& w) { core->timer(w); },
  };
}

}  // namespace smgw
