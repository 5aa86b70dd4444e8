// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/readout.hpp"

#include "base/time_text.hpp"
#include "protocols/d0/checksum.hpp"
#include "protocols/d0/p1.hpp"
#include "protocols/d0/reader.hpp"
#include "protocols/d0/samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <bit>
#include <random>

using namespace smgw;
using namespace smgw::d0;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> codes_of(std::string_view data) {
  std::vector<std::string> out;
  line_cursor lines{data};
  while (auto line = lines.next()) out.emplace_back(*line ? std::string{(*line)->code} : "?");
  return out;
}

struct heard {
  std::vector<std::string> data;
  std::vector<errc> refusals;
};
heard hear(reader& r, bytes_view in, std::size_t step, time_point& now) {
  heard out;
  const auto note = [&](const expected<readout>& got) {
    if (got)
      out.data.emplace_back(got->data);
    else
      out.refusals.push_back(got.error().code);
  };
  while (!in.empty()) {
    auto piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    while (auto got = r.feed(piece, now)) note(*got);
    now += 1ms;
  }
  now += 5s;
  while (auto got = r.tick(now)) note(*got);
  return out;
}
heard hear(bytes_view in, std::size_t step = 4096) {
  reader r;
  time_point now{};
  return hear(r, in, step, now);
}

}  // namespace

TEST_CASE("a pushed readout round-trips with its block check") {
  const auto sent = encode_push(samples::meter());
  const auto r = read_readout(sent);
  REQUIRE(r);
  CHECK(r->ident.text == "TEST-1");
  CHECK(r->bcc == integrity::correct);
  CHECK(r->crc == integrity::absent);
  CHECK(codes_of(r->data) == std::vector<std::string>{"F.F", "1-0:1.8.0*255", "1-0:1.6.0*255"});
  auto broken = sent;
  broken[40] ^= 1;
  CHECK(read_readout(broken)->bcc == integrity::wrong);
  CHECK(read_readout(broken)->damaged());
}

TEST_CASE("a P1 telegram round-trips with its CRC") {
  const auto sent = encode_p1(samples::meter());
  const auto r = read_readout(sent);
  REQUIRE(r);
  CHECK(r->crc == integrity::correct);
  CHECK(r->bcc == integrity::absent);
  auto broken = sent;
  broken[40] ^= 1;
  CHECK(read_readout(broken)->crc == integrity::wrong);
  CHECK(read_readout(bytes_view{sent}.first(sent.size() - 8)).error().code == errc::truncated);
  CHECK(read_readout(samples::octets("1.8.0(1)\r\n!\r\n")).error().code == errc::malformed);
  CHECK(read_readout(bytes(max_readout + 1, '/')).error().code == errc::exhausted);
}

TEST_CASE("a value is written as it is read") {
  CHECK(encode_value({6391081, -1}, "kWh") == "639108.1*kWh");
  CHECK(encode_value({5, 0}, "") == "5");
}

TEST_CASE("a broken line does not hide the others") {
  CHECK(codes_of("1.8.0(1)\r\nnonsense\r\n\r\n\x02\r\n2.8.0(2)\r\n") ==
        std::vector<std::string>{"1.8.0", "?", "2.8.0"});
}

TEST_CASE("one line may hold several data sets") {
  CHECK(codes_of("1.8.1*01(0001.2*kWh)(3)1.8.1*02(0003.4*kWh)2.8.0(5) \r\nF.F(00)\r\n(1)(2)\r\n") ==
        std::vector<std::string>{"1.8.1*01", "1.8.1*02", "2.8.0", "F.F", ""});
  CHECK(codes_of("1.8.0(1)x\r\n2.8.0(2)\r\n") == std::vector<std::string>{"?", "2.8.0"});
  CHECK(codes_of(" 1.8.0(1)  2.8.0(2)") == std::vector<std::string>{"1.8.0", "2.8.0"});
  CHECK(codes_of("1.8.0(1(2)3.8.0(4)") == std::vector<std::string>{"?", "3.8.0"});
}

