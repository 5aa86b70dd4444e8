// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/lmn/line.hpp"

#include "base/hex.hpp"
#include "base/octets.hpp"
#include "protocols/d0/session.hpp"
#include "protocols/dlms/apdu.hpp"
#include "protocols/dlms/axdr_write.hpp"
#include "protocols/dlms/hdlc_frame.hpp"
#include "protocols/dlms/security.hpp"
#include "protocols/mbus/format.hpp"
#include "protocols/mbus/record_writer.hpp"
#include "protocols/mbus/secondary.hpp"
#include "protocols/mbus/wired_frame.hpp"
#include "protocols/wmbus/transmit.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

constexpr auto key_digits = "000102030405060708090a0b0c0d0e0f";
const timestamp midnight{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

profile::meter_key key_of(std::string_view digits) { return profile::meter_key{bytes_view{from_hex(digits).value()}}; }

profile::meter meter_profile(std::string_view id) {
  profile::meter m;
  m.id = *device_id::parse(id);
  m.port = "p";
  return m;
}

/// A line and the clock it lives in.
struct bench {
  std::unique_ptr<lmn::line> line;
  lmn::instant now{midnight, time_point{} + 1h};
  lmn::output out;

  bench(const profile::lmn_port& port, std::vector<profile::meter> meters)
      : line(std::move(*lmn::make_line(port, std::move(meters)))) {
    line->opened(now, out);
  }
  lmn::output feed(bytes_view in) {
    lmn::output got;
    line->feed(in, now, got);
    return got;
  }
  lmn::output pass(std::chrono::milliseconds by) {
    now.utc += by;
    now.steady += by;
    lmn::output got;
    line->tick(now, got);
    return got;
  }
  [[nodiscard]] std::int64_t faults(frame_fault f) const { return line->heard().count(f); }
};

// --- wireless

const mbus::identity radio_id{0x12345678, mbus::manufacturer_code("APA").value(), 5, 7};
constexpr auto radio_device = "8APA0512345678";

bytes radio_records(std::int64_t litres) {
  bytes records;
  const bytes vif{0x13};  // volume, 10^-3 m3
  REQUIRE(mbus::put_number(records, mbus::coding::int32, {}, vif, litres));
  return records;
}

std::string radio_line_of(const wmbus::protected_message& m) {
  const wmbus::sender who{.link = radio_id, .application = {}};
  return "T1;1;1;2026-03-01 00:00:00.000;100;90;12345678;0x" + to_hex(wmbus::frames_of(who, m).value().at(0)) + "\n";
}

std::string mode7_line(std::uint32_t counter, std::string_view key = key_digits, std::int64_t litres = 1234) {
  auto cipher = wmbus::meter_cipher::make(key_of(key).clone()).value();
  const wmbus::sender who{.link = radio_id, .application = {}};
  return radio_line_of(wmbus::mode7_message(who, cipher, counter, radio_records(litres)).value());
}

profile::lmn_port radio_port() {
  return {.id = "p", .protocol = profile::lmn_protocol::wmbus, .receiver = profile::radio_receiver::rtl_wmbus};
}

profile::meter radio_profile(std::string_view key = key_digits) {
  auto m = meter_profile(radio_device);
  m.medium = status::meter_kind::wireless;
  if (!key.empty()) m.key = key_of(key);
  return m;
}

}  // namespace

TEST_CASE("an authentic telegram gives its values and the counter to keep",
          "[lmn][wmbus][REQ.WMBUS.Unidirektional.50][REQ.WMBUS.Unidirektional.60][REQ.WMBUS.apl.20]") {
  bench b(radio_port(), {radio_profile()});
  const auto out = b.feed(as_bytes(mode7_line(7)));
  REQUIRE(out.telegrams.size() == 1);
  const auto& t = out.telegrams[0];
  REQUIRE(t.read.values.size() == 1);
  CHECK(t.read.values[0].register_name.text() == "8-0:1.0.0*255");
  CHECK(t.read.values[0].value.text() == "1.234");
  CHECK(t.read.values[0].measured == unit::cubic_metre);
  REQUIRE(t.keep);
  CHECK(lmn::kept_counter(t.keep->value, key_of(key_digits)) == 7U);
  CHECK_FALSE(lmn::kept_counter(t.keep->value, key_of("ff0102030405060708090a0b0c0d0e0f")));
}

