// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Messages of the home network: what is read stays within its bounds and can be written and read again; a responder
/// that gets it says no more than its share, and a querier that waits for an answer ends each of its errands once.

#include "base/check.hpp"
#include "protocols/mdns/node.hpp"

using namespace smgw;

namespace {

void check_bounds(const mdns::message& m) {
  SMGW_ASSERT(m.questions.size() <= mdns::max_questions);
  SMGW_ASSERT(m.answers.size() + m.authorities.size() + m.additional.size() <= mdns::max_records);
  for (const auto& q : m.questions)
    for (const auto& label : q.about) SMGW_ASSERT(!label.empty() && label.size() <= mdns::max_label);
}

/// Two names are wanted while the message comes, again and again.
void check_errands(bytes_view in) {
  mdns::node n({.id = "ebsi0012345678", .about = {"path=/smgw/"}, .v4 = {{169, 254, 1, 1}}, .v6 = {{0xFE, 0x80}}},
               {.usable = [](const mdns::record& r) { return !std::holds_alternative<mdns::ipv6>(r.data); }});
  time_point now{};
  std::size_t said = n.start(now).transmit.size(), ended = 0, wanted = 0;
  const auto take = [&](const mdns::node::output& out) {
    said += out.transmit.size();
    ended += out.ended.size();
    for (const auto& e : out.ended) SMGW_ASSERT(!e.where || !e.where->v4.empty() || !e.where->v6.empty());
  };
  for (int round = 0; round < 3; ++round) {
    for (const bool service : {false, true})
      if (auto out = n.look_up({.number = ++wanted,
                                .about = mdns::make_name(service ? "box._ship._tcp.local" : "box.local"),
                                .service = service,
                                .anew = round == 2},
                               now))
        take(*out);
    take(n.tick(now += std::chrono::milliseconds{200}));
    if (auto out = n.feed(in, 5353, now)) take(*out);
    for (int i = 0; i < 6; ++i) take(n.tick(now += std::chrono::seconds{1}));
  }
  SMGW_ASSERT(ended == wanted);
  SMGW_ASSERT(said <= mdns::multicasts_per_minute + 3);  // answers to one asker are no multicasts
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes_view in{data, size};
  if (const auto m = mdns::decode(in)) {
    check_bounds(*m);
    // compressed names grow when they are written: what is then too long is another matter
    if (const auto written = mdns::encode(*m); written.size() <= mdns::max_message) {
      const auto again = mdns::decode(written);
      SMGW_ASSERT(again && again->questions.size() == m->questions.size() &&
                  again->answers.size() == m->answers.size());
    }
  }
  check_errands(in);
  mdns::responder r({.id = "ebsi0012345678", .about = {"path=/smgw/"}, .v4 = {{169, 254, 1, 1}}, .v6 = {{0xFE, 0x80}}},
                    1);
  time_point now{};
  std::size_t said = r.start(now).transmit.size();
  for (int i = 0; i < 8; ++i) said += r.tick(now += std::chrono::seconds{1}).transmit.size();
  for (const std::uint16_t port : {std::uint16_t{5353}, std::uint16_t{40'000}}) {
    const auto out = r.feed(in, port, now);
    if (!out) return 0;
    said += out->transmit.size();
    said += r.tick(now += std::chrono::milliseconds{500}).transmit.size();
  }
  SMGW_ASSERT(said <= mdns::multicasts_per_minute + 2);
  return 0;
}
