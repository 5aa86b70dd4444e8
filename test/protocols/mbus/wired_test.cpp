// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/hex.hpp"
#include "protocols/mbus/response.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::mbus;

namespace {
bytes hex(std::string_view text) { return from_hex(text).value(); }
errc link_refusal(std::string_view text) {
  const auto octets = hex(text);
  bytes_view in = octets;
  const auto f = take_wired(in);
  CHECK(in.size() == octets.size());
  return f ? errc::internal : f.error().code;
}
}  // namespace

TEST_CASE("frames of the wired link layer", "[mbus]") {
  const auto octets = hex("e5107bfe7916680303680801707916");
  bytes_view in = octets;
  CHECK(take_wired(in).value().kind == wired_kind::acknowledge);
  const auto request = take_wired(in).value();
  CHECK(request.kind == wired_kind::short_frame);
  CHECK(request.control == 0x7B);
  CHECK(request.address == 0xFE);
  const auto error = take_wired(in).value();
  CHECK(error.kind == wired_kind::control_frame);
  CHECK(read_response(error).value().kind == response_kind::application_error);
  CHECK(in.empty());
  CHECK(to_hex(short_frame(0x7B, 0xFE)) == "107bfe7916");
  CHECK(to_hex(long_frame(8, 1, 0x70, {})) == "680303680801707916");
}

TEST_CASE("refused at the link layer", "[mbus]") {
  CHECK(link_refusal("") == errc::truncated);
  CHECK(link_refusal("00") == errc::malformed);
  CHECK(link_refusal("107bfe79") == errc::truncated);
  CHECK(link_refusal("107bfe7816") == errc::untrusted);
  CHECK(link_refusal("107bfe7917") == errc::malformed);
  CHECK(link_refusal("680304680801707916") == errc::malformed);
  CHECK(link_refusal("680000680816") == errc::malformed);
  CHECK(link_refusal("6803036808017078") == errc::truncated);
  CHECK(link_refusal("680303680801707816") == errc::untrusted);
}

TEST_CASE("the fixed data structure", "[mbus]") {
  const auto octets = hex("68131368080573785634120a00e97e01000000350100003c16");
  bytes_view in = octets;
  const auto r = read_response(take_wired(in).value()).value();
  CHECK(r.kind == response_kind::fixed);
  CHECK(id_text(r.meter) == "12345678");
  CHECK(device_type_name(r.meter.type) == "water");
  CHECK(r.counters[0].value == decimal{1, -3});
  CHECK(r.counters[0].measured == unit::cubic_metre);
  CHECK(r.counters[1].historic);
  CHECK(r.counters[1].value == decimal{135, -3});
}

TEST_CASE("media above 9 of the fixed structure are those of meters in mode 2", "[mbus]") {
  wired_frame f{wired_kind::long_frame, 8, 1, 0x73, {}};
  // The two top bits of each unit octet: 10 and 10 make A, gas; 11 and 10 make B, heat.
  for (const auto& [units, type] : {std::pair{"a4ab", 3}, std::pair{"e4ab", 4}}) {
    const auto data = hex("785634120a00" + std::string(units) + "0100000035010000");
    f.user_data = data;
    CHECK(read_response(f).value().meter.type == type);
  }
}

// EN 13757-7, 7.2: the header of a wired answer is long, short or none.
TEST_CASE("answers with a short header do not say whose they are", "[mbus]") {
  wired_frame f{wired_kind::long_frame, 8, 1, 0x7A, {}};
  const auto data =
      hex("0710"
          "0000"
          "041301000000");
  f.user_data = data;
  const auto r = read_response(f).value();
  CHECK(r.kind == response_kind::variable);
  CHECK_FALSE(r.identified);
  CHECK(r.access == 7);
  CHECK(r.status == 0x10);
  CHECK(to_hex(r.records) == "041301000000");
  CHECK_FALSE(sender_of(f).has_value());
  f.ci = 0x78;
  CHECK_FALSE(read_response(f).value().identified);
}

TEST_CASE("application errors with a header, and who they are of", "[mbus]") {
  const auto data =
      hex("7856341224230107"
          "07"
          "02"
          "0000"
          "08");
  wired_frame f{wired_kind::long_frame, 8, 1, 0x6F, data};
  CHECK(read_response(f).value().error_code == 8);
  CHECK(application_error_name(8) == "application busy");
  CHECK(sender_of(f) == identity{0x12345678, 0x2324, 1, 7});
  f.ci = 0x6E;
  CHECK(read_response(f).value().kind == response_kind::application_error);
  CHECK_FALSE(sender_of(f).has_value());
  f.ci = 0x72;  // encrypted records: the header is in clear
  const auto sealed =
      hex("7856341224230107"
          "07"
          "02"
          "0005");
  f.user_data = sealed;
  CHECK(read_response(f).error().code == errc::unsupported);
  CHECK(sender_of(f) == identity{0x12345678, 0x2324, 1, 7});
}

TEST_CASE("refused answers", "[mbus]") {
  const auto of = [](std::uint8_t ci, std::string_view data) {
    wired_frame f{wired_kind::long_frame, 8, 1, ci, {}};
    const auto octets = hex(data);
    f.user_data = octets;
    const auto r = read_response(f);
    return r ? errc::internal : r.error().code;
  };
  CHECK(of(0x72, "0102030405060708090a0b") == errc::truncated);
  CHECK(of(0x72, "0102030405060708090a0005") == errc::unsupported);
  CHECK(of(0x73, "0102030405060708090a0b0c0d0e0f") == errc::truncated);
  CHECK(of(0x7A, "010203") == errc::truncated);
  CHECK(of(0x6F, "0102030405060708090a0b") == errc::truncated);
  CHECK(of(0x76, "") == errc::unsupported);
  CHECK(read_response(wired_frame{}).error().code == errc::malformed);
}

// Meters of EN 1434-3:1997 fill the field with anything.
TEST_CASE("a signature that names no security mode is no encryption", "[mbus]") {
  const auto read = [](std::string_view signature) {
    const auto data = hex("7856341224230107" + ("0710" + std::string(signature)) + "0c1301000000");
    return read_response({wired_kind::long_frame, 8, 1, 0x72, data});
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

TEST_CASE("identities", "[mbus]") {
  const identity who{0x00148686, 0x0601, 5, 7};
  CHECK(id_text(who) == "00148686");
  CHECK(manufacturer_text(who.manufacturer) == "APA");
  CHECK(manufacturer_code("APA").value() == 0x0601);
  CHECK(manufacturer_code("Ap").error().code == errc::malformed);
  CHECK(manufacturer_code("aPA").error().code == errc::malformed);
  CHECK(device_id_of(who).value().text() == "8APA0500148686");
  CHECK(device_id_of({0x2124589c, 0x4C30, 0, 7}).error().code == errc::malformed);
  CHECK(device_id_of({0x1, 0x4C30, 0, 0x1B}).value().text() == "ESAP0000000001");
  CHECK(device_type_name(0xFF) == "reserved");
}
