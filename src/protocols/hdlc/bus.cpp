// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/hdlc/bus.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace smgw::hdlc {
namespace {

/// Participants that wait for an address; more are found again.
constexpr std::size_t max_found = 125;
constexpr std::size_t max_queue = 64;
constexpr std::uint8_t ui = control::ui & static_cast<std::uint8_t>(~control::poll_final);

}  // namespace

bus::output bus::start(time_point now) {
  participants_.clear();
  found_.clear();
  assigning_.reset();
  window_.reset();
  looking_ = false;
  slots_ = 0;
  last_served_.reset();
  reader_ = frame_reader{};
  output out;
  broadcast(assignment::forget{}, out);
  discovery_due_ = now;
  window_ = now + options_.link.response;  // time to forget
  return finish(std::move(out), now);
}

void bus::broadcast(const assignment::message& m, output& out) {
  const auto information = assignment::encode(m);
  SMGW_ASSERT(put_frame(out.transmit, {every_station, primary_station, ui, information}));
}

bus::output bus::feed(bytes_view in, time_point now) {
  output out;
  while (const auto f = reader_.next(in, now)) take(*f, now, out);
  next(now, out);
  return finish(std::move(out), now);
}

void bus::take(const frame& f, time_point now, output& out) {
  if (f.destination != primary_station) return;
  if ((f.control & ~control::poll_final) == ui && assignment::decode(f.information))
    return take_assignment(f, now, out);
  for (auto p = participants_.begin(); p != participants_.end(); ++p)
    if (p->second.where == f.source) return absorb(p, p->second.link.feed(f, now), out);
}

void bus::take_assignment(const frame& f, time_point now, output& out) {
  const auto m = *assignment::decode(f.information);
  if (const auto* answer = std::get_if<assignment::here>(&m)) {
    const bool known = std::ranges::find(found_, answer->id) != found_.end();
    if (!window_ || answer->session != session_ || known || found_.size() == max_found) return;
    // One that joined before and has no address any more was without power.
    if (const auto old = participants_.find(answer->id); old != participants_.end()) remove(old, out);
    found_.push_back(answer->id);
    found_some_ = true;
  } else if (const auto* done = std::get_if<assignment::taken>(&m)) {
    if (!assigning_ || done->id != assigning_->id || f.source.station != assigning_->station) return;
    const auto given = *std::exchange(assigning_, std::nullopt);
    window_.reset();
    join(given.id, given.station, now, out);
  }
}

void bus::join(const device_id& id, std::uint8_t station, time_point now, output& out) {
  const address where{service_sap, station};
  const auto [p, fresh] =
      participants_.try_emplace(id, participant{where, link{primary_station, where, options_.link}, {}, {}, {}, false});
  if (!fresh) return;
  auto started = p->second.link.connect(now);
  SMGW_ASSERT(started);
  absorb(p, std::move(*started), out);
}

void bus::absorb(place p, link::output from, output& out) {
  auto& who = p->second;
  out.transmit.insert(out.transmit.end(), from.transmit.begin(), from.transmit.end());
  for (auto& information : from.received) out.received.emplace_back(p->first, std::move(information));
  for (auto& information : from.datagrams) out.datagrams.emplace_back(p->first, std::move(information));
  who.due = from.wake_at;
  if (from.lost) return remove(p, out);
  if (!who.up && who.link.current() == link::state::connected) {
    who.up = true;
    ++counters_.joined;
    out.events.emplace_back(p->first, news::joined);
  }
}

void bus::remove(place p, output& out) {
  if (p->second.up) {
    ++counters_.lost;
    out.events.emplace_back(p->first, news::lost);
  }
  participants_.erase(p);
  found_some_ = true;  // it may come back soon
}

void bus::drop(const device_id& who) { participants_.erase(who); }

bus::place bus::waiting() {
  return std::ranges::find_if(participants_, [](const auto& p) { return p.second.link.waiting(); });
}

/// The next one after the last that has something to say or is due.
bus::place bus::turn(time_point now) {
  const auto due = [now](const auto& p) {
    return has_something_to_say(p.second) || (p.second.due && now >= *p.second.due);
  };
  const auto from = last_served_ ? participants_.upper_bound(*last_served_) : participants_.begin();
  if (const auto p = std::find_if(from, participants_.end(), due); p != participants_.end()) return p;
  const auto p = std::find_if(participants_.begin(), from, due);
  return p == from ? participants_.end() : p;
}

