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

TEST_CASE("the text of an extended plain-text VIF: behind the VIFEs, or before them", "[mbus]") {
  const one behind{"02fc740373654de803"};
  const one before{"02fc0373654d74e803"};
  const one far_behind{"02fcbb740373654de803"};
  for (const auto* text : {&behind, &before, &far_behind}) {
    CHECK(to_hex(text->r.vif.text) == "73654d");
    CHECK(text->r.value == decimal{1000, -2});
    CHECK(text->r.raw.size() == 2);
  }
  CHECK(far_behind.r.vif.qualifiers == (q_forward_only | q_corrected));
  CHECK(to_hex(behind.r.header) == "02fc740373654d");
  CHECK(to_hex(before.r.header) == "02fc0373654d74");
}

TEST_CASE("a plain-text VIF without a text at either place is refused", "[mbus]") {
  for (const auto* text : {"02fc", "02fc74", "02fc7403", "02fc740373", "02fc7400", "02fc8080808080808080808080"}) {
    INFO(text);
    const auto octets = from_hex(text).value();
    record_reader reader{octets};
    record r;
    CHECK(reader.next(r).error().code == errc::truncated);
  }
}
