// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/relay.hpp"

#include "base/check.hpp"

#include <poll.h>

#include <algorithm>
#include <format>

namespace smgw::cls {
namespace {

using namespace std::chrono;
using steady = std::chrono::steady_clock;

/// How soon a request to stop is seen.
constexpr milliseconds look_up{200};

std::string address_text(const socks::connect_request& r) {
  if (const auto* v4 = std::get_if<socks::ipv4>(&r.destination))
    return std::format("{}.{}.{}.{}", (*v4)[0], (*v4)[1], (*v4)[2], (*v4)[3]);
  if (const auto* v6 = std::get_if<socks::ipv6>(&r.destination)) {
    std::string out;
    for (std::size_t i = 0; i < v6->size(); i += 2)
      out += (i == 0 ? "" : ":") + std::format("{:x}", (*v6)[i] << 8 | (*v6)[i + 1]);
    return out;
  }
  return {};
}

/// Waits until a socket of them is ready.
void wait_for(std::initializer_list<std::pair<const leg*, bool>> legs) {
  std::array<pollfd, 2> all{};
  nfds_t n = 0;
  for (const auto& [l, reads] : legs) {
    const auto events = (reads ? POLLIN : 0) | (l->wants_write() ? POLLOUT : 0);
    all[n++] = {events == 0 ? -1 : l->fd(), static_cast<short>(events), 0};
  }
  ::poll(all.data(), n, static_cast<int>(look_up.count()));
}

/// Lets a side say its last octets.
void drain(leg& l, timestamp now, seconds grace, bool until_closed, const std::stop_token& stop) {
  const auto end = steady::now() + grace;
  bytes ignored;
  while (steady::now() < end && !stop.stop_requested()) {
    if (!l.write() || (!l.wants_write() && (!until_closed || l.finished()))) return;
    wait_for({{&l, true}});
    ignored.clear();
    if (!l.finished() && !l.read(now, ignored)) return;
    if (l.finished() && !l.wants_write()) return;
  }
}

/// A TLS client's handshake within the budget.
expected<leg> call(const profile::endpoint& to, const crypto::tls_config& tls, const relay_world& w,
                   const std::stop_token& stop) {
  const auto end = steady::now() + connect_budget;
  SMGW_TRY(auto fd, io::dial_tcp(to.host, to.port, connect_budget, stop));
  SMGW_TRY(auto made, leg::create(std::move(fd), tls, false, w.now()));
  bytes early;
  while (!made.established()) {
    SMGW_CHECK(made.write());
    if (made.finished()) return fail(errc::untrusted, "the other side closed during the handshake");
    if (steady::now() >= end) return fail(errc::expired, "no handshake in time");
    if (stop.stop_requested()) return fail(errc::unavailable, "the gateway stops");
    wait_for({{&made, true}});
    SMGW_CHECK(made.read(w.now(), early));
  }
  if (!early.empty()) return fail(errc::malformed, "data before it was asked for");
  return made;
}

/// The addresses of the profile, one after the other.
expected<leg> call_market(const route& r, const relay_world& w, const std::stop_token& stop) {
  expected<leg> last = fail(errc::unavailable, "no address");
  for (const auto& to : r.rule.wan_peer_addresses)
    if (last = call(to, r.wan, w, stop); last) break;
  return last;
}

/// Table 11.1: who is not there in time, and who says no.
socks::reply_code code_for(const error& e) {
  const bool refused = e.code == errc::untrusted || e.code == errc::denied || e.what.contains("refused");
  return refused ? socks::reply_code::refused : socks::reply_code::unreachable;
}

/// One direction's octets, counted.
expected<bool> carry(leg& from, leg& to, timestamp now, std::uint64_t& count) {
  bytes plain;
  const auto read = from.read(now, plain);
  if (!plain.empty()) {
    count += plain.size();
    if (to.established()) SMGW_CHECK(to.send(plain));
  }
  if (!read) return std::unexpected{read.error()};
  return !plain.empty();
}

/// Carries data until a side closes, a limit is reached, or the gateway stops. What a side has said before it closed
/// still reaches the other one.
std::string pump(leg& system, leg& market, const route& r, const relay_world& w, relay_report& counts,
                 const std::stop_token& stop) {
  const auto began = steady::now();
  auto moved = began;
  for (;;) {
    if (!system.write() || !market.write()) return "the connection broke";
    if (system.finished()) return "closed by the controllable system";
    if (market.finished()) return "closed by the market participant";
    const auto now = steady::now();
    if (stop.stop_requested()) return "the gateway stops";
    if (now - moved >= r.rule.idle_limit) return "idle for too long";
    if (now - began >= r.rule.duration_limit) return "open for too long";
    // Back-pressure: a side is read only while the other one takes.
    const bool read_system = market.waiting() < max_waiting, read_market = system.waiting() < max_waiting;
    wait_for({{&system, read_system}, {&market, read_market}});
    for (const bool up : {true, false}) {
      if (!(up ? read_system : read_market)) continue;
      const auto some =
          up ? carry(system, market, w.now(), counts.to_market) : carry(market, system, w.now(), counts.to_system);
      if (!some) return some.error().what;
      if (*some) moved = steady::now();
    }
    if (!system.tick(w.now()) || !market.tick(w.now())) return "the session's lifetime is over";
  }
}

void run(leg& system, leg& market, const route& r, const relay_world& w, relay_report report,
         const std::stop_token& stop) {
  report.opened = true;
  w.report(report);
  report.opened = false;
  report.why = pump(system, market, r, w, report, stop);
  market.close();
  system.close();
  drain(market, w.now(), closing_grace, false, stop);
  drain(system, w.now(), closing_grace, false, stop);
  w.report(report);
}

void refuse(leg& system, const relay_world& w, relay_report report, socks::reply_code code, std::string why,
            const std::stop_token& stop) {
  report.code = code;
  report.why = std::move(why);
  w.report(report);
  if (system.established()) {
    if (!system.send(socks::reply(code))) return;
    system.close();
  }
  drain(system, w.now(), refusal_grace, true, stop);
}

struct asked {
  socks::connect_request request;
  bytes payload;
};

/// Handshake and CONNECT of the controllable system.
std::expected<asked, std::pair<socks::reply_code, std::string>> await_request(leg& system, const relay_world& w,
                                                                              const std::stop_token& stop) {
  const auto end = steady::now() + request_budget;
  socks::server above;
  bytes plain;
  const auto no = [](socks::reply_code code, std::string why) {
    return std::unexpected{std::pair{code, std::move(why)}};
  };
  for (;;) {
    if (auto written = system.write(); !written) return no(socks::reply_code::general_failure, written.error().what);
    if (system.finished()) return no(socks::reply_code::general_failure, "closed before CONNECT");
    if (steady::now() >= end || stop.stop_requested())
      return no(socks::reply_code::general_failure, "no CONNECT in time");
    wait_for({{&system, true}});
    plain.clear();
    if (auto read = system.read(w.now(), plain); !read)
      return no(socks::reply_code::general_failure, read.error().what);
    if (plain.empty()) continue;
    auto got = above.decrypted(plain);
    if (got.refused) return no(got.refused->code, got.refused->why.what);
    if (got.asked) return asked{std::move(*got.asked), std::move(got.payload)};
  }
}

std::string asked_text(const socks::connect_request& r) {
  const auto* name = std::get_if<std::string>(&r.destination);
  return name != nullptr ? *name : address_text(r) + ":" + std::to_string(r.port);
}

}  // namespace

const route* route_book::find(const certificate_print& cls, const socks::connect_request& asked) const {
  const auto* name = std::get_if<std::string>(&asked.destination);
  const auto fits = [&](const route& r) {
    if (r.cls != cls || r.rule.initiated_by != profile::proxy_direction::cls) return false;
    if (name != nullptr) return r.rule.local_server_name == *name;
    const profile::endpoint wanted{address_text(asked), asked.port};
    return std::ranges::find(r.rule.wan_peer_addresses, wanted) != r.rule.wan_peer_addresses.end();
  };
  const auto found = std::ranges::find_if(routes_, fits);
  return found == routes_.end() ? nullptr : &*found;
}

const route* route_book::find(std::string_view id) const {
  const auto found = std::ranges::find(routes_, id, [](const route& r) { return std::string_view{r.rule.id}; });
  return found == routes_.end() ? nullptr : &*found;
}

bool route_book::enter(const route& r) {
  const std::scoped_lock lock(guard_);
  auto& n = inside_[r.rule.id];
  if (n >= r.rule.connections) return false;
  ++n;
  return true;
}
void route_book::leave(const route& r) {
  const std::scoped_lock lock(guard_);
  --inside_[r.rule.id];
}
unsigned route_book::inside(const route& r) const {
  const std::scoped_lock lock(guard_);
  const auto found = inside_.find(r.rule.id);
  return found == inside_.end() ? 0 : found->second;
}

void serve(const relay_world& w, io::descriptor stream, const std::string& source, const std::stop_token& stop) {
  relay_report report{.source = source};
  auto system = leg::create(std::move(stream), w.door, true, w.now());
  if (!system) return;
  const auto got = await_request(*system, w, stop);
  if (!got) return refuse(*system, w, report, got.error().first, got.error().second, stop);
  report.destination = asked_text(got->request);
  const auto& peer = system->summary()->peer;
  const auto* r = peer ? w.book->find(peer->fingerprint, got->request) : nullptr;
  if (r == nullptr) return refuse(*system, w, report, socks::reply_code::no_profile, "no profile permits it", stop);
  report.profile = r->rule.id;
  if (!w.book->enter(*r))
    return refuse(*system, w, report, socks::reply_code::general_failure, "too many connections", stop);
  auto market = call_market(*r, w, stop);
  if (!market) {
    w.book->leave(*r);
    return refuse(*system, w, report, code_for(market.error()), market.error().what, stop);
  }
  const bool begun = system->send(socks::reply(socks::reply_code::connected)) && market->send(got->payload);
  report.to_market = got->payload.size();
  if (begun) run(*system, *market, *r, w, report, stop);
  w.book->leave(*r);
}

void connect_both(const relay_world& w, const route& r, const std::stop_token& stop) {
  relay_report report{.profile = r.rule.id, .source = "gateway", .destination = r.rule.local_server_name};
  const auto failed = [&](const error& e) {
    report.code = code_for(e);
    report.why = e.what;
    w.report(report);
  };
  if (!r.rule.cls_address) return failed({errc::internal, "no address of the controllable system"});
  if (!w.book->enter(r)) return failed({errc::exhausted, "too many connections"});
  auto market = call_market(r, w, stop);
  auto system = market ? call(*r.rule.cls_address, r.han, w, stop) : expected<leg>{std::unexpected{market.error()}};
  if (system)
    run(*system, *market, r, w, report, stop);
  else
    failed(system.error());
  w.book->leave(r);
}

}  // namespace smgw::cls
