// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/routes.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace smgw::cls {
namespace {

/// However the profile writes it: `2001:db8::1` is `2001:db8:0:0:0:0:0:1`.
bool is_at(const profile::endpoint& peer, const socks::connect_request& asked) {
  if (peer.port != asked.port) return false;
  if (const auto* v4 = std::get_if<socks::ipv4>(&asked.destination)) {
    socks::ipv4 own{};
    return ::inet_pton(AF_INET, peer.host.c_str(), own.data()) == 1 && own == *v4;
  }
  const auto* v6 = std::get_if<socks::ipv6>(&asked.destination);
  socks::ipv6 own{};
  return v6 != nullptr && ::inet_pton(AF_INET6, peer.host.c_str(), own.data()) == 1 && own == *v6;
}

}  // namespace

const route* route_book::find(const certificate_print& cls, const socks::connect_request& asked) const {
  const auto* name = std::get_if<std::string>(&asked.destination);
  const auto fits = [&](const route& r) {
    if (r.cls != cls || r.rule.initiated_by != profile::proxy_direction::cls) return false;
    if (name != nullptr) return r.rule.local_server_name == *name;
    return std::ranges::any_of(r.rule.wan_peer_addresses, [&](const auto& peer) { return is_at(peer, asked); });
  };
  const auto found = std::ranges::find_if(routes_, fits);
  return found == routes_.end() ? nullptr : &*found;
}

const route* route_book::find(std::string_view id) const {
  const auto found = std::ranges::find(routes_, id, [](const route& r) { return std::string_view{r.rule.id}; });
  return found == routes_.end() ? nullptr : &*found;
}

bool route_book::used_up(const route& r, timestamp now) const {
  const auto found = accounts_.find(r.rule.id);
  return r.rule.daily_volume_limit && found != accounts_.end() && found->second.carried.day == zone_.day_of(now) &&
         found->second.carried.octets >= *r.rule.daily_volume_limit;
}

expected<void> route_book::check(const route& r, timestamp now) const {
  if (!open_until(r.rule.schedule, now, zone_)) return fail(errc::conflict, "outside of the profile's schedule");
  if (used_up(r, now)) return fail(errc::conflict, "the profile's volume of the day is used up");
  return {};
}

expected<void> route_book::admits(const route& r, timestamp now) const {
  const std::scoped_lock lock(guard_);
  return check(r, now);
}

expected<timestamp> route_book::enter(const route& r, timestamp now) {
  const std::scoped_lock lock(guard_);
  SMGW_CHECK(check(r, now));
  auto& a = accounts_[r.rule.id];
  if (a.inside >= r.rule.connections) return fail(errc::exhausted, "too many connections");
  ++a.inside;
  return *open_until(r.rule.schedule, now, zone_);
}

void route_book::leave(const route& r) {
  const std::scoped_lock lock(guard_);
  --accounts_[r.rule.id].inside;
}

unsigned route_book::inside(const route& r) const {
  const std::scoped_lock lock(guard_);
  const auto found = accounts_.find(r.rule.id);
  return found == accounts_.end() ? 0 : found->second.inside;
}

std::uint64_t route_book::grant(const route& r, std::uint64_t wanted, timestamp now) {
  if (!r.rule.daily_volume_limit) return wanted;
  const std::scoped_lock lock(guard_);
  auto& c = accounts_[r.rule.id].carried;
  if (const auto today = zone_.day_of(now); c.day != today) c = {today, 0};
  const auto granted = std::min(wanted, *r.rule.daily_volume_limit - std::min(c.octets, *r.rule.daily_volume_limit));
  c.octets += granted;
  return granted;
}

timestamp route_book::next_change(const route& r, timestamp now) const {
  const std::scoped_lock lock(guard_);
  const auto opens = next_opening(r.rule.schedule, now, zone_);
  return used_up(r, now) ? std::min(opens, zone_.next_midnight(now)) : opens;
}

day_volume route_book::carried(const route& r) const {
  const std::scoped_lock lock(guard_);
  const auto found = accounts_.find(r.rule.id);
  return found == accounts_.end() ? day_volume{} : found->second.carried;
}

void route_book::restore(const route& r, const day_volume& before) {
  const std::scoped_lock lock(guard_);
  accounts_[r.rule.id].carried = before;
}

bytes encode(const day_volume& v) {
  bytes out;
  put_be(out, static_cast<std::uint32_t>(v.day.time_since_epoch().count()));
  put_be(out, v.octets);
  return out;
}

expected<day_volume> decode_day_volume(bytes_view in) {
  SMGW_TRY(const auto day, take_be<std::uint32_t>(in));
  SMGW_TRY(const auto octets, take_be<std::uint64_t>(in));
  if (!in.empty()) return fail(errc::malformed, "a day's volume is longer than it can be");
  return day_volume{std::chrono::local_days{std::chrono::days{day}}, octets};
}

}  // namespace smgw::cls
