// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::dlms;
using samples::hex;

TEST_CASE("an HDLC frame round-trips with addresses of 1, 2 and 4 octets") {
  const auto info = hex("e6e7000f00000000000501");
  for (const auto* address : {"03", "ceff", "00020003"}) {
    const auto to = hex(address);
    const auto from = hex("03");
    bytes out;
    put_hdlc(out, {.destination = to, .source = from, .control = 0x13, .segmented = true, .info = info});
    hdlc_frame f;
    const auto seen = scan_hdlc(out, f);
    REQUIRE(seen.is == scan::what::frame);
    CHECK(seen.size == out.size() - 1);  // the closing flag may open the next frame
    CHECK(to_hex(f.destination) == address);
    CHECK(to_hex(f.source) == "03");
    CHECK(f.control == 0x13);
    CHECK(f.segmented);
    CHECK(bytes(f.info.begin(), f.info.end()) == info);
  }
}

TEST_CASE("an HDLC frame without information has one check sequence") {
  const auto address = hex("03");
  bytes out;
  put_hdlc(out, {.destination = address, .source = address, .control = 0x93, .segmented = false, .info = {}});
  CHECK(out.size() == 9);
  hdlc_frame f;
  CHECK(scan_hdlc(out, f).is == scan::what::frame);
  CHECK(f.info.empty());
}

TEST_CASE("HDLC frames that break the rules are refused") {
  const auto whole = samples::hdlc(samples::notification_octets());
  hdlc_frame f;
  REQUIRE(scan_hdlc(whole, f).is == scan::what::frame);
  const auto refused = [&](std::size_t at, std::uint8_t flip) {
    auto broken = whole;
    broken[at] ^= flip;
    return scan_hdlc(broken, f);
  };
  CHECK(refused(0, 1).is == scan::what::refuse);
  CHECK(refused(1, 0x10).is == scan::what::refuse);  // frame format
  CHECK(std::string_view{refused(6, 1).why}.find("header check") != std::string_view::npos);
  CHECK(std::string_view{refused(20, 1).why}.find("frame check") != std::string_view::npos);
  CHECK(std::string_view{refused(whole.size() - 1, 1).why}.find("closing flag") != std::string_view::npos);
  CHECK(scan_hdlc(hex("7ea006ceff0313"), f).is == scan::what::refuse);                    // too short for a frame
  CHECK(scan_hdlc(hex("7ea020020202020202020202020202"), f).is == scan::what::refuse);    // address without end
  CHECK(scan_hdlc(hex("7ea02002020303131313131313131313"), f).is == scan::what::refuse);  // address of 3 octets
  for (std::size_t n = 0; n < whole.size(); ++n) CHECK(scan_hdlc(bytes_view{whole}.first(n), f).is == scan::what::more);
}

TEST_CASE("a wrapper PDU round-trips, and 00 01 in noise is none") {
  const auto apdu_octets = samples::notification_octets();
  bytes out;
  put_wrapper(out, {.source = 1, .destination = 103, .apdu = apdu_octets});
  wrapper_frame f;
  REQUIRE(scan_wrapper(out, f).is == scan::what::frame);
  CHECK(f.source == 1);
  CHECK(f.destination == 103);
  CHECK(bytes(f.apdu.begin(), f.apdu.end()) == apdu_octets);
  for (std::size_t n = 0; n < out.size(); ++n) CHECK(scan_wrapper(bytes_view{out}.first(n), f).is == scan::what::more);
  CHECK(scan_wrapper(hex("000100010067ffff0f"), f).is == scan::what::refuse);  // longer than any telegram
  CHECK(scan_wrapper(hex("0001000100670000"
                         "0f"),
                     f)
            .is == scan::what::refuse);
  CHECK(scan_wrapper(hex("0001000100670010"
                         "c4"),
                     f)
            .is == scan::what::refuse);  // no APDU that is pushed
  CHECK(scan_wrapper(hex("0002"), f).is == scan::what::refuse);
}

TEST_CASE("an M-Bus frame of more than 255 octets is read with what is left of its length octet (Sagemcom T210-D)") {
  const bytes info(252, 0x0F);
  bytes out{0x68, 0x01, 0x01, 0x68, 0x53, 0xFF, 0x00, 0x01, 0x67};  // 257 octets
  put(out, info);
  std::uint8_t sum = 0;
  for (std::size_t i = 4; i < out.size(); ++i) sum = static_cast<std::uint8_t>(sum + out[i]);
  out.push_back(sum);
  out.push_back(0x16);
  mbus_frame f;
  const auto seen = scan_mbus(out, f);
  REQUIRE(seen.is == scan::what::frame);
  CHECK(seen.size == 263);
  CHECK(bytes(f.info.begin(), f.info.end()) == info);
  CHECK_FALSE(f.final());
  for (std::size_t n = 0; n < out.size(); ++n) CHECK(scan_mbus(bytes_view{out}.first(n), f).is == scan::what::more);
  auto broken = out;
  broken[100] ^= 1;
  CHECK(std::string_view{scan_mbus(broken, f).why}.find("checksum") != std::string_view::npos);
}

TEST_CASE("M-Bus frames round-trip, and each fault is told") {
  const bytes apdu_octets(600, 0x0F);
  bytes out;
  put_mbus_segments(out, apdu_octets);
  bytes together;
  bytes_view rest = out;
  std::uint8_t number = 0;
  while (!rest.empty()) {
    mbus_frame f;
    const auto seen = scan_mbus(rest, f);
    REQUIRE(seen.is == scan::what::frame);
    CHECK(f.number() == number++);
    rest = rest.subspan(seen.size);
    CHECK(f.final() == rest.empty());
    put(together, f.info);
  }
  CHECK(together == apdu_octets);
  mbus_frame f;
  const auto refused = [&](std::size_t at, std::uint8_t flip) {
    auto broken = out;
    broken[at] ^= flip;
    return scan_mbus(broken, f);
  };
  CHECK(refused(0, 1).is == scan::what::refuse);
  CHECK(refused(2, 1).is == scan::what::refuse);
  CHECK(refused(3, 1).is == scan::what::refuse);
  CHECK(std::string_view{refused(30, 1).why}.find("checksum") != std::string_view::npos);
  CHECK(std::string_view{refused(255, 1).why}.find("stop") != std::string_view::npos);
  auto other =
      hex("68060668"
          "53ff7201670f"
          "00"
          "16");  // CI 72: a plain M-Bus answer
  other[10] = 0x53 + 0xFF + 0x72 + 0x01 + 0x67 + 0x0F - 0x200;
  CHECK(scan_mbus(other, f).why != nullptr);
  for (std::size_t n = 0; n < 256; ++n) CHECK(scan_mbus(bytes_view{out}.first(n), f).is == scan::what::more);
}
