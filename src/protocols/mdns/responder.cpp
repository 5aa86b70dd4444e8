// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/responder.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace smgw::mdns {
namespace {

using namespace std::chrono;

constexpr std::uint16_t mdns_port = 5353;
constexpr std::uint32_t legacy_ttl = 10;  ///< RFC 6762, 6.7
constexpr std::uint16_t class_any = 255;
constexpr int shared_least = 20, shared_most = 120;  ///< RFC 6762, 6
constexpr std::size_t max_remembered = 256;

bytes octets_of(const record& r) {
  message m;
  m.response = true;
  m.answers.push_back(r);
  return encode(m);
}

/// RFC 6762, 7.1: the asker has it already, with at least half of its life.
bool known(const record& r, const message& asked) {
  return std::ranges::any_of(
      asked.answers, [&](const record& k) { return same(k.about, r.about) && same_data(k, r) && k.ttl >= r.ttl / 2; });
}

void add(std::vector<record>& all, const record& r) {
  const bool there =
      std::ranges::any_of(all, [&](const record& o) { return same(o.about, r.about) && same_data(o, r); });
  if (!there) all.push_back(r);
}

}  // namespace

responder::responder(host h, std::uint32_t seed, std::shared_ptr<multicast_share> share)
    : host_(std::move(h)),
      unique_(make_name(host_.id + ".local")),
      shared_(make_name(host_.shared + ".local")),
      service_(make_name(host_.service + "._tcp.local")),
      instance_(make_name(host_.id + "." + host_.service + "._tcp.local")),
      all_services_(make_name("_services._dns-sd._udp.local")),
      random_(seed),
      share_(std::move(share)) {}

std::vector<record> responder::own_records() const {
  std::vector<record> out;
  for (const auto* n : {&unique_, &shared_}) {
    const bool unique = n == &unique_;
    for (const auto& a : host_.v4) out.push_back({*n, type::a, 1, unique, host_ttl, a, {}});
    for (const auto& a : host_.v6) out.push_back({*n, type::aaaa, 1, unique, host_ttl, a, {}});
  }
  out.push_back({service_, type::ptr, 1, false, service_ttl, instance_, {}});
  out.push_back({instance_, type::srv, 1, true, host_ttl, service{0, 0, host_.port, unique_}, {}});
  out.push_back({instance_, type::txt, 1, true, service_ttl, text{host_.about}, {}});
  out.push_back({all_services_, type::ptr, 1, false, service_ttl, service_, {}});
  return out;
}

std::vector<record> responder::answers_to(const question& q) const {
  std::vector<record> out;
  if (q.class_code != 1 && q.class_code != class_any) return out;
  for (const auto& r : own_records())
    if (same(r.about, q.about) && (q.what == type::any || q.what == r.what)) out.push_back(r);
  // Of a unique name it can be said that there is nothing else (RFC 6762, 6.1).
  if (out.empty() && same(q.about, unique_)) {
    std::vector<type> there;
    if (!host_.v4.empty()) there.push_back(type::a);
    if (!host_.v6.empty()) there.push_back(type::aaaa);
    out.push_back({unique_, type::nsec, 1, true, host_ttl, unique_, there});
  }
  return out;
}

void responder::multicast(std::vector<record> answers, time_point now, output& out) {
  std::erase_if(last_, [&](const auto& e) { return now - e.second >= repeat_pause; });
  std::erase_if(answers, [&](const record& r) { return last_.contains(octets_of(r)); });
  if (answers.empty() || !share_->take(now, kept_for_queries)) return;
  message m;
  m.response = true;
  for (const auto& r : answers)
    if (last_.size() < max_remembered) last_[octets_of(r)] = now;
  m.answers = std::move(answers);
  // Who hears of a service asks for its address next (RFC 6763, 12).
  const bool service_told =
      std::ranges::any_of(m.answers, [](const record& r) { return r.what == type::ptr || r.what == type::srv; });
  if (service_told)
    for (const auto& r : own_records())
      if ((same(r.about, instance_) || same(r.about, unique_)) &&
          std::ranges::none_of(m.answers, [&](const record& a) { return same(a.about, r.about) && same_data(a, r); }))
        m.additional.push_back(r);
  out.transmit.push_back({encode(m), false});
}

responder::output responder::finish(output out) const {
  out.wake_at = next_;
  for (const auto& w : waiting_) out.wake_at = std::min(out.wake_at.value_or(w.at), w.at);
  return out;
}

responder::output responder::tick(time_point now) {
  output out;
  if (next_ && now >= *next_) come_up(now, out);
  while (!waiting_.empty() && now >= waiting_.front().at) {
    auto due = std::move(waiting_.front());
    waiting_.pop_front();
    multicast(std::move(due.answers), now, out);
  }
  return finish(std::move(out));
}

void responder::answer_query(const message& m, std::uint16_t from_port, time_point now, output& out) {
  std::vector<record> direct, group;
  bool shared = false;
  const bool legacy = from_port != mdns_port;
  for (const auto& q : m.questions)
    for (const auto& r : answers_to(q)) {
      if (known(r, m)) continue;
      shared = shared || !r.flush;
      add(q.unicast || legacy ? direct : group, r);
    }
  if (!direct.empty()) {
    message answer;
    answer.response = true;
    answer.answers = std::move(direct);
    if (legacy) {
      answer.id = m.id;
      answer.questions = m.questions;
      for (auto& r : answer.answers) {
        r.flush = false;
        r.ttl = std::min(r.ttl, legacy_ttl);
      }
    }
    out.transmit.push_back({encode(answer), true});
  }
  if (group.empty()) return;
  if (!shared && !m.truncated) return multicast(std::move(group), now, out);
  if (waiting_.size() >= max_waiting) return;
  const auto wait = m.truncated ? truncated_wait : random_.wait(shared_least, shared_most);
  waiting_.push_back({now + wait, std::move(group)});
  std::ranges::sort(waiting_, {}, &waiting::at);
}

expected<responder::output> responder::feed(bytes_view in, std::uint16_t from_port, time_point now) {
  SMGW_TRY(const auto m, decode(in));
  return feed(m, from_port, now);
}

expected<responder::output> responder::feed(const message& m, std::uint16_t from_port, time_point now) {
  if (m.operation != 0 || m.code != 0) return finish({});  // RFC 6762, 18.3 and 18.11: ignored
  output out;
  if (m.response) {
    if (from_port != mdns_port) return finish({});  // RFC 6762, 6: responses come from this port
    if (is_conflict(m)) return fail(errc::conflict, "another device in the home network is called " + to_text(unique_));
    // Somebody has answered meanwhile, or the known answers of a truncated query go on.
    for (auto& w : waiting_) std::erase_if(w.answers, [&](const record& r) { return r.flush && known(r, m); });
  } else if (stage_ == stage::probing) {
    meet_probe(m, now);
  } else {
    if (m.questions.empty())
      for (auto& w : waiting_) std::erase_if(w.answers, [&](const record& r) { return known(r, m); });
    answer_query(m, from_port, now, out);
  }
  return finish(std::move(out));
}

bytes responder::goodbye() const {
  message m;
  m.response = true;
  m.answers = own_records();
  for (auto& r : m.answers) r.ttl = 0;
  return encode(m);
}

}  // namespace smgw::mdns