TEST_CASE("a port that leaves the parity in is heard all the same, and a wrong parity is refused") {
  auto sent = encode_push(samples::meter());
  for (auto& c : sent) c = static_cast<std::uint8_t>(c | (std::popcount(c) % 2 == 0 ? 0 : 0x80));
  REQUIRE(sent[0] == 0xAF);
  for (const std::size_t step : {1U, 13U, 4096U}) {
    reader r;
    time_point now{};
    auto noisy = samples::octets("\xAFx/\r\n");
    put(noisy, sent);
    const auto got = hear(r, noisy, step, now);
    REQUIRE(got.data.size() == 1);
    CHECK(codes_of(got.data[0]) == std::vector<std::string>{"F.F", "1-0:1.8.0*255", "1-0:1.6.0*255"});
    // the same port hears a telegram without parity next
    CHECK(hear(r, encode_p1(samples::meter()), step, now).data.size() == 1);
  }
  auto broken = sent;
  broken[40] ^= 0x80;
  CHECK(hear(broken).refusals == std::vector{errc::malformed});
  broken = sent;
  broken.back() ^= 0x80;
  CHECK(hear(broken).refusals == std::vector{errc::malformed});
}

TEST_CASE("the end of the last line may be missing") {
  auto sent = encode_p1(samples::meter());
  sent.resize(sent.size() - 2);
  CHECK(hear(sent).data.size() == 1);
  CHECK(hear(bytes_view{sent}.first(sent.size() - 4)).data.size() == 1);  // `!` as DSMR 3 ends
  sent[40] ^= 1;
  CHECK(hear(sent).refusals == std::vector{errc::malformed});
}

TEST_CASE("the end may stand behind the last data set") {
  std::string text =
      "/SMG3TEST\r\n\x02"
      "6.8(0029.055*MWh)6.26(01589.28*m3)9.4(oh!*C)\r\n"
      "6.31(0030710*h)0.0(1234)!\r\n";
  const auto bare = hear(samples::octets(text));
  REQUIRE(bare.data.size() == 1);
  CHECK(codes_of(bare.data[0]) == std::vector<std::string>{"6.8", "6.26", "9.4", "6.31", "0.0"});
  text += "\x03";
  text += static_cast<char>(block_check(as_bytes(text.substr(text.find('\x02') + 1))));
  const auto octets = samples::octets(text);
  CHECK(hear(octets).data.size() == 1);
  CHECK(read_readout(octets)->bcc == integrity::correct);
  text[20] ^= 1;
  CHECK(hear(samples::octets(text)).refusals == std::vector{errc::malformed});
  // without the end of the line, too
  const auto unended = samples::octets("/SMG5TEST\r\n1.8.0(000285.4*kWh)!");
  CHECK(hear(unended).data.size() == 1);
}

TEST_CASE("the stream reader finds readouts in pieces of any size, through noise") {
  std::mt19937 random{7};
  const auto one = encode_push(samples::meter());
  const auto two = encode_p1(samples::meter());
  for (const std::size_t step : {1U, 13U, 4096U}) {
    reader r;
    time_point now{};
    for (int round = 0; round < 20; ++round) {
      bytes in;
      for (auto n = random() % 60; n > 0; --n) in.push_back(static_cast<std::uint8_t>(random()));
      put(in, "/x!\r\n");
      put(in, round % 2 == 0 ? one : two);
      const auto got = hear(r, in, step, now);
      REQUIRE(got.data.size() == 1);
      CHECK(codes_of(got.data[0]).size() == 3);
    }
    CHECK(r.counters().readouts == 20);
    CHECK(r.counters().noise > 0);
  }
}

TEST_CASE("a readout without ETX ends with the pause, one without end is given up") {
  const auto text = samples::octets(
      "/ELS5TEST \r\n\x02"
      "1.8.0(000285.4*kWh)\r\n!\r\n");
  CHECK(hear(text).data.size() == 1);
  const auto cut = hear(bytes_view{text}.first(30));
  CHECK(cut.data.empty());
  CHECK(cut.refusals == std::vector{errc::expired});
  // something else comes where ETX should be
  auto more = text;
  put(more, encode_p1(samples::meter()));
  CHECK(hear(more).data.size() == 2);
}

TEST_CASE("an identification in the middle begins anew") {
  const auto whole = encode_p1(samples::meter());
  bytes in(whole.begin(), whole.begin() + 40);
  put(in, "\r\n");
  put(in, whole);
  const auto got = hear(in);
  CHECK(got.refusals == std::vector{errc::truncated});
  CHECK(got.data.size() == 1);
}

TEST_CASE("damaged readouts are refused, or shown where the profile asks for them") {
  auto broken = encode_p1(samples::meter());
  broken[40] ^= 1;
  CHECK(hear(broken).refusals == std::vector{errc::malformed});
  reader r{{.pause = default_pause, .accept_damaged = true}};
  time_point now{};
  CHECK(hear(r, broken, 4096, now).data.size() == 1);
}

