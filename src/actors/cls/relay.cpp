// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/cls/relay.hpp"

#include "actors/cls/pump.hpp"
#include "base/check.hpp"

namespace smgw::cls {
namespace {

using namespace std::chrono;
using steady = std::chrono::steady_clock;
using socks::reply_code;

/// A side that was called, and what it said at once, behind its handshake: a server may greet.
struct called {
  leg side;
  bytes said;
};

/// A TLS client's handshake within the budget.
expected<called> call(const profile::endpoint& to, const crypto::tls_config& tls, const relay_world& w,
                      const std::stop_token& stop) {
  const auto end = steady::now() + connect_budget;
  SMGW_TRY(auto fd, io::dial_tcp(to.host, to.port, connect_budget, stop));
  SMGW_TRY(auto made, leg::create(std::move(fd), tls, false, w.now()));
  bytes said;
  while (!made.established()) {
    SMGW_CHECK(made.write());
    if (made.finished()) return fail(errc::untrusted, "the other side closed during the handshake");
    if (steady::now() >= end) return fail(errc::expired, "no handshake in time");
    if (stop.stop_requested()) return fail(errc::unavailable, "the gateway stops");
    wait_for({{&made, true}});
    SMGW_CHECK(made.read(w.now(), said));
  }
  return called{std::move(made), std::move(said)};
}

/// Addresses of the same peer, one after the other.
expected<called> call_one_of(const std::vector<profile::endpoint>& all, const crypto::tls_config& tls,
                             const relay_world& w, const std::stop_token& stop) {
  expected<called> last = fail(errc::unavailable, "no address");
  for (const auto& to : all)
    if (last = call(to, tls, w, stop); last) break;
  return last;
}

/// Table 11.1: who is not there in time, and who says no.
reply_code code_for(const error& e) {
  const bool refused = e.code == errc::untrusted || e.code == errc::denied || e.what.contains("refused");
  return refused ? reply_code::refused : reply_code::unreachable;
}

/// A place of a profile while it lives.
class place {
 public:
  [[nodiscard]] static expected<place> take(const relay_world& w, const route& r) {
    SMGW_TRY(const auto until, w.book->enter(r, w.now()));
    return place(w.book.get(), &r, until);
  }
  place(place&& other) noexcept
      : book_(std::exchange(other.book_, nullptr)), rule_(other.rule_), until_(other.until_) {}
  place& operator=(place&&) = delete;
  ~place() {
    if (book_ != nullptr) book_->leave(*rule_);
  }
  [[nodiscard]] timestamp until() const noexcept { return until_; }

 private:
  place(route_book* book, const route* r, timestamp until) : book_(book), rule_(r), until_(until) {}
  route_book* book_;
  const route* rule_;
  timestamp until_;
};

/// With what each side has said already: the controllable system behind its request, who was called behind the
/// handshake.
void run(called system_side, called market_side, bounds within, const relay_world& w, relay_report report,
         const std::stop_token& stop) {
  auto& system = system_side.side;
  auto& market = market_side.side;
  report.opened = true;
  w.report(report);
  report.opened = false;
  expected<void> begun;
  if (!system_side.said.empty()) begun = within.pass(system_side.said, market, report.to_market);
  if (begun && !market_side.said.empty()) begun = within.pass(market_side.said, system, report.to_system);
  report.why = begun ? pump(system, market, within, w, report, stop) : begun.error().what;
  market.close();
  system.close();
  drain(market, w.now(), closing_grace, false, stop);
  drain(system, w.now(), closing_grace, false, stop);
  w.report(report);
}

void refuse(leg& system, const relay_world& w, relay_report report, reply_code code, std::string why,
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
std::expected<asked, std::pair<reply_code, std::string>> await_request(leg& system, const relay_world& w,
                                                                       const std::stop_token& stop) {
  const auto end = steady::now() + request_budget;
  socks::server above;
  bytes plain;
  const auto no = [](reply_code code, std::string why) { return std::unexpected{std::pair{code, std::move(why)}}; };
  for (;;) {
    if (auto written = system.write(); !written) return no(reply_code::general_failure, written.error().what);
    if (system.finished()) return no(reply_code::general_failure, "closed before CONNECT");
    if (steady::now() >= end || stop.stop_requested()) return no(reply_code::general_failure, "no CONNECT in time");
    wait_for({{&system, true}});
    plain.clear();
    if (auto read = system.read(w.now(), plain); !read) return no(reply_code::general_failure, read.error().what);
    if (plain.empty()) continue;
    auto got = above.decrypted(plain);
    if (got.refused) return no(got.refused->code, got.refused->why.what);
    if (got.asked) return asked{std::move(*got.asked), std::move(got.payload)};
  }
}

}  // namespace

void serve(const relay_world& w, io::descriptor stream, const std::string& source, const std::stop_token& stop) {
  relay_report report{.source = source};
  auto system = leg::create(std::move(stream), w.door, true, w.now());
  if (!system) return;
  const auto got = await_request(*system, w, stop);
  if (!got) return refuse(*system, w, report, got.error().first, got.error().second, stop);
  report.destination = to_text(got->request);
  const auto& peer = system->summary()->peer;
  const auto* r = peer ? w.book->find(peer->fingerprint, got->request) : nullptr;
  if (r == nullptr) return refuse(*system, w, report, reply_code::no_profile, "no profile permits it", stop);
  report.profile = r->rule.id;
  const auto inside = place::take(w, *r);
  if (!inside) {
    // RFC 1928, 6: 02 is what the ruleset does not allow; the profile is the ruleset.
    const bool ruled_out = inside.error().code == errc::conflict;
    return refuse(*system, w, report, ruled_out ? reply_code::no_profile : reply_code::general_failure,
                  inside.error().what, stop);
  }
  auto market = call_one_of(r->rule.wan_peer_addresses, r->wan, w, stop);
  if (!market) return refuse(*system, w, report, code_for(market.error()), market.error().what, stop);
  if (system->send(socks::reply(reply_code::connected)))
    run({*std::move(system), got->payload}, *std::move(market), bounds{w, *r, inside->until()}, w, report, stop);
}

void connect_both(const relay_world& w, const route& r, const std::vector<profile::endpoint>& system_at,
                  const std::stop_token& stop) {
  relay_report report{.profile = r.rule.id, .source = "gateway", .destination = r.rule.local_server_name};
  const auto failed = [&](const error& e) {
    report.code = e.code == errc::conflict ? reply_code::no_profile : code_for(e);
    report.why = e.what;
    w.report(report);
  };
  const auto inside = place::take(w, r);
  if (!inside) return failed(inside.error());
  auto market = call_one_of(r.rule.wan_peer_addresses, r.wan, w, stop);
  if (!market) return failed(market.error());
  auto system = call_one_of(system_at, r.han, w, stop);
  if (!system) return failed(system.error());
  run(*std::move(system), *std::move(market), bounds{w, r, inside->until()}, w, report, stop);
}

}  // namespace smgw::cls
