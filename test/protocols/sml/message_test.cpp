// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/message.hpp"

#include "base/crc16.hpp"
#include "captures.hpp"

using namespace smgw;
using namespace smgw::sml;
using namespace smgw::sml::test;

namespace {

const bytes server = hex("0a01454d4800009ff219");
const bytes energy = hex("0100010800ff");
const bytes text = hex("616263");

message with(message_body body) {
  message m;
  m.transaction_id = text;
  m.group = 1;
  m.abort_on_error = 0xFF;
  m.body = std::move(body);
  return m;
}

// A message around these octets of a body, with a CRC that fits.
bytes around(std::string_view body, std::string_view tag = "630701") {
  auto out = join({hex("7604616263"), hex("6200620072"), hex(tag), hex(body)});
  const auto crc = crc16_x25(out);
  out.push_back(0x63);
  put_le(out, crc);
  out.push_back(0x00);
  return out;
}

errc refusal(const bytes& octets) {
  decoder d;
  bytes_view in = octets;
  const auto m = d.next(in);
  REQUIRE_FALSE(m);
  CHECK(in.size() == octets.size());
  return m.error().code;
}

void check_round_trip(const message& m) {
  const auto octets = encoded(m);
  decoder d;
  bytes_view in = octets;
  const auto back = d.next(in);
  REQUIRE(back);
  CHECK(in.empty());
  CHECK(*back == m);
  CHECK(encoded(*back) == octets);
}

moment index(std::uint32_t seconds) { return {moment::form::second_index, seconds, 0, 0}; }

}  // namespace

TEST_CASE("every message of every capture is decoded, encoded and decoded again", "[sml]") {
  for (const auto* file : {"meters.jsonl", "requests.jsonl", "signed.jsonl"})
    for (const auto& c : captures(file)) {
      transport_reader reader;
      bytes_view in = c.frame;
      const auto f = reader.next(in, {});
      if (!f) continue;
      INFO(c.name);
      decoder d;
      auto payload = f->payload;
      for (int i = 0; i < 3; ++i) {
        const auto m = d.next(payload);
        REQUIRE(m);
        decoder second;
        const auto again = encoded(*m);
        bytes_view rest = again;
        CHECK(second.next(rest) == *m);
      }
      CHECK(payload.empty());
    }
}

TEST_CASE("each kind of message comes back as it was", "[sml]") {
  const std::vector<octets> path{energy, text};
  const std::vector<octets> objects{energy};
  const moment local{moment::form::timestamp_local, 1'700'000'000, 60, -60};
  std::vector<tree_node> tree(4);
  tree[0] = {energy, std::monostate{}, 2, 0};
  tree[1] = {text, value::of(-5, 1), 1, 1};
  tree[2] = {text, moment{moment::form::timestamp, 7, 0, 0}, 0, 2};
  tree[3] = {text, period_entry{energy, 30, -1, value::of_unsigned(7, 3), text}, 0, 1};
  const std::vector<tree_node> leaf{
      {text, register_entry{energy, {4, 2}, index(3), 30, {}, value::of(9, 5), {}}, 0, 0}};

  check_round_trip(with(open_request{text, server, energy, server, text, text, 1}));
  check_round_trip(with(open_request{{}, server, energy, {}, {}, {}, {}}));
  check_round_trip(with(open_response{{}, {}, energy, server, index(5), 1}));
  check_round_trip(with(close_request{}));
  check_round_trip(with(close_response{text}));
  check_round_trip(with(get_profile_pack_request{{server, text, text, true, index(1), index(2), path, objects, tree}}));
  check_round_trip(with(get_profile_list_request{{server, {}, {}, {}, {}, {}, path, {}, {}}}));
  check_round_trip(with(get_proc_parameter_request{{}, {}, {}, path, {}}));
  check_round_trip(with(get_proc_parameter_response{server, path, tree}));
  check_round_trip(with(get_proc_parameter_response{server, path, leaf}));
  check_round_trip(with(set_proc_parameter_request{server, text, text, path, tree}));
  check_round_trip(with(get_list_request{server, server, {}, {}, energy}));
  check_round_trip(with(attention_response{server, hex("8181c7c7fd00"), text, tree}));
  check_round_trip(with(attention_response{server, hex("8181c7c7fd00"), {}, {}}));
  check_round_trip(with(other_body{0x0801, hex("720101")}));
  check_round_trip(with(other_body{0xABCDEF, hex("01")}));

  const std::vector<profile_header> headers{{energy, 30, -1}, {text, 255, 0}};
  const std::vector<profile_value> values{
      {value::of(1), {}}, {value::of_boolean(true), text}, {value::of_octets(text), {}}};
  const std::vector<profile_period> periods{{index(1), {5, 8}, 0, 2, {}}, {local, {0, 1}, 2, 1, text}};
  check_round_trip(with(get_profile_pack_response{server, local, 900, path, headers, periods, values, text, text}));
  const std::vector<period_entry> entries{{energy, 30, -1, value::of(1'000'000), text}};
  check_round_trip(with(get_profile_list_response{server, local, 900, path, index(9), {4, 8}, entries, {}, text}));

  std::vector<register_entry> list(17);
  list[0] = {energy, {0x1C0104, 4}, index(4), 30, -1, value::of_unsigned(UINT64_MAX), text};
  list[1] = {energy, {1, 8}, local, {}, {}, value::of(-1, 3), {}};
  list[2].value = value{value::type::list, 0, 0, octets{text}};
  const auto encoded_list = hex("7262016201");
  list[2].value.data = encoded_list;
  check_round_trip(with(get_list_response{server, server, energy, index(1), list, text, local}));
  check_round_trip(with(get_list_response{{}, server, {}, {}, {}, {}, {}}));
}

TEST_CASE("octet strings of many lengths come back", "[sml]") {
  for (const std::size_t n : {0U, 1U, 14U, 15U, 16U, 253U, 254U, 255U, 4092U, 4093U, 5000U}) {
    INFO(n);
    const bytes long_text(n, 0x33);
    check_round_trip(with(close_request{long_text}));
  }
}

TEST_CASE("a message with a wrong CRC is not trusted", "[sml]") {
  auto octets = encoded(with(close_request{text}));
  octets[octets.size() - 2] ^= 0x01;
  CHECK(refusal(octets) == errc::untrusted);
  octets = around("7104616263", "630200");
  decoder d;
  bytes_view in = octets;
  CHECK(d.next(in)->tag() == 0x0200);
}

TEST_CASE("a CRC whose leading zero octet is left out fits, too", "[sml]") {
  // the octets of the CRC as a number: 00xx is sent as one octet by some makes
  for (unsigned n = 0; n < 2000; ++n) {
    const bytes id{static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)};
    auto m = with(close_request{});
    m.transaction_id = id;
    auto octets = encoded(m);
    if (octets[octets.size() - 3] != 0) continue;
    octets.erase(octets.end() - 3);
    octets[octets.size() - 3] = 0x62;
    decoder d;
    bytes_view in = octets;
    CHECK(d.next(in));
    return;
  }
  FAIL("no such CRC");
}

