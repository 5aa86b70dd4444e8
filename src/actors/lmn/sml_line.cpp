// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"
#include "actors/lmn/sml_quirks.hpp"
#include "base/hex.hpp"
#include "protocols/sml/readings.hpp"
#include "protocols/sml/status.hpp"
#include "protocols/sml/transport.hpp"

#include <algorithm>

namespace smgw::lmn {
namespace {

bytes server_id_of(const profile::meter& m) {
  if (m.server_id) return *m.server_id;
  const auto id = m.id.server_id();
  return {id.begin(), id.end()};
}

sml::meter_kind kind_of(const profile::meter& m) {
  return m.medium == status::meter_kind::gas ? sml::meter_kind::gas : sml::meter_kind::electricity;
}

/// The CRC is checked before anybody knows whose file it is: one meter with the quirk is enough for its port.
bool any_kermit(const std::vector<profile::meter>& meters) {
  return std::ranges::any_of(meters, [](const auto& m) { return m.has(profile::quirk::holley_time_and_crc); });
}

/// SML files that meters push.
class sml_line final : public line {
 public:
  sml_line(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(port, meters),
        meters_(std::move(meters)),
        reader_({.accept_kermit = any_kermit(meters_)}),
        decoder_({.accept_kermit = any_kermit(meters_)}) {
    for (std::size_t i = 0; i < meters_.size(); ++i) by_server_id_.emplace(server_id_of(meters_[i]), i);
  }

  void opened(instant, output&) override {}

  void feed(bytes_view in, instant now, output& out) override {
    while (const auto file = reader_.next(in, now.steady)) {
      read_file(*file, now.utc - age(*file, now), out);
    }
  }

  void tick(instant now, output&) override { reader_.tick(now.steady); }
  [[nodiscard]] std::optional<time_point> wake_at() const override { return reader_.wake_at(); }

  void report(status_report& to) const override {
    to.fields.emplace_back("malformed", roster_.count(frame_fault::no_frame));
    to.fields.emplace_back("noise octets", dropped(sml::drop::garbage));
    to.fields.emplace_back("torn", dropped(sml::drop::restarted) + dropped(sml::drop::silent));
    to.fields.emplace_back("bad checksum", dropped(sml::drop::bad_crc));
    for (const auto reason : {sml::drop::kermit_crc, sml::drop::bad_escape, sml::drop::bad_padding, sml::drop::oversize,
                              sml::drop::version_2})
      if (dropped(reason) != 0) to.fields.emplace_back(std::string(to_string(reason)), dropped(reason));
    report_quirks(quirks_used_, to);
  }

 private:
  /// How long ago the first octet of the file came (REQ.TLSHDLC.SMGW.50 wants that instant, within 500 ms).
  static std::chrono::milliseconds age(const sml::file& file, instant now) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - file.first_octet);
  }

  void read_file(const sml::file& file, timestamp captured, output& out) {
    sml::octets opened_by;
    for (auto payload = file.payload; !payload.empty();) {
      const auto message = decoder_.next(payload);
      if (!message) return roster_.noise(frame_fault::no_frame);
      if (const auto* open = std::get_if<sml::open_response>(&message->body)) opened_by = open->server_id;
      const auto* list = std::get_if<sml::get_list_response>(&message->body);
      // The server id of a list is that of the file where it has none of its own (GetList.Res: optional for one
      // server).
      if (list != nullptr)
        deliver(*list, list->server_id.empty() ? opened_by : list->server_id, file.kermit || message->kermit, captured,
                out);
    }
  }

  void deliver(const sml::get_list_response& list, sml::octets from, bool kermit, timestamp captured, output& out) {
    const bytes id(from.begin(), from.end());
    const auto known = by_server_id_.find(id);
    if (known == by_server_id_.end()) return tell_stranger("server id " + to_hex(id), captured, out);
    if (kermit && !meters_[known->second].has(profile::quirk::holley_time_and_crc))
      return refuse(known->second, frame_fault::bad_crc, captured, out);
    if (kermit) ++quirks_used_.kermit_crc;
    roster_.accepted(known->second, captured);
    meter_read read{captured, 0, {}};
    registers_.clear();
    sml::append_registers(list, quirks_of(meters_[known->second]), quirks_used_, registers_);
    for (const auto& r : registers_) {
      if (const auto word = sml::meter_word(r.status, kind_of(meters_[known->second])); word && r.status.width != 0)
        read.meter_status = *word;
      if (r.number) read.values.push_back({r.name, *r.number, r.unit.value_or(unit::none)});
    }
    out.telegrams.push_back({known->second, std::move(read), {}});
  }

  [[nodiscard]] std::int64_t dropped(sml::drop reason) const {
    return static_cast<std::int64_t>(reader_.dropped(reason));
  }

  std::vector<profile::meter> meters_;
  std::map<bytes, std::size_t> by_server_id_;
  sml::transport_reader reader_;
  sml::decoder decoder_;
  std::vector<sml::register_value> registers_;  // of the list under work; kept for its memory
  sml::quirk_counts quirks_used_;
};

}  // namespace

std::unique_ptr<line> make_sml_line(const profile::lmn_port& port, std::vector<profile::meter> meters) {
  return std::make_unique<sml_line>(port, std::move(meters));
}

}  // namespace smgw::lmn
