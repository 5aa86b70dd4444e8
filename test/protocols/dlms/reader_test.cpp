// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/dlms/reader.hpp"

#include "protocols/dlms/samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace smgw;
using namespace smgw::dlms;
using namespace std::chrono_literals;
using samples::hex;

namespace {

struct heard {
  std::vector<bytes> telegrams;
  std::vector<errc> refusals;
};

void note(heard& out, const expected<telegram>& t) {
  if (t)
    out.telegrams.emplace_back(t->apdu.begin(), t->apdu.end());
  else
    out.refusals.push_back(t.error().code);
}

// Feeds in pieces of `step` octets, then lets the pause pass.
heard hear(reader& r, bytes_view in, std::size_t step, time_point& now) {
  heard out;
  while (!in.empty()) {
    auto piece = in.first(std::min(step, in.size()));
    in = in.subspan(piece.size());
    while (auto t = r.feed(piece, now)) note(out, *t);
    now += 1ms;
  }
  now += 1s;
  while (auto t = r.tick(now)) note(out, *t);
  return out;
}
heard hear(transport t, bytes_view in, std::size_t step = 4096) {
  reader r{t};
  time_point now{};
  return hear(r, in, step, now);
}

bytes framed(transport t, bytes_view apdu_octets) {
  bytes out;
  switch (t) {
    case transport::hdlc: return samples::hdlc(apdu_octets, 40);
    case transport::wrapper: put_wrapper(out, {.source = 1, .destination = 103, .apdu = apdu_octets}); break;
    case transport::mbus: put_mbus_segments(out, apdu_octets); break;
    case transport::raw: return samples::with_llc(apdu_octets);
  }
  return out;
}

constexpr transport framed_transports[] = {transport::hdlc, transport::wrapper, transport::mbus};

bytes long_notification() {
  auto out = samples::notification_octets();
  out.resize(700, 0x55);
  return out;
}

}  // namespace

TEST_CASE("a telegram is read whole on every transport, in pieces of any size") {
  const auto whole = long_notification();
  for (const auto t : {transport::hdlc, transport::wrapper, transport::mbus, transport::raw})
    for (const std::size_t step : {1U, 7U, 64U, 4096U}) {
      const auto in = framed(t, whole);
      CHECK(guess_transport(in) == t);
      const auto got = hear(t, in, step);
      REQUIRE(got.telegrams.size() == 1);
      CHECK(got.telegrams[0] == whole);
      CHECK(got.refusals.empty());
    }
}

TEST_CASE("addresses and number of frames come with a telegram") {
  reader r{transport::hdlc};
  const auto in = samples::hdlc(samples::notification_octets(), 30);
  bytes_view rest = in;
  const auto t = r.feed(rest, {});
  REQUIRE(t);
  REQUIRE(*t);
  CHECK((*t)->destination == 0xCEFF);
  CHECK((*t)->source == 0x03);
  CHECK((*t)->frames > 2);
  CHECK(r.counters().telegrams == 1);
  CHECK(r.counters().noise == 0);
}

TEST_CASE("telegrams that share a flag are two telegrams") {
  const auto one = samples::hdlc(samples::notification_octets());
  auto in = one;
  in.insert(in.end(), one.begin() + 1, one.end());
  CHECK(hear(transport::hdlc, in).telegrams.size() == 2);
}

TEST_CASE("any noise before, between and behind is passed over") {
  std::mt19937 random{42};
  const auto whole = samples::notification_octets();
  for (const auto t : framed_transports)
    for (int round = 0; round < 50; ++round) {
      bytes in;
      const auto noise = [&] {
        for (auto n = random() % 40; n > 0; --n) in.push_back(static_cast<std::uint8_t>(random()));
      };
      reader r{t};
      time_point now{};
      std::size_t telegrams = 0;
      for (int i = 0; i < 3; ++i) {
        in.clear();
        noise();
        put(in, framed(t, whole));
        for (const auto& got : hear(r, in, 16, now).telegrams) telegrams += got == whole ? 1U : 0U;
      }
      CHECK(telegrams == 3);
    }
}

