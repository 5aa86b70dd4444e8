// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/mbus/mode2.hpp"

#include "base/hex.hpp"
#include "protocols/mbus/master.hpp"
#include "protocols/mbus/response.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

namespace {

bytes frame_of(std::uint8_t ci, std::string_view data) { return long_frame(0x08, 5, ci, from_hex(data).value()); }
expected<bytes> turned(const bytes& frame) {
  bytes_view in = frame;
  return in_mode1(take_wired(in).value());
}
std::string in_low_first(std::uint8_t ci, std::string_view data) { return to_hex(turned(frame_of(ci, data)).value()); }

// Number 12345678, MAD, version 1, water, access 7.
constexpr auto high_first =
    "12345678"
    "3424"
    "01"
    "07"
    "07"
    "00"
    "0000";
constexpr auto low_first =
    "78563412"
    "2434"
    "01"
    "07"
    "07"
    "00"
    "0000";

}  // namespace

TEST_CASE("mode 2 becomes mode 1: header, numbers, texts, units in text", "[mbus]") {
  const auto pairs = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"0413"
       "00001388",
       "0413"
       "88130000"},  // 5.000 m³
      {"0c13"
       "00120567",
       "0c13"
       "67051200"},  // BCD
      {"426c"
       "2cbf",
       "426c"
       "bf2c"},  // a date
      {"0dfd11"
       "03"
       "414243",
       "0dfd11"
       "03"
       "434241"},  // text "ABC"
      {"02fc03"
       "255248"
       "74"
       "1534",
       "02fc03"
       "485225"
       "74"
       "3415"},  // "%RH"
      {"01fd1705", "01fd1705"},
      {"0f"
       "010203",
       "0f"
       "010203"},  // the maker's own
  });
  for (const auto& [high, low] : pairs) {
    INFO(high);
    CHECK(in_low_first(0x76, high_first + std::string(high)) == to_hex(frame_of(0x72, low_first + std::string(low))));
  }
}

TEST_CASE("the fixed structure in mode 2", "[mbus]") {
  const auto frame = turned(frame_of(0x77,
                                     "12345678"
                                     "0a"
                                     "00"
                                     "7ee9"
                                     "00000001"
                                     "00000135"))
                         .value();
  CHECK(to_hex(frame) == "68131368080573785634120a00e97e01000000350100003c16");
}

TEST_CASE("what is not of mode 2, or makes no sense, is not turned", "[mbus]") {
  CHECK(turned(frame_of(0x72, low_first)).error().code == errc::conflict);
  CHECK(turned(frame_of(0x76, "12345678")).error().code == errc::truncated);
  CHECK(turned(frame_of(0x76, high_first + std::string("041300"))).error().code == errc::truncated);
  CHECK(turned(frame_of(0x76, high_first + std::string("3f"))).error().code == errc::unsupported);
  CHECK(turned(frame_of(0x77, "1234567800007ee900000001000001")).error().code == errc::truncated);
}

TEST_CASE("the master hands on what it read in mode 1", "[mbus]") {
  master m{5};
  (void)m.start({});
  (void)m.feed(bytes{acknowledge_octet}, {});
  auto out = m.feed(frame_of(0x76, high_first + std::string("0413000013881f")), {}).value();
  CHECK_FALSE(out.done);  // DIF 1F: more follows
  REQUIRE(out.received.size() == 1);
  CHECK(out.received[0] == frame_of(0x72, low_first + std::string("0413881300001f")));
  out = m.feed(frame_of(0x76, high_first + std::string("041300001388")), {}).value();
  CHECK(out.done);
}
