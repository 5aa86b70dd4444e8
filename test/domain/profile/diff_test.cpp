// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/documents.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace smgw::documents;
using profile::change;
using profile::change_kind;
using profile::profile_kind;

namespace {
std::vector<change> changes(const std::function<void(set&)>& f) {
  const auto old = load(examples());
  auto docs = examples();
  f(docs);
  const auto fresh = load(docs);
  INFO(all_of(fresh.found));
  REQUIRE(fresh.set);
  return diff(*old.set, *fresh.set);
}
}  // namespace

TEST_CASE("equal sets have no differences, whatever the files are called") {
  CHECK(changes([](set&) {}).empty());
  CHECK(changes([](set& d) {
          auto n = d.extract("evaluations/taf7.json");
          n.key() = "renamed.json";
          d.insert(std::move(n));
        }).empty());
}

TEST_CASE("created, updated and deleted profiles, with whom they concern") {
  const auto one = changes([](set& d) { d["evaluations/taf7.json"]["tariff"] = "Other"; });
  // TAF 13 shows TAF 7, but its own name stands
  REQUIRE(one.size() == 1);
  CHECK(one[0] == change{.what = change_kind::updated,
                         .kind = profile_kind::evaluation,
                         .id = "taf7",
                         .consumers = {"consumer1"},
                         .billing = true});
  const auto two = changes([](set& d) {
    d.erase("evaluations/taf14.json");
    auto fresh = d["wan/supplier.json"];
    fresh["id"] = "grid";
    d["wan/grid.json"] = fresh;
  });
  REQUIRE(two.size() == 2);
  CHECK(
      two[0] ==
      change{.what = change_kind::created, .kind = profile_kind::wan, .id = "grid", .consumers = {}, .billing = false});
  CHECK(two[1] == change{.what = change_kind::deleted,
                         .kind = profile_kind::evaluation,
                         .id = "taf14",
                         .consumers = {"consumer1"},
                         .billing = false});
  const auto three = changes([](set& d) {
    d["gateway.json"]["key_store"] = "tpm2";
    d["log.json"]["system_level"] = "warning";
    d["meters/1EMH0010482201.json"]["quirks"] = {"no_time"};
    d["wan/supplier.json"]["http_timeout_s"] = 10;
  });
  REQUIRE(three.size() == 4);
  CHECK(three[0].kind == profile_kind::gateway);
  CHECK(three[0].billing);
  CHECK(three[1].kind == profile_kind::log);
  CHECK(three[2].consumers == std::vector<std::string>{"consumer1"});
  CHECK(three[3].consumers == std::vector<std::string>{"consumer1"});
  CHECK_FALSE(three[3].billing);
  CHECK(to_string(three[2].kind) == "meter");
  const auto four = changes([](set& d) {
    d["time.json"]["poll_s"] = 600;
    d["han/consumer.json"]["idle_limit_s"] = 60;
    d.erase("proxy.json");
  });
  REQUIRE(four.size() == 3);
  CHECK(
      four[0] ==
      change{.what = change_kind::updated, .kind = profile_kind::time, .id = "time", .consumers = {}, .billing = true});
  CHECK(four[1].consumers == std::vector<std::string>{"consumer1"});
  CHECK(four[2].what == change_kind::deleted);
}
