// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/bus_answers.hpp"

#include "actors/lmn/sml_quirks.hpp"
#include "base/check.hpp"
#include "base/octets.hpp"

namespace smgw::lmn {
namespace {

sml::meter_kind kind_of(const profile::meter& m) {
  return m.medium == status::meter_kind::gas ? sml::meter_kind::gas : sml::meter_kind::electricity;
}

}  // namespace

bus_answers::bus_answers(const profile::meter& of)
    : meter_(of), quirks_(quirks_of(of)), decoder_({.accept_kermit = quirks_.holley_time_and_crc}) {
  restart();
}

void bus_answers::restart() { reader_ = sml::transport_reader{{.accept_kermit = quirks_.holley_time_and_crc}}; }

std::optional<expected<bus_answers::file>> bus_answers::next(bytes_view& in, instant now) {
  const auto found = reader_.next(in, now.steady);
  if (!found) return std::nullopt;
  if (found->kermit) ++used_.kermit_crc;
  return read(found->payload, now);
}

expected<bus_answers::file> bus_answers::read(bytes_view payload, instant now) {
  file out;
  by_instant reads;
  sent_.reset();
  bool whole = false;
  while (!payload.empty()) {
    SMGW_TRY(const auto m, decoder_.next(payload));
    if (const auto* open = std::get_if<sml::open_response>(&m.body)) note_sent(open->ref_time, out);
    if (const auto* answer = std::get_if<sml::get_proc_parameter_response>(&m.body)) add_values(*answer, now, reads);
    const auto* attention = std::get_if<sml::attention_response>(&m.body);
    if (attention != nullptr && sml::is_positive(*attention))
      out.carried_out = true;
    else if (attention != nullptr)
      out.news = "attention of the meter: " + std::string(as_text(attention->message));
    whole = whole || std::holds_alternative<sml::close_response>(m.body);
  }
  if (!whole) return fail(errc::truncated, "an answer without its PublicClose.Res");
  for (auto& [when, read] : reads) out.reads.push_back(std::move(read));
  return out;
}

void bus_answers::note_sent(const sml::moment& ref_time, file& out) {
  sent_ = sml::bent_time(ref_time, quirks_, used_).index();
  if (!sent_ || !watch_.decremented(*sent_)) return;
  out.news = "the meter's second index ran backwards";  // REQ.TLSHDLC.SMGW.70
  sent_.reset();
}

void bus_answers::add_values(const sml::get_proc_parameter_response& response, instant now, by_instant& into) {
  std::vector<sml::register_value> found;
  if (!sml::append_register(response, quirks_, used_, found)) return;
  for (const auto& r : found) {
    if (!r.number) continue;
    auto when = now.utc;  // REQ.TLSHDLC.SMGW.60: reception, less what the meter's second indexes say
    if (const auto measured = r.val_time.index(); measured && sent_)
      when = sml::measured_at(now.utc, *sent_, *measured).value_or(now.utc);
    auto& read = into[when];
    read.captured = when;
    if (const auto word = sml::meter_word(r.status, kind_of(meter_)); word && r.status.width != 0)
      read.meter_status = *word;
    read.values.push_back({r.name, *r.number, r.unit.value_or(unit::none)});
  }
}

}  // namespace smgw::lmn