TEST_CASE("the Kermit CRC of messages is a quirk", "[sml]") {
  const auto frame = frame_of("test_frames#8");
  transport_reader reader{{.accept_kermit = true}};
  bytes_view in = frame;
  auto payload = reader.next(in, {})->payload;
  decoder strict;
  CHECK(strict.next(payload).error().code == errc::untrusted);
  decoder lenient{{.accept_kermit = true}};
  CHECK(lenient.next(payload)->kermit);
}

TEST_CASE("what is not a message is refused", "[sml]") {
  CHECK(refusal({}) == errc::truncated);
  CHECK(refusal({0x00}) == errc::malformed);
  CHECK(refusal(hex("1b1b1b1b0101010176")) == errc::truncated);
  CHECK(refusal(hex("770461626362006200")) == errc::malformed);
  CHECK(refusal(hex("7504616263")) == errc::malformed);
  CHECK(refusal(hex("76046162636200620071")) == errc::malformed);
  auto octets = encoded(with(close_request{text}));
  octets.back() = 0x01;
  CHECK(refusal(octets) == errc::malformed);
}

TEST_CASE("bodies of another shape are refused", "[sml]") {
  CHECK(refusal(around("7601010170010101")) == errc::malformed);  // six elements
  CHECK(refusal(around("7701010101010101")) == errc::malformed);  // no list
  CHECK(refusal(around("77620101010170010101")) == errc::malformed);
  CHECK(refusal(around("7701010101717701010101015a0001")) != errc::untrusted);
  CHECK(refusal(around("77010101017177010101010151010101")) == errc::malformed);
  CHECK(refusal(around("77010101726204650000000070010101")) == errc::malformed);  // fourth choice of SML_Time
  CHECK(refusal(around("77010101726203650000000070010101")) == errc::malformed);  // timestampLocal as a number
  CHECK(refusal(around("77010101740101010170010101")) == errc::malformed);
  CHECK(refusal(around("75010101727101", "630500")) == errc::malformed);
  CHECK(refusal(around("730101730101017201", "630501")) == errc::malformed);
}

TEST_CASE(
    "octets 00 behind a message are filler: bare files are padded without a count, and some makes pad each message",
    "[sml]") {
  const auto one = encoded(with(close_request{}));
  const auto octets = join({one, hex("0000"), one, hex("000000")});
  decoder d;
  bytes_view in = octets;
  CHECK(d.next(in));
  CHECK(in.size() == one.size() + 3);
  CHECK(d.next(in));
  CHECK(in.empty());
  CHECK(refusal(join({hex("00"), one})) == errc::malformed);  // before a message they are none
}

