// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/station.hpp"

#include "base/check.hpp"

namespace smgw::hdlc {
namespace {

constexpr std::uint8_t ui = control::ui & static_cast<std::uint8_t>(~control::poll_final);

}  // namespace

void station::reset() {
  address_ = 0;
  connected_ = false;
  queue_.clear();
  in_flight_ = false;
  slot_.reset();
  reader_ = frame_reader{};
}

station::output station::finish(output out) const {
  if (slot_) out.wake_at = slot_->first;
  return out;
}

void station::answer(output& out, std::uint8_t control, bytes_view information) const {
  SMGW_ASSERT(put_frame(out.transmit, {primary_station, {service_sap, address_}, control, information}));
}

void station::answer_datagram(bytes& transmit, bytes_view information) const {
  SMGW_ASSERT(put_frame(transmit, {primary_station, {service_sap, address_}, control::ui, information}));
}

station::output station::feed(bytes_view in, time_point now) {
  output out;
  while (const auto f = reader_.next(in, now)) take(*f, now, out);
  return finish(std::move(out));
}

void station::take(const frame& f, time_point now, output& out) {
  if (f.source != primary_station) return;
  if (f.destination == every_station) return take_broadcast(f, now, out);
  if (address_ == 0 || f.destination != address{service_sap, address_}) return;
  heard_ = now;
  if (f.control == control::snrm) {
    connected_ = out.connected = true;
    v_s_ = v_r_ = 0;
    queue_.clear();
    in_flight_ = false;
    return answer(out, control::ua);
  }
  if (f.control == control::disc) {
    out.lost = std::exchange(connected_, false);
    return answer(out, control::ua);
  }
  if (f.control == control::ui) {  // in any state, without numbers
    out.datagrams.emplace_back(f.information.begin(), f.information.end());
    return;
  }
  if (!connected_) return answer(out, control::dm);
  if ((f.control & 3U) != 3U) numbered(f, out);
}

void station::numbered(const frame& f, output& out) {
  const unsigned n_r = f.control >> 5;
  if (in_flight_ && n_r == ((v_s_ + 1U) & 7U)) {
    v_s_ = static_cast<std::uint8_t>(n_r);
    queue_.pop_front();
    in_flight_ = false;
  }
  const bool information = (f.control & 1U) == 0;
  if (information && ((f.control >> 1) & 7U) == v_r_) {
    v_r_ = static_cast<std::uint8_t>((v_r_ + 1U) & 7U);
    out.received.emplace_back(f.information.begin(), f.information.end());
  }
  if (queue_.empty()) return answer(out, control::rr(v_r_));
  in_flight_ = true;
  answer(out, control::information(v_s_, v_r_), queue_.front());
}

void station::take_broadcast(const frame& f, time_point now, output& out) {
  const auto m = assignment::decode(f.information);
  if (!m) return;
  if (const auto* d = std::get_if<assignment::discover>(&*m); d != nullptr && address_ == 0)
    slot_ = {now + assignment::slot_of(id_, d->session, d->slots) * assignment::slot_time, d->session};
  if (const auto* a = std::get_if<assignment::assign>(&*m); a != nullptr && a->id == id_) {
    address_ = a->station;
    connected_ = false;
    heard_ = now;
    answer(out, ui, assignment::encode(assignment::taken{id_}));
  }
  if (std::holds_alternative<assignment::forget>(*m)) {
    out.lost = connected_;
    reset();
  }
}

station::output station::tick(time_point now) {
  output out;
  reader_.tick(now);
  if (slot_ && now >= slot_->first) {
    const auto session = slot_->second;
    slot_.reset();
    if (address_ == 0) answer(out, ui, assignment::encode(assignment::here{session, id_}));
  }
  if (address_ != 0 && now - heard_ > forget_after) {
    out.lost = connected_;
    reset();
  }
  return finish(std::move(out));
}

}  // namespace smgw::hdlc
