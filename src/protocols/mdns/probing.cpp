// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A responder's name: probed for, announced, defended (RFC 6762, 8 and 9).
#include "protocols/mdns/responder.hpp"

#include <algorithm>
#include <tuple>

namespace smgw::mdns {

bool responder::is_conflict(const message& m) const {
  const auto foreign = [&](const record& r) {
    const bool ours = same(r.about, unique_) || same(r.about, instance_);
    if (!ours || r.ttl == 0 || r.what == type::nsec) return false;
    const auto own = own_records();
    return std::ranges::none_of(own, [&](const record& o) { return same(o.about, r.about) && same_data(o, r); });
  };
  return m.response && (std::ranges::any_of(m.answers, foreign) || std::ranges::any_of(m.additional, foreign));
}

responder::output responder::start(time_point now) {
  stage_ = stage::probing;
  sent_ = 0;
  next_ = now + random_.wait(0, static_cast<int>(probe_interval.count()));
  return finish({});
}

message responder::probe() const {
  message m;
  m.questions.push_back({unique_, type::any, 1, true});
  for (auto& r : own_records())
    if (same(r.about, unique_)) {
      r.flush = false;
      m.authorities.push_back(std::move(r));
    }
  return m;
}

void responder::come_up(time_point now, output& out) {
  message m;
  if (stage_ == stage::probing && sent_ < probes) {
    m = probe();
    ++sent_;
    next_ = now + probe_interval;
  } else {
    if (stage_ == stage::probing) sent_ = 0;
    stage_ = stage::announcing;
    m.response = true;
    m.answers = own_records();
    next_ = now + announce_interval;
    if (++sent_ == announcements) {
      stage_ = stage::running;
      next_.reset();
    }
  }
  if (share_->take(now)) out.transmit.push_back({encode(m), false});
}

/// Another one probes for the name at the same time: who has the later data goes on, the other one waits and then hears
/// whether the name is taken (RFC 6762, 8.2).
void responder::meet_probe(const message& m, time_point now) {
  const auto sorted = [&](const std::vector<record>& from) {
    std::vector<std::tuple<std::uint16_t, type, bytes>> out;
    for (const auto& r : from)
      if (same(r.about, unique_)) out.emplace_back(r.class_code, r.what, data_of(r));
    std::ranges::sort(out);
    return out;
  };
  const auto theirs = sorted(m.authorities);
  if (theirs.empty() || sorted(probe().authorities) >= theirs) return;
  sent_ = 0;
  next_ = now + probe_deferral;
}

}  // namespace smgw::mdns