void bus::next(time_point now, output& out) {
  if (!out.transmit.empty()) return;
  if (const auto p = waiting(); p != participants_.end()) {
    if (p->second.due && now >= *p->second.due) absorb(p, p->second.link.tick(now), out);
    if (!out.transmit.empty() || waiting() != participants_.end()) return;
  }
  if (window_) {
    if (now < *window_) return;
    end_window(now);
  }
  if (!found_.empty()) return assign_next(now, out);
  if (now >= discovery_due_) return look_around(now, out);
  if (const auto p = turn(now); p != participants_.end()) serve(p, now, out);
}

void bus::serve(place p, time_point now, output& out) {
  last_served_ = p->first;
  auto& who = p->second;
  if (!has_something_to_say(who)) return absorb(p, who.link.tick(now), out);
  const bool datagram = !who.datagrams.empty();
  auto& from = datagram ? who.datagrams : who.queue;
  auto sent = datagram ? who.link.ask_datagram(from.front(), now) : who.link.send(std::move(from.front()), now);
  from.pop_front();
  if (sent) absorb(p, std::move(*sent), out);
}

void bus::look_around(time_point now, output& out) {
  ++counters_.discoveries;
  ++session_;
  const auto slots = slots_ == 0 ? options_.slots : slots_;
  broadcast(assignment::discover{session_, slots}, out);
  looking_ = true;
  spoiled_before_ = spoiled();
  window_ = now + slots * assignment::slot_time + options_.link.response;
  const bool soon = participants_.empty() || std::exchange(found_some_, false);
  discovery_due_ = *window_ + (soon ? options_.first_discovery : options_.discovery);
}

std::uint64_t bus::spoiled() const noexcept { return reader_.dropped(drop::garbage) + reader_.dropped(drop::check); }

/// Answers that met leave noise: then there are more participants, and they need more slots.
void bus::end_window(time_point now) {
  window_.reset();
  assigning_.reset();  // whoever did not take its address is found again
  if (!std::exchange(looking_, false)) return;
  const bool met = spoiled() != spoiled_before_;
  const auto slots = slots_ == 0 ? options_.slots : slots_;
  slots_ = met ? static_cast<std::uint8_t>(std::min<unsigned>(2U * slots, options_.most_slots)) : std::uint8_t{0};
  if (met) discovery_due_ = now;
}

void bus::assign_next(time_point now, output& out) {
  const auto id = found_.front();
  found_.pop_front();
  const auto station = free_station();
  if (!station) return;
  assigning_ = assignment::assign{id, *station};
  broadcast(*assigning_, out);
  window_ = now + options_.link.response;
}

std::optional<std::uint8_t> bus::free_station() const {
  for (auto s = first_station; s <= last_station; ++s)
    if (std::ranges::none_of(participants_, [s](const auto& p) { return p.second.where.station == s; })) return s;
  return std::nullopt;
}

bus::output bus::tick(time_point now) {
  reader_.tick(now);
  output out;
  next(now, out);
  return finish(std::move(out), now);
}

expected<bus::output> bus::send(const device_id& to, bytes information, time_point now) {
  return enqueue(&participant::queue, to, std::move(information), now);
}

expected<bus::output> bus::send_datagram(const device_id& to, bytes information, time_point now) {
  return enqueue(&participant::datagrams, to, std::move(information), now);
}

expected<bus::output> bus::enqueue(std::deque<bytes> participant::* queue, const device_id& to, bytes information,
                                   time_point now) {
  const auto p = participants_.find(to);
  if (p == participants_.end() || !p->second.up) return fail(errc::conflict, "the meter has not joined the bus");
  if (information.empty() || information.size() > max_information)
    return fail(errc::exhausted, "too much information for one frame");
  auto& waits = p->second.*queue;
  if (waits.size() == max_queue) return fail(errc::exhausted, "too much waits for this meter");
  waits.push_back(std::move(information));
  output out;
  next(now, out);
  return finish(std::move(out), now);
}

std::vector<device_id> bus::participants() const {
  std::vector<device_id> all;
  for (const auto& [id, p] : participants_)
    if (p.up) all.push_back(id);
  return all;
}

bus::output bus::finish(output out, time_point now) {
  auto at = discovery_due_;
  if (const auto p = waiting(); p != participants_.end()) {
    at = p->second.due.value_or(now);
  } else if (window_) {
    at = *window_;
  } else if (!found_.empty()) {
    at = now;
  } else {
    for (const auto& [id, who] : participants_) {
      if (has_something_to_say(who)) at = now;
      if (who.due) at = std::min(at, *who.due);
    }
  }
  if (const auto torn = reader_.wake_at()) at = std::min(at, *torn);
  out.wake_at = std::max(at, now);
  return out;
}

}  // namespace smgw::hdlc