TEST_CASE("a telegram in pieces is stamped with its first octet, noise before it does not age it",
          "[lmn][wmbus][REQ.WMBUS.apl.40]") {
  bench b(radio_port(), {radio_profile()});
  auto line = mode7_line(7);
  const auto begin = b.now.utc;
  CHECK(b.feed(as_bytes(line.substr(0, 40))).telegrams.empty());
  (void)b.pass(200ms);
  const auto out = b.feed(as_bytes(line.substr(40)));
  REQUIRE(out.telegrams.size() == 1);
  CHECK(out.telegrams[0].read.captured == begin);
  (void)b.pass(10s);
  CHECK(b.feed(as_bytes("T1;0;")).telegrams.empty());
  (void)b.pass(10s);
  line = "\n" + mode7_line(8);
  const auto late = b.feed(as_bytes(line));
  REQUIRE(late.telegrams.size() == 1);
  CHECK(late.telegrams[0].read.captured >= b.now.utc - 500ms);
}

TEST_CASE("a replay is refused, after a restart too; a new key begins anew",
          "[lmn][wmbus][REQ.WMBUS.Unidirektional.60]") {
  bench first(radio_port(), {radio_profile()});
  const auto kept = first.feed(as_bytes(mode7_line(7))).telegrams.at(0).keep;
  CHECK(first.feed(as_bytes(mode7_line(7))).telegrams.empty());
  CHECK(first.faults(frame_fault::replayed) == 1);

  bench again(radio_port(), {radio_profile()});
  REQUIRE(std::ranges::contains(again.line->remembered(), kept->name));
  again.line->remember(kept->name, kept->value);
  CHECK(again.feed(as_bytes(mode7_line(7))).telegrams.empty());
  CHECK(again.feed(as_bytes(mode7_line(6))).telegrams.empty());
  CHECK(again.faults(frame_fault::replayed) == 2);
  CHECK(again.feed(as_bytes(mode7_line(8))).telegrams.size() == 1);

  const auto* other = "ff0102030405060708090a0b0c0d0e0f";
  bench fresh(radio_port(), {radio_profile(other)});
  fresh.line->remember(kept->name, kept->value);
  CHECK(fresh.feed(as_bytes(mode7_line(1, other))).telegrams.size() == 1);
}

TEST_CASE("a compact frame is read after a restart by the format that was heard before it", "[lmn][wmbus]") {
  const auto records = radio_records(1234);
  mbus::format_cache format;
  const auto signature = format.learn(records).value();
  const auto headers = format.entries().front().headers;
  const auto data = bytes_view{records}.subspan(headers.size());
  wmbus::protected_message compact;
  compact.content = {0x79};
  put_le(compact.content, signature);
  put_le(compact.content, mbus::full_frame_crc(headers, data).value());
  put(compact.content, data);
  auto any = radio_profile();
  any.security = profile::protection::any;

  bench strange(radio_port(), {any});
  CHECK(strange.feed(as_bytes(radio_line_of(compact))).telegrams.empty());
  CHECK(strange.faults(frame_fault::unsupported) == 1);

  bench before(radio_port(), {any});
  const auto out = before.feed(as_bytes(mode7_line(1)));
  REQUIRE(out.keep_first.size() == 1);
  CHECK(before.feed(as_bytes(mode7_line(2))).keep_first.empty());  // known already
  bench after(radio_port(), {any});
  CHECK(std::ranges::contains(after.line->remembered(), out.keep_first[0].name));
  after.line->remember(out.keep_first[0].name, out.keep_first[0].value);
  const auto read = after.feed(as_bytes(radio_line_of(compact)));
  REQUIRE(read.telegrams.size() == 1);
  CHECK(read.telegrams[0].read.values.at(0).value.text() == "1.234");
  for (std::size_t cut = 0; cut < out.keep_first[0].value.size(); ++cut)  // a kept value that is cut harms nobody
    after.line->remember(out.keep_first[0].name, bytes_view{out.keep_first[0].value}.first(cut));
}

