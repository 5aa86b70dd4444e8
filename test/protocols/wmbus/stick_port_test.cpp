// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/wmbus/stick_port.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::wmbus;

namespace {

struct kept {
  bytes octets;
  frame_format format;
  std::optional<int> rssi;
  friend bool operator==(const kept&, const kept&) = default;
};

std::vector<kept> read(stick_port& s, bytes_view in, std::size_t piece) {
  std::vector<kept> got;
  for (std::size_t at = 0; at < in.size(); at += piece)
    s.feed(in.subspan(at, std::min(piece, in.size() - at)),
           [&](const air_frame& f) { got.push_back({{f.octets.begin(), f.octets.end()}, f.format, f.rssi_dbm}); });
  return got;
}

}  // namespace

TEST_CASE("frames of an OEM's receiver come out as they went in, whatever the pieces") {
  const bytes one{1, 2, 3}, two(max_frame_a, 0xF5);
  bytes octets = encode_port_frame({one, frame_format::a, -87});
  for (const auto o : encode_port_frame({two, frame_format::stripped, {}})) octets.push_back(o);
  const std::vector<kept> all{{one, frame_format::a, -87}, {two, frame_format::stripped, {}}};
  for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
    stick_port s;
    CHECK(read(s, octets, piece) == all);
    CHECK(s.damaged() == 0);
  }
  CHECK(encode_port_frame({bytes{}, frame_format::a, {}}).empty());
  CHECK(encode_port_frame({bytes(max_frame_a + 1), frame_format::a, {}}).empty());
}

TEST_CASE("what is no frame of a receiver is skipped, and the next one is found") {
  bytes octets{0x00, 0xF5, 3, 0, 0, 1, 0xF5, 0, 0, 0, 0, 0xF5, 0, 0, 0xFF, 0xFF};
  for (const auto o : encode_port_frame({bytes{9}, frame_format::b, 5})) octets.push_back(o);
  stick_port s;
  CHECK(read(s, octets, 3) == std::vector<kept>{{{9}, frame_format::b, 5}});
  CHECK(s.damaged() == 3);
}
