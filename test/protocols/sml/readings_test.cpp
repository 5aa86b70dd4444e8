// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/sml/readings.hpp"

#include "captures.hpp"
#include "protocols/sml/list_type.hpp"

using namespace smgw;
using namespace smgw::sml;
using namespace smgw::sml::test;

namespace {

struct registers_of {
  registers_of(std::string_view name, const quirks& allowed) {
    frame = frame_of(name);
    transport_reader reader{{.accept_kermit = allowed.holley_time_and_crc}};
    bytes_view in = frame;
    const auto f = reader.next(in, {});
    REQUIRE(f);
    decoder d{{.accept_kermit = allowed.holley_time_and_crc}};
    for (auto payload = f->payload; !payload.empty();) {
      const auto m = d.next(payload);
      REQUIRE(m);
      if (const auto* list = std::get_if<get_list_response>(&m->body)) append_registers(*list, allowed, used, all);
    }
  }
  const register_value& at(const char* name) const {
    for (const auto& r : all)
      if (r.name == *obis::parse(name)) return r;
    FAIL(name);
    return all.front();
  }
  bytes frame;
  quirk_counts used;
  std::vector<register_value> all;
};

const bytes energy = hex("0100010800ff");
const bytes name_value{2};
const bytes name_scaler_unit{3};
const bytes name_status{4};
const bytes name_capture_time{5};

struct answer {
  std::vector<tree_node> tree;
  std::vector<register_value> out;
  quirk_counts used;
  expected<void> read(const quirks& allowed = {}) {
    get_proc_parameter_response response;
    response.tree = std::span<const tree_node>{tree};
    // through the line, as an answer comes
    message m;
    m.body = response;
    octets_ = encoded(m);
    bytes_view in = octets_;
    const auto back = d_.next(in);
    REQUIRE(back);
    return append_register(std::get<get_proc_parameter_response>(back->body), allowed, used, out);
  }

 private:
  bytes octets_;
  decoder d_;
};

}  // namespace

TEST_CASE("registers keep every digit", "[sml][REQ.TLSHDLC.SMGW.90]") {
  const registers_of meter{"dzg_dwsb20_2th_2byte#9", {}};
  const auto& import = meter.at("1-0:1.8.0");
  CHECK(import.number == decimal{1424390, -1});
  CHECK(import.number->text() == "142439.0");
  CHECK(import.unit == unit::watt_hour);
  CHECK(import.status == status{1865988, 3});
  CHECK(import.val_time.index() == second_index{5054384});
  CHECK_FALSE(meter.at("1-0:96.1.0").number);
  CHECK(to_hex(meter.at("1-0:96.1.0").raw.data) == "0a01445a470002632316");
  CHECK(meter.used == quirk_counts{});
  // thirteen digits before the point and six behind it
  std::vector<register_value> out;
  quirk_counts used;
  const std::vector<register_entry> list{{energy, {}, {}, 30, -6, value::of(9'223'372'036'854'775'807), {}},
                                         {energy, {}, {}, 30, -6, value::of_unsigned(UINT64_MAX), {}}};
  append_registers({{}, {}, {}, {}, std::span{list}, {}, {}}, {}, used, out);
  CHECK(out[0].number->text() == "9223372036854.775807");
  CHECK_FALSE(out[1].number);  // exact or not at all
  CHECK(out[1].raw.bits == UINT64_MAX);
}

TEST_CASE("a power that DZG sends as negative is read as the quirk says, only if it is on", "[sml]") {
  const registers_of plain{"dzg_dwsb20_2th_2byte#9", {}};
  CHECK(plain.at("1-0:16.7.0").number == decimal{-30195, -2});
  const registers_of bent{"dzg_dwsb20_2th_2byte#9", {.dzg_unsigned_power = true}};
  CHECK(bent.at("1-0:16.7.0").number == decimal{35341, -2});
  CHECK(bent.at("1-0:16.7.0").raw.number() == -30195);
  CHECK(bent.used.unsigned_power == 1);
  // 200 as one octet, 40000 as two, 9 million as three: leading zero octets are left out, whatever the sign then is
  const auto power = hex("0100100700ff");
  const std::vector<register_entry> small{{power, {}, {}, 27, -2, value::of(-56, 1), {}},
                                          {power, {}, {}, 27, -2, value::of(-25536, 2), {}},
                                          {power, {}, {}, 27, -2, value::of(-7777216, 3), {}},
                                          {power, {}, {}, 27, -2, value::of(-126061, 4), {}},
                                          {energy, {}, {}, 30, -2, value::of(-1, 1), {}}};
  std::vector<register_value> out;
  quirk_counts used;
  append_registers({{}, {}, {}, {}, std::span{small}, {}, {}}, {.dzg_unsigned_power = true}, used, out);
  CHECK(out[0].number == decimal{200, -2});
  CHECK(out[1].number == decimal{40000, -2});
  CHECK(out[2].number == decimal{9'000'000, -2});
  CHECK(out[3].number == decimal{-126061, -2});  // feeds in
  CHECK(out[4].number == decimal{-1, -2});       // no power
  CHECK(used.unsigned_power == 3);
  // a wider number is what it says
  const registers_of other{"EMH_eHZ361L5R_1#1", {.dzg_unsigned_power = true}};
  CHECK(other.at("1-0:1.7.1").number == decimal{-7697170, -4});
  CHECK(other.used.unsigned_power == 0);
}

