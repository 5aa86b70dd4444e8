// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What a meter of the wired bus answers, without its TLS channel: quirks by its profile, instants, and broken files.

#include "actors/lmn/bus_answers.hpp"

#include "sml_files.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::sml_files;
using namespace std::chrono_literals;

namespace {

const timestamp noon = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}} + 12h;

struct asked {
  profile::meter profile;
  lmn::bus_answers answers;
  lmn::instant now{noon, time_point{} + 1h};

  explicit asked(std::vector<profile::quirk> quirks = {})
      : profile{.id = *device_id::parse("1HLY0200000001"), .quirks = std::move(quirks)}, answers(profile) {}

  expected<lmn::bus_answers::file> feed(bytes_view in) {
    auto got = answers.next(in, now);
    if (!got) return fail(errc::unavailable, "no file");
    CHECK_FALSE(answers.next(in, now));
    return *got;
  }
};

sml::get_proc_parameter_response of(const sml::tree_node& root) {
  sml::get_proc_parameter_response response;
  response.tree = std::span{&root, 1};
  return response;
}

bytes answer(const sml::register_entry& entry, sml::moment sent, bool kermit = false) {
  const sml::tree_node root{energy, entry, 0, 0};
  sml::open_response open;
  open.ref_time = sent;
  return file(kermit).add(open).add(of(root)).add(sml::close_response{}).octets();
}

}  // namespace

TEST_CASE("an answer is stamped by the meter's second indexes", "[lmn][hdlc][REQ.TLSHDLC.SMGW.60]") {
  asked a;
  const auto got = a.feed(answer(watt_hours(123, index(4997)), index(5000)));
  REQUIRE(got);
  REQUIRE(got->reads.size() == 1);
  CHECK(got->reads[0].captured == noon - 3s);
  CHECK(got->reads[0].meter_status == 0x1C0104);
  CHECK(got->reads[0].values.at(0).value.text() == "12.3");
  CHECK(a.answers.quirks_used() == sml::quirk_counts{});
  // refTime that runs backwards is of no use
  const auto back = a.feed(answer(watt_hours(123, index(4000)), index(4999)));
  REQUIRE(back);
  CHECK(back->reads[0].captured == noon);
  CHECK_FALSE(back->news.empty());
}

TEST_CASE("a Holley meter on the bus: Kermit CRC and bare times by its profile only", "[lmn][hdlc]") {
  const auto octets = answer(watt_hours(123, bare(4997)), bare(5000), true);
  asked strict;
  CHECK(strict.feed(octets).error().code == errc::unavailable);  // no file: its CRC does not fit
  const auto straight = strict.feed(answer(watt_hours(123, bare(4997)), bare(5000)));
  REQUIRE(straight);
  CHECK(straight->reads[0].captured == noon);  // a bare number is no second index

  asked bent({profile::quirk::holley_time_and_crc});
  const auto got = bent.feed(octets);
  REQUIRE(got);
  CHECK(got->reads[0].captured == noon - 3s);
  CHECK(bent.answers.quirks_used() == sml::quirk_counts{.kermit_crc = 1, .bare_time = 2});
}

TEST_CASE("other quirks on the bus are of the profile, too, and counted", "[lmn][hdlc]") {
  sml::register_entry entry = watts(-25536, 2);
  const sml::tree_node root{power, entry, 0, 0};
  const auto octets = file().add(of(root)).add(sml::close_response{}).octets();
  asked straight;
  CHECK(straight.feed(octets)->reads.at(0).values.at(0).value.text() == "-255.36");
  asked bent({profile::quirk::dzg_unsigned_power});
  CHECK(bent.feed(octets)->reads.at(0).values.at(0).value.text() == "400.00");
  CHECK(bent.answers.quirks_used().unsigned_power == 1);

  asked timeless({profile::quirk::no_time});
  const auto got = timeless.feed(answer(watt_hours(1, index(1)), index(5000)));
  REQUIRE(got);
  CHECK(got->reads[0].captured == noon);
  CHECK(timeless.answers.quirks_used().no_time == 2);
}

TEST_CASE("attributes without a value are read where the profile says so", "[lmn][hdlc]") {
  const bytes value_name{2}, scaler_unit_name{3}, status_name{4};
  const std::vector<sml::tree_node> tree{
      {energy, std::monostate{}, 3, 0},           {value_name, sml::value::of(7), 0, 1},
      {scaler_unit_name, std::monostate{}, 2, 1}, {{}, std::monostate{}, 0, 2},
      {{}, sml::value::of_unsigned(30, 1), 0, 2}, {status_name, std::monostate{}, 0, 1}};
  sml::get_proc_parameter_response response;
  response.tree = std::span<const sml::tree_node>{tree};
  const auto octets = file().add(response).add(sml::close_response{}).octets();
  asked strict;
  CHECK(strict.feed(octets)->reads.empty());
  asked bent({profile::quirk::zero_scaler, profile::quirk::status_absent});
  CHECK(bent.feed(octets)->reads.at(0).values.at(0).value.text() == "7");
  CHECK(bent.answers.quirks_used() == sml::quirk_counts{.zero_scaler = 1, .status_absent = 1});
}

TEST_CASE("a broken or unfinished answer is told, and the next one read", "[lmn][hdlc]") {
  asked a;
  const auto good = answer(watt_hours(123), {});
  const sml::tree_node root{energy, watt_hours(123), 0, 0};
  CHECK(a.feed(file().add(of(root)).octets()).error().code == errc::truncated);
  auto broken = good;
  broken[30] ^= 1;
  CHECK_FALSE(a.feed(broken));
  CHECK(a.feed(good)->reads.size() == 1);
  CHECK_FALSE(a.feed(bytes_view{good}.first(60)));  // torn with its channel
  a.answers.restart();
  CHECK(a.feed(good)->reads.size() == 1);
}

TEST_CASE("what a meter says of a written object comes with its answer", "[lmn][hdlc]") {
  asked a;
  sml::attention_response done;
  done.number = sml::octets{sml::attention_positive.code};
  CHECK(a.feed(file().add(done).add(sml::close_response{}).octets())->carried_out);
  const bytes number{0x81, 0x81, 0xC7, 0xC7, 0xFE, 0x0D};
  const bytes text{'n', 'o'};
  sml::attention_response refused;
  refused.number = number;
  refused.message = text;
  const auto got = a.feed(file().add(refused).add(sml::close_response{}).octets());
  CHECK_FALSE(got->carried_out);
  CHECK(got->news == "attention of the meter: no");
}