TEST_CASE("each fault of a wireless telegram is told apart", "[lmn][wmbus][REQ.WMBUS.Unidirektional.50]") {
  bench b(radio_port(), {radio_profile()});
  CHECK(b.feed(as_bytes(mode7_line(7, "ff0102030405060708090a0b0c0d0e0f"))).telegrams.empty());
  CHECK(b.faults(frame_fault::mac_wrong) == 1);
  const wmbus::sender who{.link = radio_id, .application = {}};
  CHECK(b.feed(as_bytes(radio_line_of(wmbus::plain_message(who, radio_records(1))))).telegrams.empty());
  CHECK(b.faults(frame_fault::unprotected) == 1);
  auto line = mode7_line(8);
  line.replace(line.find("0x") + 2, 2, "ff");  // the length octet
  (void)b.feed(as_bytes(line));
  CHECK(b.line->heard().list().at(0).last_fault == frame_fault::unprotected);

  auto open = radio_profile("");
  open.security = profile::protection::any;
  bench keyless(radio_port(), {open});
  CHECK(keyless.feed(as_bytes(mode7_line(7))).telegrams.empty());
  CHECK(keyless.faults(frame_fault::no_key) == 1);
  CHECK(keyless.feed(as_bytes(radio_line_of(wmbus::plain_message(who, radio_records(5))))).telegrams.size() == 1);

  bench deaf(radio_port(), {});
  const auto out = deaf.feed(as_bytes(mode7_line(7)));
  REQUIRE(out.news.size() == 1);
  CHECK(out.news[0] == "a meter without a profile: 8APA0512345678");
  CHECK(deaf.feed(as_bytes(mode7_line(8))).news.empty());
  CHECK(deaf.line->heard().list().at(0).telegrams == 2);
  CHECK_FALSE(deaf.line->heard().list().at(0).profile);
}

TEST_CASE("whatever is wrong with one wireless telegram, the next one of the same meter is read", "[lmn][wmbus]") {
  bench b(radio_port(), {radio_profile()});
  const wmbus::sender who{.link = radio_id, .application = {}};
  std::uint32_t counter = 1;
  CHECK(b.feed(as_bytes(mode7_line(counter))).telegrams.size() == 1);
  for (const auto& bad : {mode7_line(counter),                                            // heard before
                          mode7_line(1000, "ff0102030405060708090a0b0c0d0e0f"),           // another key
                          radio_line_of(wmbus::plain_message(who, radio_records(1)))}) {  // unprotected
    CHECK(b.feed(as_bytes(bad)).telegrams.empty());
    CHECK(b.line->heard().list().at(0).last_fault);
    (void)b.pass(5s);
    CHECK(b.feed(as_bytes(mode7_line(++counter))).telegrams.size() == 1);
    CHECK_FALSE(b.line->heard().list().at(0).last_fault);
    CHECK(b.line->heard().list().at(0).last == b.now.utc);
  }
}

// --- DLMS

namespace {

bytes energy_push(std::uint32_t watt_hours) {
  bytes body{0x02, 0x02, 0x09, 0x06, 1, 0, 1, 8, 0, 255, 0x06};
  put_be(body, watt_hours);
  // the value's scaler and unit follow on the same level
  body[1] = 0x03;
  put(body, bytes{0x02, 0x02, 0x0F, 0x00, 0x16, 30});
  bytes list{0x01, 0x01};
  put(list, body);
  bytes apdu;
  dlms::put_notification(apdu, 1, {}, list);
  return apdu;
}

bytes on_line(bytes_view apdu) {
  const bytes to{0x23}, from{0x21};
  bytes information{0xE6, 0xE7, 0x00};
  put(information, apdu);
  bytes line;
  dlms::put_hdlc_segments(line, to, from, information, 120);
  return line;
}

bytes protected_push(std::uint32_t counter, std::uint32_t watt_hours, std::string_view key = key_digits) {
  dlms::cipher cipher{key_of(key).clone(), key_of(key_digits).clone()};
  const bytes title{'S', 'M', 'G', 0, 0, 0, 0, 1};
  return on_line(cipher.protect(energy_push(watt_hours), 0x30, title, counter).value());
}

profile::meter dlms_profile() {
  auto m = meter_profile("1SMG0000000001");
  m.key = m.authentication_key = key_of(key_digits);
  return m;
}

}  // namespace

TEST_CASE("a DLMS push is verified, its counter kept", "[lmn][dlms]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::dlms};
  bench b(port, {dlms_profile()});
  const auto out = b.feed(protected_push(5, 4711));
  REQUIRE(out.telegrams.size() == 1);
  REQUIRE(out.telegrams[0].read.values.size() == 1);
  CHECK(out.telegrams[0].read.values[0].register_name.text() == "1-0:1.8.0*255");
  CHECK(out.telegrams[0].read.values[0].value.text() == "4711");
  REQUIRE(out.telegrams[0].keep);
  CHECK(b.feed(protected_push(5, 4712)).telegrams.empty());
  CHECK(b.faults(frame_fault::replayed) == 1);
  CHECK(b.feed(protected_push(6, 1, "ff0102030405060708090a0b0c0d0e0f")).telegrams.empty());
  CHECK(b.faults(frame_fault::mac_wrong) == 1);
  CHECK(b.feed(on_line(energy_push(3))).telegrams.empty());
  CHECK(b.faults(frame_fault::unprotected) == 1);

  bench again(port, {dlms_profile()});
  again.line->remember(out.telegrams[0].keep->name, out.telegrams[0].keep->value);
  CHECK(again.feed(protected_push(5, 4712)).telegrams.empty());
  CHECK(again.feed(protected_push(6, 4713)).telegrams.size() == 1);
}

