// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/room.hpp"

#include "domain/ledger/chains.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::ledger;
using namespace std::chrono_literals;

namespace {

const profile::log bounds{.system_entries = 1000,
                          .consumer_entries = 1000,
                          .consumer_retention = std::chrono::months{15},
                          .calibration_entries = 100,
                          .calibration_alarm_percent = 90};

}  // namespace

TEST_CASE("the calibration log is never cut: it alarms, and then it is full", "[FAU_STG.4]") {
  const auto judge = [](std::uint32_t last) { return judge_fill(log_kind::calibration, bounds, 1, last); };
  CHECK(judge(0) == fill::room);
  CHECK(judge(89) == fill::room);
  CHECK(judge(90) == fill::alarm);
  CHECK(judge(99) == fill::alarm);
  CHECK(judge(100) == fill::full);
  CHECK(trim_to(log_kind::calibration, bounds, 5000) == 0);
  CHECK_FALSE(may_go(log_kind::calibration, bounds, {}, 1, 5000, timestamp::max()));
}

TEST_CASE("the oldest records of the system log go, many at once", "[FAU_STG.4]") {
  CHECK(judge_fill(log_kind::system, bounds, 1, 1000 + trim_step - 1) == fill::room);
  CHECK(judge_fill(log_kind::system, bounds, 1, 1000 + trim_step) == fill::trim);
  CHECK(trim_to(log_kind::system, bounds, 1256) == 256);
  CHECK(judge_fill(log_kind::system, bounds, 257, 1256) == fill::room);
  CHECK(trim_to(log_kind::system, bounds, 900) == 0);
  CHECK(may_go(log_kind::system, bounds, {}, 1, 1256, {}));
}

TEST_CASE("a consumer's records stay for 15 months, unless someone fills the log to twice its size", "[FAU_STG.4]") {
  const auto r = chains::sample(0);
  CHECK_FALSE(may_go(log_kind::consumer, bounds, r, 1, 1300, r.at + 300 * 24h));
  CHECK(may_go(log_kind::consumer, bounds, r, 1, 1300, r.at + 15 * 31 * 24h));
  CHECK(may_go(log_kind::consumer, bounds, r, 1, 2000, r.at + 1h));
}

TEST_CASE("after a cut the chain is verified from where it begins", "[FAU_STG.2]") {
  const log_id id{.kind = log_kind::system, .consumer = {}};
  auto l = chains::make_log(20, id);
  const auto cut = decode_stored(l.records[6].stored).value();
  const head begin{.log = id, .last = 7, .hash = cut.hash};
  const auto kept = decode_begin(encode_begin(begin), id).value();
  CHECK(kept == begin);
  CHECK_FALSE(verify(kept, l.end, chains::read(l.records, 7), chains::mixing));
  // without the beginning, or with another one, it is not whole
  CHECK(verify(l.start, l.end, chains::read(l.records, 7), chains::mixing));
  CHECK(verify(kept, l.end, chains::read(l.records, 8), chains::mixing));
  CHECK(decode_begin(encode_begin(begin), {.kind = log_kind::calibration, .consumer = {}}).error().code ==
        errc::malformed);
  CHECK_FALSE(decode_begin(bytes(3), id));
}
