// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "captures.hpp"

using namespace smgw;
using namespace smgw::sml;
using namespace smgw::sml::test;

namespace {

// Messages that decode, until the end or the first refusal.
std::size_t decode_all(bytes_view payload) {
  decoder d;
  std::size_t n = 0;
  while (!payload.empty() && d.next(payload)) ++n;
  return n;
}

}  // namespace

TEST_CASE("no capture cut short is accepted", "[sml]") {
  for (const auto& c : accepted()) {
    INFO(c.name);
    for (std::size_t n = 0; n < c.frame.size(); ++n) {
      transport_reader reader;
      CHECK(feed(reader, bytes_view{c.frame}.first(n)).empty());
    }
  }
}

TEST_CASE("no message cut short is accepted, and the rest stays where it is", "[sml]") {
  for (const auto& file : {"meters.jsonl", "requests.jsonl", "signed.jsonl"})
    for (const auto& c : captures(file)) {
      transport_reader reader{{.accept_kermit = true}};
      bytes_view in = c.frame;
      const auto f = reader.next(in, {});
      if (!f) continue;
      INFO(c.name);
      bytes_view first = f->payload;
      decoder d{{.accept_kermit = true}};
      REQUIRE(d.next(first));
      const auto size = f->payload.size() - first.size();
      for (std::size_t n = 0; n < size; ++n) {
        // a copy of the exact length, so that one octet too far is seen
        const bytes cut{f->payload.begin(), f->payload.begin() + static_cast<std::ptrdiff_t>(n)};
        bytes_view rest = cut;
        CHECK(d.next(rest).error().code == errc::truncated);
        CHECK(rest.size() == n);
      }
    }
}

TEST_CASE("a flipped bit never gets through", "[sml]") {
  for (const auto* name : {"efr_sgm#1", "dzg_dwsb20_2th_2byte#9", "ISKRA_MT175_eHZ#1", "HOLLEY_DTZ541-ZDBA#5"}) {
    INFO(name);
    const auto good = frame_of(name);
    transport_reader reader;
    const auto payload = feed(reader, good).at(0);
    const auto messages = decode_all(payload);
    CHECK(messages == 3);
    auto bad = good;
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
      bad[bit / 8] ^= mask;
      transport_reader fresh;
      CHECK(feed(fresh, bad).empty());
      bad[bit / 8] ^= mask;
    }
    // without the transport's CRC, that of the message has to stand alone
    auto broken = payload;
    for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
      broken[bit / 8] ^= mask;
      CHECK(decode_all(broken) < messages);
      broken[bit / 8] ^= mask;
    }
  }
}
