// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/transport.hpp"

#include "base/crc16.hpp"
#include "captures.hpp"

using namespace smgw;
using namespace smgw::sml;
using namespace smgw::sml::test;
using namespace std::chrono_literals;

namespace {

const bytes start{0x1B, 0x1B, 0x1B, 0x1B, 1, 1, 1, 1};

// A file with this content between start and CRC, whatever it is.
bytes raw(std::string_view content) {
  auto out = join({start, hex(content)});
  put_le(out, crc16_x25(out));
  return out;
}

}  // namespace

TEST_CASE("every capture is one file or none, as a whole and octet by octet", "[sml]") {
  for (const auto& c : captures("meters.jsonl")) {
    INFO(c.name);
    transport_reader whole;
    const auto files = feed(whole, c.frame);
    CHECK(files.size() == (c.verdict == "accept" ? 1 : 0));
    transport_reader single;
    std::vector<bytes> one_by_one;
    for (const auto octet : c.frame)
      for (auto& f : feed(single, {&octet, 1})) one_by_one.push_back(std::move(f));
    CHECK(one_by_one == files);
  }
}

TEST_CASE("a file that is in one chunk is not copied", "[sml]") {
  const auto frame = frame_of("efr_sgm#1");
  bytes_view in = frame;
  transport_reader reader;
  const auto f = reader.next(in, {});
  REQUIRE(f);
  CHECK(f->payload.data() == frame.data() + start.size());
}

TEST_CASE("garbage, repeated telegrams and a torn one do not hide the next", "[sml]") {
  const auto good = frame_of("efr_sgm#1");
  const bytes torn{good.begin(), good.begin() + 100};
  const bytes noise{0x00, 0x1B, 0x1B, 0x1B, 0x01, 0x1B, 0xFF, 0x1B, 0x1B};
  const auto line = join({noise, good, good, noise, torn, good, noise, start, good, good});
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{64}, std::size_t{333}, line.size()}) {
    transport_reader reader;
    std::size_t found = 0;
    for (std::size_t i = 0; i < line.size(); i += step)
      found += feed(reader, bytes_view{line}.subspan(i, std::min(step, line.size() - i))).size();
    CHECK(found == 5);
    CHECK(reader.files() == 5);
    CHECK(reader.dropped(drop::restarted) == 2);
    CHECK(reader.dropped(drop::bad_crc) == 0);
    CHECK(reader.dropped(drop::garbage) == line.size() - 5 * good.size());
  }
}

TEST_CASE("a start sequence inside the octets of a broken file is tried, too", "[sml]") {
  const auto good = frame_of("efr_sgm#1");
  // torn right after the escape of its end: the next file's escape reads as four octets 1B of payload
  const bytes torn{good.begin(), good.end() - 4};
  transport_reader reader;
  CHECK(feed(reader, join({torn, good})).size() == 1);
  CHECK(reader.dropped(drop::bad_crc) == 1);
  // and with many of them: bounded work, and the next file on its own is found
  bytes nested = start;
  for (int i = 0; i < 100; ++i) put(nested, join({hex("1b1b1b1b"), start}));
  put(nested, hex("1b1b1b1b1a000000"));
  CHECK(feed(reader, join({nested, good, good})).size() == 2);
  CHECK(reader.dropped(drop::bad_crc) == 1 + 1 + max_retries);
}

TEST_CASE("payload with 1B is doubled and comes back", "[sml]") {
  for (std::size_t run = 0; run < 40; ++run)
    for (const bytes& tail : {bytes{}, bytes{0}, bytes{1, 1, 1, 1}, bytes{0x1A, 0, 0, 0}}) {
      const auto payload = join({bytes{0x76}, bytes(run, 0x1B), tail});
      const auto frame = framed(payload);
      CHECK(frame.size() % 4 == 0);
      transport_reader reader;
      CHECK(feed(reader, frame) == std::vector<bytes>{payload});
    }
}

TEST_CASE("padding must be short, zero and fill up to four", "[sml]") {
  transport_reader reader;
  CHECK(feed(reader, raw("760000001b1b1b1b1a03")) == std::vector<bytes>{{0x76}});
  CHECK(feed(reader, raw("1b1b1b1b1a00")) == std::vector<bytes>{{}});
  CHECK(reader.dropped(drop::bad_padding) == 0);
  std::uint64_t refused = 0;
  for (const auto* content : {"760000011b1b1b1b1a03", "76000000000000001b1b1b1b1a04", "7600001b1b1b1b1a02",
                              "1b1b1b1b1a03", "760000001b1b1b1b1aff"}) {
    CHECK(feed(reader, raw(content)).empty());
    CHECK(reader.dropped(drop::bad_padding) == ++refused);
  }
}