TEST_CASE("a false start in front of a telegram does not swallow it") {
  const auto whole = samples::notification_octets();
  const auto after = [&](transport t, std::string_view noise) {
    auto in = hex(noise);
    put(in, framed(t, whole));
    const auto got = hear(t, in);
    return !got.telegrams.empty() && got.telegrams.back() == whole;
  };
  CHECK(after(transport::hdlc, "7e7e7e7e"));
  CHECK(after(transport::hdlc, "7ea7ff"));  // claims 2047 octets, header check fails
  CHECK(after(transport::hdlc, "7ea0"));
  CHECK(after(transport::mbus, "68fafa68"));  // claims 250 octets that are not there
  CHECK(after(transport::mbus, "6868686868"));
  CHECK(after(transport::mbus, "68010168"));  // claims 257 octets, with a length octet that has wrapped
  CHECK(after(transport::wrapper,
              "0001000100670100"
              "0f"));  // claims 256 octets that are not there
  CHECK(after(transport::wrapper, "000000010001"));
}

TEST_CASE("a broken frame is told and counted, and the next telegram is read") {
  const auto whole = samples::notification_octets();
  for (const auto t : framed_transports) {
    auto in = framed(t, whole);
    in[in.size() / 2] ^= 0x20;
    const auto good = framed(t, whole);
    in.insert(in.end(), good.begin(), good.end());
    const auto got = hear(t, in);
    REQUIRE_FALSE(got.telegrams.empty());
    CHECK(got.telegrams.back() == whole);
    if (t != transport::wrapper) CHECK(std::ranges::find(got.refusals, errc::malformed) != got.refusals.end());
  }
}

TEST_CASE("a lost segment drops the telegram with a reason") {
  const auto whole = long_notification();
  bytes frames;
  put_mbus_segments(frames, whole);
  const bytes without_second = [&] {
    bytes out(frames.begin(), frames.begin() + 256);
    out.insert(out.end(), frames.begin() + 512, frames.end());
    return out;
  }();
  const auto got = hear(transport::mbus, without_second);
  CHECK(got.telegrams.empty());
  CHECK(got.refusals == std::vector{errc::conflict});

  // HDLC has no numbers in these frames; without the last one the pause tells
  const auto hdlc = samples::hdlc(whole, 300);
  const auto cut = hear(transport::hdlc, bytes_view{hdlc}.first(320));
  CHECK(cut.telegrams.empty());
  CHECK(cut.refusals == std::vector{errc::expired});

  // the middle of a telegram whose beginning was not heard
  const auto tail = hear(transport::hdlc, bytes_view{hdlc}.subspan(hdlc.size() - 120));
  CHECK(tail.telegrams.empty());
}

TEST_CASE("segments of two senders are not mixed") {
  bytes in;
  const auto info = samples::with_llc(samples::notification_octets());
  const auto client = hex("03");
  const auto first = hex("05");
  const auto second = hex("07");
  put_hdlc(in, {.destination = client, .source = first, .control = 0x13, .segmented = true, .info = info});
  put_hdlc(in, {.destination = client, .source = second, .control = 0x13, .segmented = false, .info = info});
  const auto got = hear(transport::hdlc, in);
  CHECK(got.telegrams.empty());
  CHECK(got.refusals == std::vector{errc::conflict});
}

TEST_CASE("a telegram without end is bounded") {
  bytes in;
  const bytes info(2000, 0x0F);
  const auto address = hex("03");
  for (int i = 0; i < 5; ++i)
    put_hdlc(in, {.destination = address, .source = address, .control = 0x13, .segmented = true, .info = info});
  const auto got = hear(transport::hdlc, in);
  CHECK(got.refusals.front() == errc::exhausted);
  CHECK(hear(transport::raw, bytes(20'000, 0x0F)).refusals.front() == errc::exhausted);
}

TEST_CASE("what is no push is refused") {
  const auto get_response = hex("c401c1000600000001");
  for (const auto t : {transport::hdlc, transport::mbus, transport::raw}) {
    const auto got = hear(t, framed(t, get_response));
    CHECK(got.telegrams.empty());
    CHECK(got.refusals == std::vector{errc::unsupported});
  }
}

TEST_CASE("the reader wakes only while a telegram is under way") {
  reader r{transport::mbus, 100ms};
  const auto in = framed(transport::mbus, samples::notification_octets());
  const time_point now{};
  CHECK_FALSE(r.wake_at());
  bytes_view first = bytes_view{in}.first(10);
  CHECK_FALSE(r.feed(first, now));
  CHECK(r.wake_at() == now + 100ms);
  CHECK_FALSE(r.tick(now + 99ms));
  CHECK_FALSE(r.tick(now + 100ms));
  CHECK_FALSE(r.wake_at());
  CHECK(r.counters().noise == 10);
  bytes_view whole = in;  // late octets end the old telegram by themselves
  CHECK(r.feed(whole, now + 1s)->has_value());
  CHECK_FALSE(r.feed(whole, now + 1s));
  CHECK_FALSE(r.wake_at());
}
