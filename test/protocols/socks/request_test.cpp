// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "protocols/socks/server.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::socks;

namespace {

bytes request_for(std::string_view name, std::uint8_t command = 1) {
  auto out = client_request(name);
  out[1] = command;
  return out;
}
reply_code code_of(const bytes& octets) {
  const auto r = read_request(octets);
  REQUIRE_FALSE(r);
  return r.error().code;
}

}  // namespace

TEST_CASE("only the method TLS is taken, and without a sub-authentication",
          "[socks][REQ.TA.SOCKSTLS.NegotiateAuth.10][REQ.TA.SOCKSTLS.NegotiateAuth.20]"
          "[REQ.TA.SOCKSTLS.NegotiateAuth.30]") {
  const auto good = *read_greeting(client_greeting());
  REQUIRE(good);
  CHECK(good->accepted);
  CHECK(good->answer == bytes{5, 6});
  for (const bytes& offer : {bytes{5, 1, 0x86}, bytes{5, 1, 0}, bytes{5, 1, 2}, bytes{5, 2, 0, 6}, bytes{5, 0}}) {
    const auto g = *read_greeting(offer);
    REQUIRE(g);
    CHECK_FALSE(g->accepted);
    CHECK(g->answer == bytes{5, 0xFF});
  }
  CHECK_FALSE(*read_greeting(bytes{5}));
  CHECK_FALSE(*read_greeting(bytes{5, 2, 6}));
  CHECK(read_greeting(bytes{4, 1, 0}).error().code == errc::malformed);
}

TEST_CASE("CONNECT names a proxy profile or its address",
          "[socks][REQ.TA.SOCKSTLS.Connect.20][REQ.TA.SOCKSTLS.Connect.30][REQ.TA.SOCKSTLS.Connect.36]") {
  const auto by_name = read_request(client_request("controlbox.local"));
  REQUIRE(by_name);
  REQUIRE(*by_name);
  CHECK(std::get<std::string>((*by_name)->destination) == "controlbox.local");
  const auto v4 = read_request(bytes{5, 1, 0, 1, 192, 0, 2, 7, 0x01, 0xBB});
  REQUIRE(v4);
  CHECK(std::get<ipv4>((**v4).destination) == ipv4{192, 0, 2, 7});
  CHECK((**v4).port == 443);
  bytes six{5, 1, 0, 4, 0x20, 1, 0xd, 0xb8};
  six.resize(4 + 16 + 2);
  const auto v6 = read_request(six);
  REQUIRE(v6);
  CHECK(std::get<ipv6>((**v6).destination)[0] == 0x20);
  auto more = client_request("a");
  more.push_back('x');
  CHECK((*read_request(more))->used == more.size() - 1);
}

TEST_CASE("a request at every cut waits for the rest", "[socks][REQ.TA.SOCKSTLS.Connect.20]") {
  const auto whole = client_request("controlbox.local");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto r = read_request(bytes_view{whole}.first(n));
    REQUIRE(r);
    CHECK_FALSE(*r);
  }
}

TEST_CASE("other commands, names and address types are refused with their code",
          "[socks][REQ.TA.SOCKSTLS.Connect.35][REQ.TA.SOCKSTLS.Connect.40][REQ.TA.SOCKSTLS.Connect.50]") {
  CHECK(code_of(request_for("box", 2)) == reply_code::no_such_command);
  CHECK(code_of(request_for("box", 3)) == reply_code::no_such_command);
  CHECK(code_of({5, 1, 0, 2, 0, 0, 0}) == reply_code::no_such_address_type);
  CHECK(code_of({5, 1, 1, 3, 1, 'a', 0, 0}) == reply_code::general_failure);
  for (const auto* name : {"", "Box", "box_1", "box local", "b\xC3\xB6x"})
    CHECK(code_of(client_request(name)) == reply_code::no_profile);
  CHECK(code_of(client_request(std::string(64, 'a'))) == reply_code::no_profile);
  CHECK(read_request(client_request(std::string(63, 'a'))));
}

TEST_CASE("replies have an empty address", "[socks][REQ.TA.SOCKSTLS.Connect.60][REQ.TA.SOCKSTLS.Connect.50]") {
  CHECK(reply(reply_code::connected) == bytes{5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  CHECK(reply(reply_code::unreachable)[1] == 4);
  CHECK(*read_reply(reply(reply_code::refused)) == reply_code::refused);
}

TEST_CASE("the handshake travels in its state, data in theirs, and nothing out of its turn",
          "[socks][REQ.TA.SOCKSTLS.Connect.40][REQ.TA.SOCKSTLS.SendApplicationData.10]"
          "[REQ.TA.SOCKSTLS.ReceiveApplicationData.10][REQ.TA.SOCKSTLS.ClosingHandshake.10]") {
  server s;
  auto first = client_greeting();
  put(first, wrap(frame_state::handshake, bytes{1, 2, 3}));
  const auto below = s.feed(first);
  REQUIRE(below);
  CHECK(below->transmit == bytes{5, 6});
  REQUIRE(below->frames.size() == 1);
  CHECK(s.admit(frame_state::handshake));
  CHECK_FALSE(s.admit(frame_state::data_flow));
  CHECK(s.admit(frame_state::closing));
  CHECK(s.encrypted(bytes{9}, false) == bytes{1, 1, 0, 1, 9});
  s.established();
  CHECK_FALSE(s.admit(frame_state::handshake));
  CHECK(s.admit(frame_state::data_flow));
  CHECK(s.encrypted(bytes{9}, false) == bytes{1, 3, 0, 1, 9});
  CHECK(s.encrypted(bytes{9}, true) == bytes{1, 4, 0, 1, 9});
  auto asked = client_request("box");
  put(asked, bytes_view{bytes{'h', 'i'}});
  const auto above = s.decrypted(asked);
  REQUIRE(above.asked);
  CHECK(above.payload == bytes{'h', 'i'});
  CHECK(s.decrypted(bytes{5}).payload == bytes{5});
}

TEST_CASE("who offers something else is told so before the end", "[socks][REQ.TA.SOCKSTLS.NegotiateAuth.20]") {
  server s;
  CHECK(s.feed(bytes{5, 1, 0}).error().code == errc::denied);
  CHECK(s.farewell() == bytes{5, 0xFF});
}
