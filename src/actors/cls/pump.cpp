// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/pump.hpp"

#include "base/check.hpp"

#include <poll.h>

#include <algorithm>

namespace smgw::cls {
namespace {

using namespace std::chrono;

/// How soon a request to stop is seen.
constexpr milliseconds look_up{200};

/// What one side has said, to the other.
expected<void> carry(leg& from, leg& to, bounds& within, timestamp now, std::uint64_t& count) {
  bytes plain;
  const auto read = from.read(now, plain);
  if (!plain.empty()) SMGW_CHECK(within.pass(plain, to, count));
  return read;
}

}  // namespace

std::array<bool, 2> wait_for(std::initializer_list<std::pair<const leg*, bool>> legs) {
  std::array<pollfd, 2> all{};
  nfds_t n = 0;
  for (const auto& [l, reads] : legs) {
    const auto events = (reads ? POLLIN : 0) | (l->wants_write() ? POLLOUT : 0);
    all[n++] = {events == 0 ? -1 : l->fd(), static_cast<short>(events), 0};
  }
  ::poll(all.data(), n, static_cast<int>(look_up.count()));
  // An error or an end is something to read, too.
  return {(all[0].revents & ~POLLOUT) != 0, (all[1].revents & ~POLLOUT) != 0};
}

void drain(leg& l, timestamp now, seconds grace, bool until_closed, const std::stop_token& stop) {
  const auto end = steady_clock::now() + grace;
  bytes ignored;
  while (steady_clock::now() < end && !stop.stop_requested()) {
    if (!l.write() || (!l.wants_write() && (!until_closed || l.finished()))) return;
    wait_for({{&l, true}});
    ignored.clear();
    if (!l.finished() && !l.read(now, ignored)) return;
    if (l.finished() && !l.wants_write()) return;
  }
}

expected<void> bounds::pass(bytes_view plain, leg& to, std::uint64_t& count) {
  moved_ = steady::now();
  std::uint64_t allowed = plain.size();
  if (left_) allowed = std::min(allowed, *left_);
  const auto granted = world_->book->grant(*rule_, allowed, world_->now());
  count += granted;
  if (left_) *left_ -= granted;
  if (to.established()) SMGW_CHECK(to.send(plain.first(static_cast<std::size_t>(granted))));
  if (granted < allowed) return fail(errc::exhausted, "the profile's volume of the day is used up");
  if (allowed < plain.size() || left_ == 0U) return fail(errc::exhausted, "the volume of a connection is used up");
  return {};
}

std::optional<std::string> bounds::over() const {
  const auto now = steady::now();
  if (now - moved_ >= rule_->rule.idle_limit) return "idle for too long";
  if (now - began_ >= rule_->rule.duration_limit) return "open for too long";
  if (world_->now() >= closes_) return "the profile's window is over";
  return std::nullopt;
}

std::string pump(leg& system, leg& market, bounds& within, const relay_world& w, relay_report& counts,
                 const std::stop_token& stop) {
  for (;;) {
    if (!system.write() || !market.write()) return "the connection broke";
    if (system.finished()) return "closed by the controllable system";
    if (market.finished()) return "closed by the market participant";
    if (stop.stop_requested()) return "the gateway stops";
    if (auto why = within.over()) return *std::move(why);
    // Back-pressure: a side is read only while the other one takes.
    const bool read_system = market.waiting() < max_waiting, read_market = system.waiting() < max_waiting;
    const auto ready = wait_for({{&system, read_system}, {&market, read_market}});
    if (read_system && ready[0])
      if (auto done = carry(system, market, within, w.now(), counts.to_market); !done) return done.error().what;
    if (read_market && ready[1])
      if (auto done = carry(market, system, within, w.now(), counts.to_system); !done) return done.error().what;
    if (!system.tick(w.now()) || !market.tick(w.now())) return "the session's lifetime is over";
  }
}

}  // namespace smgw::cls