TEST_CASE("a bare time becomes a second index by the quirk only", "[sml]") {
  const registers_of plain{"HOLLEY_DTZ541-ZDBA#5", {}};
  CHECK(plain.at("1-0:1.8.1").val_time.kind == moment::form::bare);
  CHECK_FALSE(plain.at("1-0:1.8.1").val_time.index());
  const registers_of bent{"HOLLEY_DTZ541-ZDBA#5", {.holley_time_and_crc = true}};
  CHECK(bent.at("1-0:1.8.1").val_time.index() == second_index{1347082});
  CHECK(bent.used.bare_time == 3);
}

TEST_CASE("a time of three values becomes a local time by the quirk only", "[sml]") {
  const std::vector<register_entry> list{
      {energy, {}, {moment::form::three_values, 1'700'000'000, 60, 0}, 30, -1, value::of(1), {}}};
  const get_list_response response{{}, {}, {}, {}, std::span{list}, {}, {}};
  std::vector<register_value> out;
  quirk_counts used;
  append_registers(response, {}, used, out);
  CHECK_FALSE(out[0].val_time.utc());
  append_registers(response, {.three_value_time = true}, used, out);
  CHECK(out[1].val_time.utc() == timestamp{std::chrono::seconds{1'700'000'000}});
  CHECK(used.three_value_time == 1);
}

TEST_CASE("times of no use are left out by the quirk only", "[sml]") {
  const std::vector<register_entry> list{{energy, {}, {moment::form::second_index, 7, 0, 0}, 30, -1, value::of(1), {}},
                                         {energy, {}, {}, 30, -1, value::of(1), {}}};
  std::vector<register_value> out;
  quirk_counts used;
  append_registers({{}, {}, {}, {}, std::span{list}, {}, {}}, {.no_time = true}, used, out);
  CHECK(out[0].val_time == moment{});
  CHECK(used.no_time == 1);  // where a time was
  const moment bare{moment::form::bare, 7, 0, 0};
  CHECK(bent_time(bare, {}, used) == bare);
  CHECK(bent_time(bare, {.holley_time_and_crc = true}, used).index() == second_index{7});
  CHECK(bent_time(bare, {.holley_time_and_crc = true, .no_time = true}, used) == moment{});
  quirk_counts sum = used;
  sum += used;
  CHECK(sum == quirk_counts{.bare_time = 2, .no_time = 4});
}

TEST_CASE("attributes without a value are read by their quirks only", "[sml][REQ.TLSHDLC.SMGW.80]") {
  answer a;
  a.tree = {{energy, value::of(5), 3, 0},          {name_scaler_unit, std::monostate{}, 2, 1},
            {{}, std::monostate{}, 0, 2},          {{}, value::of_unsigned(30, 1), 0, 2},
            {name_status, std::monostate{}, 0, 1}, {name_capture_time, std::monostate{}, 0, 1}};
  CHECK(a.read().error().code == errc::malformed);
  CHECK(a.read({.zero_scaler = true, .status_absent = true}).error().code == errc::malformed);
  CHECK(a.read({.no_time = true, .status_absent = true}).error().code == errc::malformed);
  CHECK(a.read({.no_time = true, .zero_scaler = true}).error().code == errc::malformed);
  a.used = {};
  REQUIRE(a.read({.no_time = true, .zero_scaler = true, .status_absent = true}));
  CHECK(a.out.at(0).number == decimal{5, 0});
  CHECK(a.out.at(0).unit == unit::watt_hour);
  CHECK(a.out.at(0).status == status{});
  CHECK(a.used == quirk_counts{.no_time = 1, .zero_scaler = 1, .status_absent = 1});
}

TEST_CASE("entries without an OBIS code are no registers", "[sml]") {
  const bytes name{1, 2, 3};
  const std::vector<register_entry> list{{name, {}, {}, {}, {}, value::of(1), {}}};
  std::vector<register_value> out;
  quirk_counts used;
  append_registers({{}, {}, {}, {}, std::span{list}, {}, {}}, {}, used, out);
  CHECK(out.empty());
}

TEST_CASE("a tree of attributes is a register", "[sml][REQ.TLSHDLC.SMGW.80]") {
  answer a;
  a.tree = {{energy, std::monostate{}, 4, 0},
            {name_value, value::of_unsigned(123456, 4), 0, 1},
            {name_scaler_unit, std::monostate{}, 2, 1},
            {{}, value::of(-1, 1), 0, 2},
            {{}, value::of_unsigned(30, 1), 0, 2},
            {name_status, value::of_unsigned(0x1C0104, 4), 0, 1},
            {name_capture_time, moment{moment::form::timestamp, 1'700'000'000, 0, 0}, 0, 1}};
  REQUIRE(a.read());
  const auto& r = a.out.at(0);
  CHECK(r.name == *obis::parse("1-0:1.8.0"));
  CHECK(r.number == decimal{123456, -1});
  CHECK(r.unit == unit::watt_hour);
  CHECK(r.status == status{0x1C0104, 4});
  CHECK(r.val_time.utc() == timestamp{std::chrono::seconds{1'700'000'000}});
}

TEST_CASE("the other shapes of an answer are registers, too", "[sml][REQ.TLSHDLC.SMGW.80]") {
  answer a;
  a.tree = {{energy, register_entry{energy, {4, 1}, {}, 30, 3, value::of(5), {}}, 0, 0}};
  REQUIRE(a.read());
  CHECK(a.out.back().number == decimal{5, 3});
  a.tree = {{energy, period_entry{energy, 30, 2, value::of(6), {}}, 0, 0}};
  REQUIRE(a.read());
  CHECK(a.out.back().number == decimal{6, 2});
  // SML_CosemValue: 7, scaler -1, unit 27; and a time-stamped one
  const auto cosem = hex("7262037255000000077252ff621b");
  a.tree = {{energy, value{value::type::list, 0, 0, octets{cosem}}, 0, 0}};
  REQUIRE(a.read());
  CHECK(a.out.back().number == decimal{7, -1});
  CHECK(a.out.back().unit == unit::watt);
  const auto stamped = hex("7262027372620162096204550000000a");
  a.tree = {{energy, value{value::type::list, 0, 0, octets{stamped}}, 0, 0}};
  REQUIRE(a.read());
  CHECK(a.out.back().number == decimal{10, 0});
  CHECK(a.out.back().status == status{4, 1});
  CHECK(a.out.back().val_time.index() == second_index{9});
  a.tree = {{energy, std::monostate{}, 2, 0},
            {name_value, value::of(1), 0, 1},
            {name_scaler_unit, value{value::type::list, 0, 0, octets{cosem}}, 0, 1}};
  REQUIRE(a.read());
  CHECK(a.out.back().number == decimal{1, -1});
}

TEST_CASE("answers that are no register are refused", "[sml][REQ.TLSHDLC.SMGW.80]") {
  const auto refused = [](std::vector<tree_node> tree) {
    answer a;
    a.tree = std::move(tree);
    return a.read().error().code == errc::malformed && a.out.empty();
  };
  const auto time =
      hex("72620162"
          "01");
  CHECK(refused({{name_value, value::of(1), 0, 0}}));
  CHECK(refused({{energy, std::monostate{}, 0, 0}}));
  CHECK(refused({{energy, std::monostate{}, 1, 0}, {name_status, value::of_unsigned(1), 0, 1}}));
  CHECK(refused({{energy, value::of(1), 1, 0}, {name_status, value::of(1), 0, 1}}));
  CHECK(refused({{energy, value::of(1), 1, 0}, {name_capture_time, value::of(1), 0, 1}}));
  CHECK(refused({{energy, value::of(1), 1, 0}, {name_scaler_unit, value::of(1), 0, 1}}));
  CHECK(
      refused({{energy, value::of(1), 1, 0}, {name_scaler_unit, value{value::type::list, 0, 0, octets{time}}, 0, 1}}));
  CHECK(refused(
      {{energy, value::of(1), 1, 0}, {name_scaler_unit, std::monostate{}, 1, 1}, {{}, value::of(-1, 1), 0, 2}}));
  CHECK(refused({{energy, value::of(1), 1, 0},
                 {name_scaler_unit, std::monostate{}, 2, 1},
                 {{}, value::of(-1, 2), 0, 2},
                 {{}, value::of_unsigned(30, 1), 0, 2}}));
}

TEST_CASE("list types are taken apart or refused", "[sml]") {
  CHECK(std::get<moment>(*decode_list_type(hex("72620172620165001e3f50"))).index() == second_index{0x1E3F50});
  CHECK(decode_list_type(hex("7262046201")).error().code == errc::unsupported);
  CHECK(decode_list_type(hex("726201")).error().code == errc::truncated);
  CHECK(decode_list_type(hex("72620101"
                             "01"))
            .error()
            .code == errc::malformed);
  CHECK(decode_list_type(hex("7262037271017252ff621b")).error().code == errc::malformed);
  CHECK(decode_list_type(hex("73")).error().code == errc::malformed);
}
