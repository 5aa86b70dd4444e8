// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

/// \file
/// Messages of the home network: what is read stays within its bounds and can be written and read again; a responder
/// that gets it says no more than its share.

#include "base/check.hpp"
#include "protocols/mdns/responder.hpp"

using namespace smgw;

namespace {

void check_bounds(const mdns::message& m) {
  SMGW_ASSERT(m.questions.size() <= mdns::max_questions);
  SMGW_ASSERT(m.answers.size() + m.authorities.size() + m.additional.size() <= mdns::max_records);
  for (const auto& q : m.questions)
    for (const auto& label : q.about) SMGW_ASSERT(!label.empty() && label.size() <= mdns::max_label);
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
