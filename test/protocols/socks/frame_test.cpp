// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/socks/frame.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::socks;

TEST_CASE("frames come whole, however the octets are cut",
          "[socks][REQ.TA.SOCKSTLS.SendSocksTlsRecord.10][REQ.TA.SOCKSTLS.ReceiveSocksTlsRecord.10]") {
  const bytes hello{0x16, 3, 3, 0, 1, 9}, data(70'000, 0x17);
  auto all = wrap(frame_state::handshake, hello);
  CHECK(all == bytes{1, 1, 0, 6, 0x16, 3, 3, 0, 1, 9});
  const auto more = wrap(frame_state::data_flow, data);
  CHECK(more.size() == data.size() + 2 * frame_header);
  all.insert(all.end(), more.begin(), more.end());
  const auto end = wrap(frame_state::closing, bytes{0x15});
  all.insert(all.end(), end.begin(), end.end());
  for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, std::size_t{1460}, all.size()}) {
    frame_reader reader;
    std::vector<frame> got;
    for (std::size_t at = 0; at < all.size(); at += cut) {
      const auto piece = bytes_view{all}.subspan(at).first(std::min(cut, all.size() - at));
      auto some = reader.feed(piece);
      REQUIRE(some);
      for (auto& f : *some) got.push_back(std::move(f));
    }
    REQUIRE(got.size() == 4);
    CHECK(got[0] == frame{frame_state::handshake, hello});
    CHECK(got[1].content.size() == max_frame);
    CHECK(got[1].content.size() + got[2].content.size() == data.size());
    CHECK(got[3] == frame{frame_state::closing, {0x15}});
    CHECK(reader.idle());
  }
}

TEST_CASE("another version or state of a frame is refused at its first octets",
          "[socks][REQ.TA.SOCKSTLS.ReceiveSocksTlsRecord.10]") {
  CHECK(frame_reader{}.feed(bytes{2}).error().code == errc::malformed);
  CHECK(frame_reader{}.feed(bytes{0x16, 3, 1}).error().code == errc::malformed);
  CHECK(frame_reader{}.feed(bytes{1, 0}).error().code == errc::malformed);
  CHECK(frame_reader{}.feed(bytes{1, 5}).error().code == errc::malformed);
  CHECK(frame_reader{}.feed(bytes{1, 2}).error().code == errc::unsupported);
  CHECK(frame_reader{}.feed(bytes{1, 4, 0, 0}));
  CHECK(wrap(frame_state::closing, {}).empty());
}
