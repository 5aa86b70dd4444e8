// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/querier.hpp"

#include <algorithm>
#include <utility>

namespace smgw::mdns {
namespace {

using namespace std::chrono;

constexpr int first_least = 20, first_most = 120;  ///< before the first question (RFC 6762, 5.2)

milliseconds interval_after(unsigned sent) { return first_interval * (1U << (std::max(sent, 1U) - 1)); }

/// Other names are not asked for by multicast (RFC 6762, 3).
bool is_local(const name& n) { return n.size() > 1 && same({n.back()}, {"local"}); }

}  // namespace

querier::querier(std::function<bool(const record&)> usable, std::uint32_t seed, std::shared_ptr<multicast_share> share)
    : usable_(std::move(usable)), random_(seed), share_(std::move(share)) {}

/// Which host offers the service: of several, the one with the lowest priority number (RFC 2782).
std::optional<service> querier::offer(const task& t, time_point now) const {
  std::optional<service> best;
  for (const auto& r : cache_.find(t.what.about, type::srv, now))
    if (const auto* s = std::get_if<service>(&r.data);
        s != nullptr && is_local(s->target) && (!best || s->priority < best->priority))
      best = *s;
  return best;
}

/// What the task needs to know next.
querier::series querier::needed(const task& t, time_point now) const {
  if (!t.what.service) return {t.what.about, {type::a, type::aaaa}, {}, 0};
  if (const auto host = offer(t, now)) return {host->target, {type::a, type::aaaa}, {}, 0};
  return {t.what.about, {type::srv}, {}, 0};
}

std::optional<expected<location>> querier::answer(const task& t, time_point now) const {
  const auto about = needed(t, now);
  location where;
  if (t.what.service) where.port = offer(t, now).value_or(service{}).port;
  for (const auto what : about.what)
    for (const auto& r : cache_.find(about.about, what, now)) {
      if (!usable_(r)) continue;
      if (const auto* v4 = std::get_if<ipv4>(&r.data)) where.v4.push_back(*v4);
      if (const auto* v6 = std::get_if<ipv6>(&r.data)) where.v6.push_back(*v6);
    }
  if (!where.v4.empty() || !where.v6.empty()) return where;
  const bool none = std::ranges::all_of(about.what, [&](type w) { return cache_.denied(about.about, w, now); });
  if (none) return fail(errc::unavailable, to_text(t.what.about) + " says that it has no address");
  if (now >= t.until) return fail(errc::expired, "nobody in the home network answers for " + to_text(t.what.about));
  return std::nullopt;
}

bool querier::wanted(const series& s, time_point now) const {
  return std::ranges::any_of(tasks_, [&](const task& t) {
    const auto n = needed(t, now);
    return n.what == s.what && same(n.about, s.about);
  });
}

/// A question for each task, none twice. What was asked a moment ago is not asked again at once (RFC 6762, 5.2).
void querier::plan(time_point now) {
  std::erase_if(asking_, [&](const series& s) {
    const bool over = now >= s.next && s.sent >= max_queries;
    return over || ((s.sent == 0 || now >= s.next) && !wanted(s, now));
  });
  for (const auto& t : tasks_) {
    auto n = needed(t, now);
    const auto there = [&](const series& s) { return n.what == s.what && same(n.about, s.about); };
    if (std::ranges::any_of(asking_, there)) continue;
    n.next = now + random_.wait(first_least, first_most);
    asking_.push_back(std::move(n));
  }
}

void querier::ask(time_point now, output& out) {
  message m;
  for (auto& s : asking_) {
    if (now < s.next || s.sent >= max_queries || !wanted(s, now)) continue;
    if (m.questions.empty() && !share_->take(now)) {
      s.next = now + first_interval;
      continue;
    }
    for (const auto what : s.what) {
      // The first time the answer may come to us alone; whoever asks again wants all to hear it (5.4).
      m.questions.push_back({s.about, what, 1, s.sent == 0});
      for (auto& r : cache_.known(m.questions.back(), now))
        if (m.answers.size() < max_known) m.answers.push_back(std::move(r));
    }
    s.next = now + interval_after(++s.sent);
  }
  if (!m.questions.empty()) out.transmit.push_back(encode(m));
}

querier::output querier::finish(time_point now, output out) {
  std::erase_if(tasks_, [&](const task& t) {
    auto said = answer(t, now);
    if (said) out.ended.push_back({t.what.number, *std::move(said)});
    return said.has_value();
  });
  plan(now);
  for (const auto& s : asking_)
    if (wanted(s, now)) out.wake_at = std::min(out.wake_at.value_or(s.next), s.next);
  for (const auto& t : tasks_) out.wake_at = std::min(out.wake_at.value_or(t.until), t.until);
  return out;
}

expected<querier::output> querier::look_up(errand e, time_point now) {
  if (tasks_.size() >= max_errands) return fail(errc::exhausted, "too many names are being looked up");
  task t{std::move(e), now + errand_budget};
  if (t.what.anew) {
    cache_.forget(needed(t, now).about);
    cache_.forget(t.what.about);
  }
  tasks_.push_back(std::move(t));
  return finish(now, {});
}

/// Only of names that were asked for: nobody fills the memory with others.
void querier::take(const std::vector<record>& heard, time_point now) {
  for (const auto& r : heard) {
    const bool of_interest = cache_.has(r.about, now) ||
                             std::ranges::any_of(asking_, [&](const series& s) { return same(s.about, r.about); });
    if (of_interest) cache_.take(r, now);
    plan(now);  // a service leads to a host, whose addresses often stand in the same message
  }
}

/// Somebody else asks all what we are about to ask, and does not know more than we do: the answer comes to us, too
/// (RFC 6762, 7.3).
void querier::overhear(const message& m, time_point now) {
  for (auto& s : asking_) {
    if (s.sent >= max_queries || s.next - now > about_to_ask) continue;
    const bool all = std::ranges::all_of(s.what, [&](type what) {
      return std::ranges::any_of(m.questions, [&](const question& q) {
        return !q.unicast && (q.what == what || q.what == type::any) && same(q.about, s.about);
      });
    });
    const bool ours = std::ranges::all_of(m.answers, [&](const record& k) {
      return !same(k.about, s.about) ||
             std::ranges::any_of(cache_.find(k.about, k.what, now), [&](const record& r) { return same_data(r, k); });
    });
    if (all && ours) s.next = now + interval_after(++s.sent);
  }
}

querier::output querier::heard(const message& m, time_point now) {
  if (m.operation != 0 || m.code != 0) return finish(now, {});  // RFC 6762, 18.3 and 18.11: ignored
  if (m.response) {
    // What stands in a response as a question or an authority says nothing (6, 18).
    take(m.answers, now);
    take(m.additional, now);
  } else {
    overhear(m, now);
  }
  return finish(now, {});
}

querier::output querier::tick(time_point now) {
  output out;
  ask(now, out);
  return finish(now, std::move(out));
}

}  // namespace smgw::mdns
