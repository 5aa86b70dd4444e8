// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ask.hpp"
#include "actors/cls/proxy_core.hpp"
#include "protocols/mdns/querier.hpp"

#include <algorithm>

namespace smgw::cls {
namespace {

using namespace std::chrono;
using profile::proxy_direction;

constexpr seconds look_up_budget = mdns::errand_budget + seconds{3};

}  // namespace

expected<proxy_opening> proxy_core::on_demand(const open_proxy& m) {
  const auto* r = book->find(m.profile);
  if (r == nullptr) return fail(errc::conflict, m.profile + ": no such proxy profile");
  if (r->rule.initiated_by != proxy_direction::market_participant)
    return fail(errc::denied, m.profile + ": the profile does not let the market participant begin");
  if (auto now = book->admits(*r, parts.now()); !now) {
    not_opened(*r, socks::reply_code::no_profile, now.error());
    return fail(now.error().code, m.profile + ": " + now.error().what);
  }
  if (full()) return fail(errc::unavailable, "too many connections");
  connect(static_cast<std::size_t>(r - book->all().data()));
  return proxy_opening{};
}

void proxy_core::keep(std::size_t i) {
  auto& k = keeping[i];
  if (k.busy) return;
  const auto& r = book->all()[i];
  const auto now = parts.now();
  if (!book->admits(r, now)) {
    const auto left = book->next_change(r, now) - now;
    return again(i, ceil<milliseconds>(std::min<timestamp::duration>(left, longest_wait)));
  }
  if (full()) return again(i, k.pause);
  k.busy = true;
  connect(i);
}

void proxy_core::again(std::size_t i, milliseconds pause) { self->delayed_send(self, pause, wake{keep_first + i}); }

void proxy_core::connect(std::size_t i) {
  const auto& r = book->all()[i];
  const bool service = !r.rule.cls_service.empty();
  if (!service && !r.rule.cls_address->is_local()) return call(i, {*r.rule.cls_address});
  const auto failed = [this, i](const error& e) {
    not_opened(book->all()[i], socks::reply_code::unreachable, e);
    ended(i);
  };
  const auto names = parts.find_responder();
  if (!names) return failed({errc::unavailable, "nobody looks up names in the home network"});
  ask(
      self, names, look_up_budget,
      resolve_name{service ? r.rule.cls_service : r.rule.cls_address->host, service, doubted.contains(r.rule.id)},
      [this, i, port = service ? 0 : r.rule.cls_address->port](const name_addresses& found) {
        std::vector<profile::endpoint> at;
        for (const auto& h : found.hosts) at.push_back({h, static_cast<std::uint16_t>(port != 0 ? port : found.port)});
        call(i, std::move(at));
      },
      failed);
}

void proxy_core::call(std::size_t i, std::vector<profile::endpoint> at) {
  start(i, [w = world, r = &book->all()[i], at = std::move(at)](const std::stop_token& stop) {
    connect_both(*w, *r, at, stop);
  });
}

void proxy_core::over(const relay_over& m) {
  const auto at = relays.find(m.number);
  if (at == relays.end()) return;
  const auto route = at->second.route;
  relays.erase(at);
  if (route) ended(*route);
}

void proxy_core::ended(std::size_t i) {
  if (book->all()[i].rule.initiated_by != proxy_direction::gateway) return;
  auto& k = keeping[i];
  k.busy = false;
  again(i, k.pause);
}

void proxy_core::not_opened(const route& r, socks::reply_code code, const error& e) {
  heard({.profile = r.rule.id,
         .source = "gateway",
         .destination = r.rule.local_server_name,
         .code = code,
         .why = e.what});
}

}  // namespace smgw::cls
