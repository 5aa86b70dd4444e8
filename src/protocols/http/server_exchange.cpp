// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/server_exchange.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::http {

server_exchange::server_exchange(time_point now, const limits& bounds, timing times)
    : parser_(bounds),
      ahead_limit_(bounds.ahead),
      times_(times),
      deadline_(now + times.idle),
      end_(now + times.lifetime) {}

server_exchange::output server_exchange::refuse(const refusal& r) {
  closed_ = true;
  output out;
  out.close = true;
  out.transmit = *encode(response{r.status, {}, {}, {}, false});
  return out;
}

server_exchange::output server_exchange::pump(bytes_view in, time_point now) {
  output out;
  auto read = parser_.feed(in);
  if (!read) return refuse(read.error());
  if (*read) {
    asked_ = pending{(*read)->verb == method::head, (*read)->keep_alive};
    begun_ = false;
    deadline_ = now + times_.answer;
    out.wake_at = deadline_;
    out.received = **std::move(read);
    return out;
  }
  if (parser_.wants_continue()) out.transmit = *encode(response{100, {}, {}, {}, true});
  if (!begun_ && !parser_.idle()) {
    begun_ = true;
    deadline_ = now + times_.request;
  }
  out.wake_at = std::min(deadline_, end_);
  return out;
}

server_exchange::output server_exchange::feed(bytes_view in, time_point now) {
  if (closed_) return {.transmit = {}, .received = {}, .close = true, .wake_at = {}};
  if (!asked_) return pump(in, now);
  // Pipelined: kept, within a bound, until the answer is given.
  if (ahead_.size() + in.size() > ahead_limit_) return refuse({400, {errc::exhausted, "too much sent ahead"}});
  put(ahead_, in);
  return {.transmit = {}, .received = {}, .close = false, .wake_at = deadline_};
}

expected<server_exchange::output> server_exchange::respond(response r, time_point now) {
  if (!asked_) return fail(errc::conflict, "nothing was asked");
  if (closed_) return fail(errc::conflict, "connection is closing");
  if (!asked_->keep_alive || (finished_ && ahead_.empty() && parser_.idle()) || now >= end_) r.keep_alive = false;
  SMGW_TRY(auto octets, encode(r, asked_->head));
  asked_.reset();
  if (!r.keep_alive) {
    closed_ = true;
    return output{.transmit = std::move(octets), .received = {}, .close = true, .wake_at = {}};
  }
  deadline_ = now + times_.idle;
  // The next request may be here already.
  auto out = pump(std::exchange(ahead_, {}), now);
  if (finished_ && !out.received && !closed_) closed_ = out.close = true;
  octets.insert(octets.end(), out.transmit.begin(), out.transmit.end());
  out.transmit = std::move(octets);
  return out;
}

server_exchange::output server_exchange::tick(time_point now) {
  if (closed_) return {.transmit = {}, .received = {}, .close = true, .wake_at = {}};
  const auto wake = asked_ ? deadline_ : std::min(deadline_, end_);
  if (now < wake) return {.transmit = {}, .received = {}, .close = false, .wake_at = wake};
  if (asked_) {
    asked_.reset();
    return refuse({503, {errc::expired, "no answer in time"}});
  }
  if (begun_ && now >= deadline_) return refuse({408, {errc::expired, "no complete request in time"}});
  closed_ = true;
  return {.transmit = {}, .received = {}, .close = true, .wake_at = {}};
}

server_exchange::output server_exchange::peer_finished() {
  finished_ = true;
  if (asked_) return {.transmit = {}, .received = {}, .close = false, .wake_at = deadline_};
  if (begun_ && !closed_) return refuse({400, {errc::truncated, "request cut off"}});
  closed_ = true;
  return {.transmit = {}, .received = {}, .close = true, .wake_at = {}};
}

bool server_exchange::dropped() noexcept {
  const bool at_work = asked_.has_value();
  asked_.reset();
  ahead_.clear();
  closed_ = true;
  return at_work;
}

}  // namespace smgw::http
