// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What meters of EN 1434-3:1997 send that later editions order otherwise.

#include "base/hex.hpp"
#include "one_record.hpp"
#include "protocols/mbus/response.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

TEST_CASE("a signature that names no security mode is no encryption", "[mbus]") {
  const auto read = [](std::string_view signature) {
    const auto data = from_hex("78563412" + std::string("24230107") + "0710" + std::string(signature) + "0c1301000000");
    return read_response({wired_kind::long_frame, 8, 1, 0x72, *data});
  };
  for (const auto* none : {"0000", "ffff", "0010", "341f", "00e0"}) {
    INFO(none);
    CHECK(read(none).value().kind == response_kind::variable);
    CHECK(read(none).value().records.size() == 6);
  }
  for (const auto* mode : {"0001", "1005", "ffef", "000f"}) {
    INFO(mode);
    CHECK(read(mode).error().code == errc::unsupported);
  }
}
