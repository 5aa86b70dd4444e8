// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/mdns/node.hpp"

#include "base/check.hpp"

#include <iterator>
#include <utility>

namespace smgw::mdns {
namespace {

constexpr std::uint16_t mdns_port = 5353;

}  // namespace

node::node(host h, const node_options& o, const std::shared_ptr<multicast_share>& share)
    : answers_(std::move(h), o.seed, share), asks_(o.usable, o.seed + 1, share) {}

void node::join(output& out, responder::output said) {
  std::ranges::move(said.transmit, std::back_inserter(out.transmit));
  answer_at_ = said.wake_at;
}

void node::join(output& out, querier::output said) {
  for (auto& q : said.transmit) out.transmit.push_back({std::move(q), false});
  std::ranges::move(said.ended, std::back_inserter(out.ended));
  ask_at_ = said.wake_at;
}

node::output node::finish(output out) const {
  if (!silent_) out.wake_at = answer_at_;
  if (ask_at_ && (!out.wake_at || *ask_at_ < *out.wake_at)) out.wake_at = ask_at_;
  return out;
}

node::output node::start(time_point now) {
  output out;
  join(out, answers_.start(now));
  return finish(std::move(out));
}

expected<node::output> node::look_up(errand e, time_point now) {
  SMGW_TRY(auto said, asks_.look_up(std::move(e), now));
  output out;
  join(out, std::move(said));
  return finish(std::move(out));
}

expected<node::output> node::feed(bytes_view in, std::uint16_t from_port, time_point now) {
  SMGW_TRY(const auto m, decode(in));
  output out;
  if (!silent_) {
    if (auto said = answers_.feed(m, from_port, now)) {
      join(out, *std::move(said));
    } else {
      out.conflict = std::move(said).error();
      silent_ = true;
    }
  }
  // RFC 6762, 6: responses come from this port; a query from another one is of a simple resolver, which asks only once.
  if (from_port == mdns_port) join(out, asks_.heard(m, now));
  return finish(std::move(out));
}

node::output node::tick(time_point now) {
  output out;
  if (!silent_ && answer_at_ && now >= *answer_at_) join(out, answers_.tick(now));
  if (ask_at_ && now >= *ask_at_) join(out, asks_.tick(now));
  return finish(std::move(out));
}

std::optional<bytes> node::goodbye() const {
  if (silent_) return std::nullopt;
  return answers_.goodbye();
}

}  // namespace smgw::mdns
