// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/client_exchange.hpp"

#include "base/check.hpp"

namespace smgw::http {

expected<client_exchange::output> client_exchange::start(const request& r, time_point now,
                                                         std::chrono::milliseconds timeout) {
  if (deadline_) return fail(errc::conflict, "the request before is not answered yet");
  SMGW_TRY(auto octets, encode(r));
  parser_.expect(r.verb);
  deadline_ = now + timeout;
  output out;
  out.transmit = std::move(octets);
  out.wake_at = deadline_;
  return out;
}

client_exchange::output client_exchange::finish(response r) {
  deadline_.reset();
  output out;
  out.done = std::move(r);
  return out;
}

expected<client_exchange::output> client_exchange::feed(bytes_view in, time_point now) {
  if (deadline_ && now >= *deadline_) return tick(now);
  auto read = parser_.feed(in);
  if (!read) return std::unexpected{read.error().why};
  if (*read) return finish(**std::move(read));
  output out;
  out.wake_at = deadline_;
  return out;
}

expected<client_exchange::output> client_exchange::eof() {
  auto read = parser_.eof();
  if (!read) return std::unexpected{read.error().why};
  return finish(*std::move(read));
}

expected<client_exchange::output> client_exchange::tick(time_point now) {
  if (deadline_ && now >= *deadline_) return fail(errc::expired, "no complete response in time");
  output out;
  out.wake_at = deadline_;
  return out;
}

}  // namespace smgw::http
