// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The way of an image from the administrator's service address into the slot: part by part, going on where it was.
#include "actors/wan/firmware_core.hpp"
#include "actors/wan/market.hpp"
#include "base/check.hpp"
#include "protocols/http/range.hpp"

#include <algorithm>

namespace smgw {

void firmware_core::fetch() {
  const auto have = slot->size();
  if (!have) return failed(have.error());
  if (*have > at.image->size) {  // another image's rest
    if (auto cleared = slot->clear(); !cleared) return failed(cleared.error());
    return fetch();
  }
  if (*have == at.image->size) {
    hang_up();
    return take(firmware::step::arrive);
  }
  if (!channel) return dial();
  request(*have);
}

void firmware_core::dial() {
  const auto p = parts.current();
  auto w = *p->profiles.administrator();
  if (!w.service) return failed({errc::denied, "the administrator's profile names no 'service'"});
  w.peer = *w.service;
  channel = p->dial(w)(self->system(), self);
  arm(no_answer, dial_budget);
}

void firmware_core::request(std::uint64_t from) {
  const auto w = *parts.current()->profiles.administrator();
  const auto last = std::min(from + image_part, at.image->size) - 1;
  http::request r{
      .target = service_path(w, at.image->path),
      .headers = {{"Host", w.service->text()}, {"Range", "bytes=" + std::to_string(from) + "-" + std::to_string(last)}},
      .body = {}};
  exchange.emplace();
  auto out = exchange->start(r, self->clock().now(), w.http_timeout);
  if (!out) return failed(out.error());
  self->send(channel, channel_write{std::move(out->transmit)});
  arm(no_answer, w.http_timeout);
}

void firmware_core::received(const channel_received& m) {
  if (!current() || !exchange) return;
  auto out = exchange->feed(m.data, self->clock().now());
  if (!out) return failed(out.error());
  if (!out->done) return;
  exchange.reset();
  if (auto taken = keep(*out->done); !taken) return failed(taken.error());
  failures = 0;
  last_error.clear();
  if (!out->done->keep_alive) hang_up();
  fetch();
}

expected<void> firmware_core::keep(const http::response& r) {
  SMGW_TRY(const auto have, slot->size());
  if (r.status == 200 && have == 0 && r.body.size() == at.image->size) return slot->append(r.body);
  if (r.status != 206) return fail(errc::unavailable, "the administrator answered " + std::to_string(r.status));
  SMGW_TRY(const auto range, http::parse_content_range(r.headers.get("Content-Range")));
  if (range.part.first != have || range.total != at.image->size || range.part.size() != r.body.size())
    return fail(errc::malformed, "another part of the image than was asked for");
  return slot->append(r.body);
}

void firmware_core::failed(const error& why) {
  hang_up();
  last_error = why.what;
  parts.current()->announce("firmware", "not fetched: " + why.what);
  schedule::backoff pause(parts.current()->profiles.administrator()->retry, 1);
  for (unsigned i = 0; i < std::min(failures, 16U); ++i) (void)pause.failed();
  ++failures;
  arm(fetch_again, pause.failed());
}

bool firmware_core::current() const {
  return channel && self->current_sender() == caf::actor_cast<caf::strong_actor_ptr>(channel);
}

void firmware_core::opened() {
  if (current()) fetch();
}

void firmware_core::closed(const channel_closed& m) {
  if (!current()) return;
  channel = nullptr;
  failed(m.reason);
}

void firmware_core::hang_up() {
  exchange.reset();
  ++round;
  if (channel) self->send(channel, channel_close{});
  channel = nullptr;
}

void firmware_core::arm(std::uint64_t what, std::chrono::milliseconds after) {
  self->delayed_send(self, after, wake{what + (++round << 2)});
}

}  // namespace smgw
