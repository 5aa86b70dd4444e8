// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "home.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

namespace smgw::test {

/// Two consumers with a meter each, a technician, a controllable system, a card of the first consumer, and the gateway.
struct neighbours {
  explicit neighbours(const home_options& o = {}, house_options h = {.meters = 2},
                      const std::function<void(const house&)>& more = {})
      : houses(std::move(h)), home(houses, o), gateway((prepare(more), process::run(houses.configuration()))) {
    REQUIRE(gateway.await_line("door 127.0.0.1"));
    REQUIRE(gateway.await_line("1SMG0000000002: stored "));
    REQUIRE(gateway.await_line("1SMG0000000001: stored "));
  }
  void prepare(const std::function<void(const house&)>& more) {
    if (more) more(houses);
    home.add_consumer("consumer1", "consumer1", "one");
    home.add_consumer("consumer2", "consumer2", "two");
    home.add_party("technician", "technician");
    home.add_party("box", "cls");
    home.add_party("card1", "consumer", "consumer1");
  }
  house houses;
  home_network home;
  process gateway;
};

}  // namespace smgw::test
