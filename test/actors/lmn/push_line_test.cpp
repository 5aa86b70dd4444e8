// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Pushes of DLMS meters: never latched, each fault with its own word, P1 inside of a ciphered APDU.

#include "actors/lmn/line.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/d0/encode.hpp"
#include "protocols/dlms/axdr_write.hpp"
#include "protocols/dlms/hdlc_frame.hpp"
#include "protocols/dlms/security.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

const bytes key(16, 0x11);
const bytes other_key(16, 0x22);
const bytes title{'S', 'M', 'G', 0, 0, 0, 0, 1};

profile::meter meter_with(bytes_view encryption, bytes_view authentication) {
  profile::meter m;
  m.id = *device_id::parse("1SMG0000000001");
  m.server_id = title;
  if (!encryption.empty()) m.key = profile::meter_key{encryption};
  if (!authentication.empty()) m.authentication_key = profile::meter_key{authentication};
  return m;
}

bytes body() {
  bytes out;
  dlms::axdr::put_array(out, 1);
  dlms::axdr::put_structure(out, 3);
  dlms::axdr::put_name(out, *obis::parse("1-0:1.8.0"));
  dlms::axdr::put_integer(out, dlms::axdr::type::double_long_unsigned, 4711);
  dlms::axdr::put_scaler_unit(out, 0, unit::watt_hour);
  return out;
}
bytes notification() {
  bytes out;
  dlms::put_notification(out, 1, {}, body());
  return out;
}

bytes on_line(bytes_view apdu) {
  bytes information{0xE6, 0xE7, 0x00};
  put(information, apdu);
  bytes line;
  const bytes to{0x23}, from{0x21};
  dlms::put_hdlc_segments(line, to, from, information, 120);
  return line;
}

bytes protect(bytes_view apdu, std::uint8_t control, std::uint32_t counter, bytes_view with = key,
              dlms::apdu_tag tag = dlms::apdu_tag::general_glo_ciphering) {
  dlms::cipher c{secret{with}, secret{bytes_view{key}}};
  const bool general = tag == dlms::apdu_tag::general_glo_ciphering;
  std::array<std::uint8_t, 8> own{};
  std::ranges::copy(title, own.begin());
  c.set_system_title(own);
  return on_line(c.protect(apdu, control, general ? bytes_view{title} : bytes_view{}, counter, tag).value());
}

struct pushed {
  std::unique_ptr<lmn::line> line;
  lmn::instant now{timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}}, time_point{} + 1h};
  lmn::output last;

  explicit pushed(profile::meter m) {
    std::vector<profile::meter> meters;
    meters.push_back(std::move(m));
    line = *lmn::make_line({.id = "p", .protocol = profile::lmn_protocol::dlms}, std::move(meters));
  }
  std::size_t feed(bytes_view in) {
    last = {};
    now.utc += 1s;
    now.steady += 1s;
    line->feed(in, now, last);
    return last.telegrams.size();
  }
  [[nodiscard]] heard_meter heard() const { return line->heard().list().at(0); }
};

}  // namespace

TEST_CASE("whatever is wrong with one push, the next one of the same meter is read", "[lmn][dlms]") {
  pushed p(meter_with(key, key));
  std::uint32_t counter = 0;
  CHECK(p.feed(protect(notification(), 0x30, ++counter)) == 1);
  const auto bad_then_good = [&](bytes bad, std::optional<frame_fault> why) {
    CHECK(p.feed(bad) == 0);
    if (why) CHECK(p.heard().last_fault == why);
    CHECK(p.heard().last == (why ? p.now.utc : p.now.utc - 1s));
    CHECK(p.feed(protect(notification(), 0x30, ++counter)) == 1);
    CHECK_FALSE(p.heard().last_fault);
  };
  auto damaged = protect(notification(), 0x30, ++counter);
  damaged[20] ^= 1;
  bad_then_good(damaged, {});  // nobody knows whose it was
  bad_then_good(protect(notification(), 0x30, counter), frame_fault::replayed);
  bad_then_good(protect(notification(), 0x30, ++counter, other_key), frame_fault::mac_wrong);
  bad_then_good(protect(notification(), 0x33 & 0xF0, counter - 1), frame_fault::replayed);
  bad_then_good(protect(bytes{0x0F, 0, 0, 0, 0, 0, 0x9F}, 0x30, ++counter), frame_fault::unsupported);
  bad_then_good(on_line(notification()), frame_fault::unprotected);
  CHECK(p.line->heard().count(frame_fault::bad_crc) >= 1);
}

TEST_CASE("no key, no authentication key, a wrong one and a wrong plaintext are told apart", "[lmn][dlms]") {
  pushed none(meter_with({}, {}));
  CHECK(none.feed(protect(notification(), 0x30, 1)) == 0);
  CHECK(none.heard().last_fault == frame_fault::no_key);
  REQUIRE(none.last.news.size() == 1);
  CHECK(none.last.news[0] == "1SMG0000000001: no key");
  pushed half(meter_with(key, {}));
  CHECK(half.feed(protect(notification(), 0x30, 1)) == 0);
  CHECK(half.heard().last_fault == frame_fault::no_key);
  pushed wrong(meter_with(other_key, key));
  CHECK(wrong.feed(protect(notification(), 0x30, 1)) == 0);
  CHECK(wrong.heard().last_fault == frame_fault::mac_wrong);
  auto any = meter_with(other_key, key);
  any.security = profile::protection::any;
  pushed nonsense(std::move(any));
  CHECK(nonsense.feed(protect(notification(), 0x20, 1)) == 0);
  CHECK(nonsense.heard().last_fault == frame_fault::implausible);
}

TEST_CASE("a P1 telegram inside of general-glo-ciphering gives its values (Luxembourg)", "[lmn][dlms]") {
  pushed p(meter_with(key, key));
  auto text = d0::encode_p1({.manufacturer = "Lux",
                             .identification = "\\253663629_D",
                             .lines = {{"1-3:0.2.8", {"42"}},
                                       {"1-0:1.8.0", {"000123.456*kWh"}},
                                       {"0-1:24.2.1", {"101209112500W", "00012.345*m3"}}}});
  REQUIRE(p.feed(protect(text, 0x30, 1)) == 1);
  const auto& values = p.last.telegrams[0].read.values;
  REQUIRE(values.size() == 2);
  CHECK(values[0].register_name.text() == "1-0:1.8.0*255");
  CHECK(values[0].value.text() == "123456");
  CHECK(values[1].value.text() == "12.345");
  CHECK(values[1].measured == unit::cubic_metre);
  text[40] ^= 1;
  CHECK(p.feed(protect(text, 0x30, 2)) == 0);
  CHECK(p.heard().last_fault == frame_fault::bad_crc);
}

TEST_CASE("what is ciphered by service takes the system title of the profile", "[lmn][dlms]") {
  bytes event;
  dlms::put_event_notification(event, std::nullopt, 1, *obis::parse("0-0:97.98.0"), 2, body());
  pushed p(meter_with(key, key));
  CHECK(p.feed(protect(event, 0x30, 1, key, dlms::apdu_tag::glo_event_notification)) == 1);
  CHECK(p.last.telegrams.at(0).read.values.size() == 1);
}