// --- readouts

TEST_CASE("a pushed readout gives its values", "[lmn][d0]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::d0};
  bench b(port, {meter_profile("1SMG0000000001")});
  const d0::readout_to_send r{.identification = "SIM", .lines = {{"1-0:1.8.0*255", {"0012.5*kWh"}}}};
  const auto out = b.feed(d0::encode_push(r));
  REQUIRE(out.telegrams.size() == 1);
  REQUIRE(out.telegrams[0].read.values.size() == 1);
  CHECK(out.telegrams[0].read.values[0].value.text() == "12500");
  auto broken = d0::encode_push(r);
  broken[20] ^= 1U;
  CHECK(b.feed(broken).telegrams.empty());
  CHECK(b.faults(frame_fault::bad_crc) == 1);
}

TEST_CASE("asked readouts: one meter after the other, a silent one is passed over", "[lmn][d0]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::d0, .poll = 60s};
  auto first = meter_profile("1SMG0000000001"), second = meter_profile("1SMG0000000002");
  first.address = "17";
  second.address = "18";
  bench b(port, {first, second});
  d0::responder meter("18", {.identification = "SIM", .lines = {{"1-0:1.8.0*255", {"1*kWh"}}}});
  std::vector<lmn::output::heard> heard;
  bytes to_gateway;
  for (int i = 0; i < 400 && heard.empty(); ++i) {
    auto out = b.pass(100ms);
    if (!to_gateway.empty()) {
      auto more = b.feed(std::exchange(to_gateway, {}));
      std::ranges::move(more.telegrams, std::back_inserter(heard));
      put(out.transmit, more.transmit);
    }
    to_gateway = meter.feed(out.transmit, b.now.steady).transmit;
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].meter == 1);
  CHECK(b.faults(frame_fault::silent) == 1);
}

namespace {

/// A serial line between the gateway and a meter of mode C: what one sends at another rate than the other listens is
/// rubbish. Time passes in steps of 10 ms; characters take theirs.
struct serial_line {
  bench& gateway;
  d0::responder meter;
  std::uint32_t at_gateway = 0, at_meter = d0::opening_baud, fastest_seen = 0;
  struct flight {
    time_point from, until;
    bytes what;
    std::uint32_t rate;
  };
  std::optional<flight> up{}, down{};
  std::optional<std::uint32_t> then{};
  std::vector<lmn::output::heard> heard{};
  std::vector<std::uint32_t> changes{};