TEST_CASE("an escape sequence that version 1 does not know ends a file", "[sml]") {
  const auto good = framed(bytes{0x76, 0});
  for (const auto* escape :
       {"1b1b1b1b02020202", "1b1b1b1b03000000", "1b1b1b1b01010102", "1b1b1b1b1b1b1b1b1b1b1b1b00000000"}) {
    transport_reader reader;
    CHECK(feed(reader, join({start, hex("7600"), hex(escape), good})).size() == 1);
    CHECK(reader.dropped(drop::bad_escape) == 1);
  }
}

TEST_CASE("a file of transport version 2 is told as such, and the next one of version 1 read", "[sml]") {
  const auto good = framed(bytes{0x76, 0});
  // start, time-out, block size (8.2), content, end
  const auto second = hex("1b1b1b1b020202021b1b1b1b030000641b1b1b1b0400010076001b1b1b1b1a000000");
  for (const std::size_t step : {1U, 3U, 100U}) {
    transport_reader reader;
    const auto line = join({second, good, second});
    std::size_t found = 0;
    for (std::size_t i = 0; i < line.size(); i += step)
      found += feed(reader, bytes_view{line}.subspan(i, std::min(step, line.size() - i))).size();
    CHECK(found == 1);
    CHECK(reader.dropped(drop::version_2) == 2);
    CHECK(reader.dropped(drop::garbage) == line.size() - good.size());
  }
}

TEST_CASE("a CRC of the Holley kind is refused, unless the profile names the quirk", "[sml]") {
  const auto frame = frame_of("test_frames#8");
  transport_reader strict;
  CHECK(feed(strict, frame).empty());
  CHECK(strict.dropped(drop::kermit_crc) == 1);
  transport_reader lenient{{.accept_kermit = true}};
  bytes_view in = frame;
  const auto f = lenient.next(in, {});
  REQUIRE(f);
  CHECK(f->kermit);
}

TEST_CASE("a file torn in the middle is given up after a silence", "[sml]") {
  const auto good = frame_of("efr_sgm#1");
  const bytes_view all = good;
  transport_reader reader;
  const time_point now{};
  CHECK_FALSE(reader.wake_at());
  CHECK(feed(reader, all.first(200), now).empty());
  CHECK(reader.wake_at() == now + default_silence);
  reader.tick(now + default_silence - 1ms);
  CHECK(reader.dropped(drop::silent) == 0);
  SECTION("by the clock") { reader.tick(now + default_silence); }
  SECTION("by the next octets") { CHECK(feed(reader, all.subspan(200), now + default_silence).empty()); }
  CHECK(reader.dropped(drop::silent) == 1);
  CHECK(feed(reader, all, now + 2 * default_silence).size() == 1);
  CHECK_FALSE(reader.wake_at());
}

TEST_CASE("a file knows when its first octet came", "[sml][REQ.TLSHDLC.SMGW.50]") {
  const auto good = frame_of("efr_sgm#1");
  const bytes_view all = good;
  const time_point now{};
  transport_reader reader;
  CHECK(feed(reader, all.first(3), now).empty());
  CHECK(feed(reader, all.subspan(3, 100), now + 100ms).empty());
  auto rest = all.subspan(103);
  const auto f = reader.next(rest, now + 200ms);
  REQUIRE(f);
  CHECK(f->first_octet == now);
}

TEST_CASE("a file longer than the limit is dropped, the next one read", "[sml]") {
  const auto good = framed(bytes(100, 0x42));
  const auto large = framed(bytes(104, 0x42));
  REQUIRE(large.size() == 120);
  const auto larger = framed(bytes(105, 0x42));
  for (const std::size_t step : {1U, 7U, 119U, 10000U}) {
    transport_reader reader{{.max_file = 120}};
    std::size_t found = 0;
    const auto line = join({larger, good, bytes(1000, 0x42), start, bytes(5000, 0x42), large});
    for (std::size_t i = 0; i < line.size(); i += step)
      found += feed(reader, bytes_view{line}.subspan(i, std::min<std::size_t>(step, line.size() - i))).size();
    CHECK(found == 2);
    CHECK(reader.dropped(drop::oversize) == 2);
  }
}

TEST_CASE("each reason has a name", "[sml]") {
  for (std::size_t i = 0; i < drop_reasons; ++i) CHECK(to_string(static_cast<drop>(i)) != "?");
}