TEST_CASE("lines and readouts without end are bounded, and the next one is read") {
  auto in = samples::octets("/SMG5TEST\r\n" + std::string(5000, 'x'));
  put(in, "\r\n");
  put(in, encode_p1(samples::meter()));
  const auto got = hear(in);
  CHECK(got.refusals == std::vector{errc::exhausted});
  CHECK(got.data.size() == 1);
  auto endless = samples::octets("/SMG5TEST\r\n");
  for (int i = 0; i < 10'000; ++i) put(endless, "1.8.0(1)\r\n");
  CHECK(hear(endless).refusals == std::vector{errc::exhausted});
}

TEST_CASE("captured readouts cut at any octet or with any bit flipped stay whole or are refused") {
  const auto rows = samples::rows();
  REQUIRE(rows.size() > 5);
  for (const auto& row : rows) {
    const auto frame = *from_hex(row.at("frame_hex").get<std::string>());
    INFO(row.at("name").get<std::string>());
    const auto whole = read_readout(frame);
    REQUIRE(whole);
    for (std::size_t n = 0; n < frame.size(); n += frame.size() > 2000 ? 37U : 1U) {
      const bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n));
      const auto got = read_readout(cut);
      if (got) CHECK(codes_of(got->data).size() == codes_of(whole->data).size());
      (void)hear(cut);
    }
    for (std::size_t i = 0; i < frame.size(); i += 11) {
      auto changed = frame;
      changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      const auto got = read_readout(changed);
      if (!got) continue;
      if (whole->crc == integrity::correct && i + 8 < frame.size()) CHECK(got->crc != integrity::correct);
      (void)codes_of(got->data);
      (void)sub_meters_of(got->data);
    }
  }
}

TEST_CASE("the block check of a captured readout fits") {
  for (const auto& row : samples::rows())
    if (row.at("name") == "smartmeter-obis-16")
      CHECK(read_readout(*from_hex(row.at("frame_hex").get<std::string>()))->bcc != integrity::absent);
}

TEST_CASE("P1 times have a zone letter") {
  CHECK(to_iso8601(*read_p1_time("101209113020W")) == "2010-12-09T10:30:20Z");
  CHECK(to_iso8601(*read_p1_time("200701120000S")) == "2020-07-01T10:00:00Z");
  CHECK(to_iso8601(*read_p1_time("090212160000")) == "2009-02-12T15:00:00Z");
  CHECK(to_iso8601(*read_p1_time("101209113020W", 0min)) == "2010-12-09T11:30:20Z");
  for (const auto* text : {"", "101209113020X", "101309113020W", "101209243020W", "1012091130W", "10120911302 W"})
    CHECK(read_p1_time(text).error().code == errc::malformed);
}

TEST_CASE("meters behind the electricity meter are read in both forms") {
  const auto five = sub_meters_of(
      "0-1:24.1.0(003)\r\n0-1:96.1.0(3232)\r\n0-1:24.2.1(101209112500W)(12785.123*m3)\r\n"
      "0-2:24.1.0(007)\r\n0-2:24.2.1(101209112500W)(00001.234*m3)\r\n0-5:24.1.0(003)\r\n");
  REQUIRE(five.find(1) != nullptr);
  CHECK(five.find(1)->device_type == "003");
  CHECK(five.find(1)->id == "3232");
  CHECK(five.find(1)->name.text() == "0-1:24.2.1*255");
  CHECK(five.find(1)->captured == "101209112500W");
  CHECK(quantity_of(five.find(1)->reading)->number == decimal{12785123, -3});
  CHECK(quantity_of(five.find(2)->reading)->measured == unit::cubic_metre);
  CHECK(five.find(3) == nullptr);
  CHECK(five.find(5) == nullptr);
  CHECK(five.find(0) == nullptr);
  for (const auto* gap : {"", "\r\n"}) {
    const auto data =
        "0-1:24.3.0(090212160000)(00)(60)(1)(0-1:24.2.1)(m3)" + std::string{gap} + "(00012.345)\r\n0-1:24.4.0(1)\r\n";
    const auto three = sub_meters_of(data);
    REQUIRE(three.find(1) != nullptr);
    CHECK(three.find(1)->captured == "090212160000");
    CHECK(three.find(1)->name.text() == "0-1:24.2.1*255");
    CHECK(quantity_of(three.find(1)->reading)->number == decimal{12345, -3});
  }
  CHECK(sub_meters_of("0-1:24.2.1(101209112500W)\r\n0-2:24.3.0(1)(2)\r\n").find(1)->reading.text.empty());
}