  static time_point end_of(time_point from, std::size_t octets, std::uint32_t rate) {
    return from + std::chrono::milliseconds{octets * 10'000 / rate};
  }
  void take(lmn::output out) {
    std::ranges::move(out.telegrams, std::back_inserter(heard));
    if (out.baud && *out.baud != at_gateway) changes.push_back(at_gateway = *out.baud);
    if (out.transmit.empty()) return;
    const auto now = gateway.now.steady;
    down = flight{now, end_of(now, out.transmit.size(), at_gateway), std::move(out.transmit), at_gateway};
  }
  void step() {
    take(gateway.pass(10ms));
    const auto now = gateway.now.steady;
    if (down && now >= down->until) {
      const auto got = std::exchange(down, std::nullopt);
      const auto said = meter.feed(got->rate == at_meter ? got->what : bytes(got->what.size(), 0x55), now);
      if (!said.transmit.empty()) {
        const auto from = std::max(now, said.not_before.value_or(now));
        const auto rate = said.baud.value_or(at_meter);
        up = flight{from, end_of(from, said.transmit.size(), rate), said.transmit, rate};
        then = said.then_baud;
        at_meter = rate;
        fastest_seen = std::max(fastest_seen, rate);
      }
    }
    if (up && now >= up->from && at_gateway != up->rate) up->what.assign(up->what.size(), 0x2A);  // torn by the rate
    if (up && now >= up->until) {
      const auto got = std::exchange(up, std::nullopt);
      if (then) at_meter = *std::exchange(then, std::nullopt);
      take(gateway.feed(got->what));
    }
  }
};

d0::readout_to_send readout_at(char baud) {
  return {.baud = baud, .identification = "SIM", .lines = {{"1-0:1.8.0*255", {"1*kWh"}}}};
}

}  // namespace

TEST_CASE("mode C: both sides change to the agreed rate for the readout, and back for the next request", "[lmn][d0]") {
  using row = std::tuple<char, unsigned, std::uint32_t>;
  for (const auto& [offered, allowed, expected_rate] :
       {row{'5', 19'200U, 9'600U}, row{'6', 9'600U, 9'600U}, row{'4', 921'600U, 4'800U}}) {
    CAPTURE(offered, allowed);
    const profile::lmn_port port{
        .id = "p", .protocol = profile::lmn_protocol::d0, .serial = "/dev/none", .baud = allowed, .poll = 20s};
    bench b(port, {meter_profile("1SMG0000000001")});
    serial_line line{b, d0::responder{"", readout_at(offered)}};
    for (int i = 0; i < 3000 && line.heard.size() < 2; ++i) line.step();
    CHECK(line.heard.size() == 2);
    CHECK(line.fastest_seen == expected_rate);
    CHECK(line.changes == std::vector<std::uint32_t>{300, expected_rate, 300, expected_rate});
    CHECK(b.faults(frame_fault::silent) == 0);
  }
}

TEST_CASE("a line that is no serial device stays at the opening rate", "[lmn][d0]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::d0, .poll = 20s};
  bench b(port, {meter_profile("1SMG0000000001")});
  serial_line line{b, d0::responder{"", readout_at('5')}};
  for (int i = 0; i < 3000 && line.heard.empty(); ++i) line.step();
  CHECK(line.heard.size() == 1);
  CHECK(line.fastest_seen == 300);
}

// --- wired M-Bus

namespace {

/// A slave that answers with one volume.
bytes slave_answer(bytes_view request, std::uint8_t address, std::int64_t litres) {
  if (request.size() != 5 || request[2] != address) return {};
  if (request[1] == 0x40) return {mbus::acknowledge_octet};
  bytes data;
  put_le(data, radio_id.id);
  put_le(data, radio_id.manufacturer);
  put(data, bytes{radio_id.version, radio_id.type, 1, 0, 0, 0});
  put(data, radio_records(litres));
  return mbus::long_frame(0x08, address, 0x72, data);
}

}  // namespace

TEST_CASE("the master reads its slaves in turn; another meter at the address gives nothing", "[lmn][mbus]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::mbus, .poll = 60s};
  auto water = meter_profile(radio_device), exchanged = meter_profile("8APA0587654321");
  water.address = "5";
  exchanged.address = "6";
  bench b(port, {water, exchanged});
  std::vector<lmn::output::heard> heard;
  std::vector<std::string> news;
  bytes answer;
  for (int i = 0; i < 300; ++i) {
    auto out = answer.empty() ? b.pass(100ms) : b.feed(std::exchange(answer, {}));
    std::ranges::move(out.telegrams, std::back_inserter(heard));
    std::ranges::move(out.news, std::back_inserter(news));
    if (out.transmit.empty()) continue;
    answer = slave_answer(out.transmit, 5, 77);
    if (answer.empty()) answer = slave_answer(out.transmit, 6, 88);
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].meter == 0);
  REQUIRE(heard[0].read.values.size() == 1);
  CHECK(heard[0].read.values[0].value.text() == "0.077");
  REQUIRE(news.size() == 1);
  CHECK(news[0].find("8APA0512345678") != std::string::npos);
}

TEST_CASE("a slave without a primary address is selected by its identity", "[lmn][mbus]") {
  const profile::lmn_port port{.id = "p", .protocol = profile::lmn_protocol::mbus, .poll = 60s};
  bench b(port, {meter_profile(radio_device)});
  std::vector<lmn::output::heard> heard;
  bool selected = false;
  bytes answer;
  for (int i = 0; i < 300 && heard.empty(); ++i) {
    auto out = answer.empty() ? b.pass(100ms) : b.feed(std::exchange(answer, {}));
    std::ranges::move(out.telegrams, std::back_inserter(heard));
    if (out.transmit.empty()) continue;
    bytes_view in = out.transmit;
    const auto frame = mbus::take_wired(in);
    REQUIRE(frame);
    if (const auto whom = mbus::read_selection(*frame)) {
      selected = whom->covers(radio_id);
      if (selected) answer = {mbus::acknowledge_octet};
    } else if (selected) {
      answer = slave_answer(out.transmit, mbus::selected_address, 99);
    }
  }
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].read.values.at(0).value.text() == "0.099");
}