TEST_CASE("a status that a profile response leaves out is absent", "[sml]") {
  check_round_trip(with(get_profile_list_response{server, {}, 900, {}, index(9), {}, {}, {}, {}}));
  const std::vector<profile_period> periods{{index(1), {}, 0, 0, {}}};
  check_round_trip(with(get_profile_pack_response{server, {}, 900, {}, {}, periods, {}, {}, {}}));
}

TEST_CASE("times of four shapes are told apart", "[sml]") {
  struct row {
    const char* octets;
    moment::form kind;
  };
  for (const auto& [octets, kind] :
       {row{"01", moment::form::absent}, row{"726201620a", moment::form::second_index},
        row{"7262026500000001", moment::form::timestamp},
        row{"72620373650000000153003c53003c", moment::form::timestamp_local}, row{"6500000001", moment::form::bare},
        row{"73650000000153003c53003c", moment::form::three_values},
        row{"72620273650000000153003c53003c", moment::form::three_values}}) {
    INFO(octets);
    const auto message_octets = around("77010101" + std::string{octets} + "700101");
    decoder d;
    bytes_view in = message_octets;
    const auto m = d.next(in);
    REQUIRE(m);
    const auto& time = std::get<get_list_response>(m->body).act_sensor_time;
    CHECK(time.kind == kind);
    // a counter of seconds is never a date, and a date never a counter
    CHECK(time.index().has_value() == (kind == moment::form::second_index));
    CHECK(time.utc().has_value() == (kind == moment::form::timestamp || kind == moment::form::timestamp_local));
  }
}

TEST_CASE("a tag that 1.04 does not know is stepped over and told", "[sml]") {
  const auto octets = join({around("7262017204616263650000000a", "630802"), encoded(with(close_response{}))});
  decoder d;
  bytes_view in = octets;
  const auto m = d.next(in);
  REQUIRE(m);
  CHECK(m->tag() == 0x0802);
  CHECK(to_string(static_cast<tag>(m->tag())).empty());
  CHECK(std::get<other_body>(m->body).encoded.size() == 13);
  CHECK(d.next(in)->tag() == 0x0201);
  CHECK(in.empty());
}

TEST_CASE("each message of 1.04 has a name", "[sml]") {
  for (const unsigned kind : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 10U})
    for (const unsigned answer : {0U, 1U})
      CHECK(to_string(static_cast<tag>(kind << 8 | answer)).ends_with(answer == 0 ? ".Req" : ".Res"));
  CHECK(to_string(tag::set_proc_parameter_request) == "SetProcParameter.Req");
  CHECK(to_string(tag::attention_response) == "Attention.Res");
}

TEST_CASE("trees and lists are bounded", "[sml]") {
  const auto nested = [](std::size_t depth) {
    std::vector<tree_node> tree(depth);
    for (std::size_t i = 0; i < depth; ++i)
      tree[i] = {text, std::monostate{}, i + 1 < depth ? 1U : 0U, static_cast<std::uint32_t>(i)};
    return tree;
  };
  const auto deep = nested(max_tree_depth);
  check_round_trip(with(get_proc_parameter_response{server, {}, deep}));
  const auto deeper = nested(max_tree_depth + 1);
  CHECK(refusal(encoded(with(get_proc_parameter_response{server, {}, deeper}))) == errc::exhausted);

  std::vector<tree_node> wide(max_tree_nodes, tree_node{text, std::monostate{}, 0, 1});
  wide[0] = {text, std::monostate{}, max_tree_nodes - 1, 0};
  check_round_trip(with(get_proc_parameter_response{server, {}, wide}));
  wide[0].children = max_tree_nodes;
  wide.push_back({text, std::monostate{}, 0, 1});
  CHECK(refusal(encoded(with(get_proc_parameter_response{server, {}, wide}))) == errc::exhausted);

  const std::vector<register_entry> most(max_list_entries);
  check_round_trip(with(get_list_response{{}, server, {}, {}, most, {}, {}}));
  const std::vector<register_entry> more(max_list_entries + 1);
  CHECK(refusal(encoded(with(get_list_response{{}, server, {}, {}, more, {}, {}}))) == errc::exhausted);
  const std::vector<octets> path(max_path_entries + 1);
  CHECK(refusal(encoded(with(get_proc_parameter_request{{}, {}, {}, path, {}}))) == errc::exhausted);
  // a list that says it is long takes no memory before its elements are there
  CHECK(refusal(around("7701010101ff8f8f0f")) == errc::truncated);
}
