// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A year of registration periods through each tariff use case: periods per second, and what a year takes on one core.
#include "domain/tariff/contract.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

constexpr int year = 35'040;  // quarter hours

profile::evaluation evaluation(unsigned taf) {
  profile::evaluation p;
  p.id = "bench";
  p.taf = taf;
  p.shown = 7;
  p.inputs = {{.meter = device_id::parse("1EMH0010482201").value(), .register_name = obis::parse("1-0:1.8.0").value()}};
  p.register_name = p.inputs[0].register_name;
  p.valid_from = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} - 1h;
  p.recipients = {{.wan = "supplier"}};
  p.stages = {{.number = 1, .description = {}}, {.number = 2, .description = {}}};
  p.initial_stage = 2;
  p.switching = profile::switching_calendar{
      .days = {{.id = "d", .switches = {{.at = 0h, .stage = 2}, {.at = 6h, .stage = 1}, {.at = 22h, .stage = 2}}}},
      .weeks = {{.id = "w", .days = {"d", "d", "d", "d", "d", "d", "d"}}},
      .seasons = {{.start = std::chrono::January / 1, .week = "w"}},
      .special_days = {}};
  p.load_steps = {{.above = {.value = 1000, .scaler = 0}, .stage = 1}};
  p.quotas = {{.stage = 2, .amount = decimal{.value = 100'000, .scaler = 0}}, {.stage = 1, .amount = {}}};
  p.extreme = {.minima = 5, .maxima = 5};
  p.prepaid = profile::prepayment{
      .available = {.value = 5'000'000, .scaler = 0}, .warn_below = {}, .tolerance = {}, .breaker = {}};
  return p;
}

}  // namespace

int main() {
  std::printf("%-7s %12s %14s %10s\n", "TAF", "ms a year", "periods/s", "results");
  for (unsigned taf = 1; taf <= 14; ++taf) {
    const auto p = evaluation(taf);
    list_entry e;
    e.value = {.meter = p.inputs[0].meter,
               .register_name = p.register_name,
               .value = {},
               .measured = unit::watt_hour,
               .captured = {},
               .status = {.smgw = 5, .meter = 4}};
    double best = 1e9;
    std::size_t results = 0;
    for (int run = 0; run < 5; ++run) {
      auto c = tariff::make_contract(p);
      if (!c) return EXIT_FAILURE;
      results = 0;
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i <= year; ++i) {
        e.target = p.valid_from + i * 900s;
        e.value.captured = e.target + 1s;
        e.value.value.value = 100LL * i;
        const auto s = (*c)->consume(e);
        if (!s) return EXIT_FAILURE;
        results += s->results.size();
      }
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
      best = std::min(best, took.count());
    }
    std::printf("TAF %-3u %12.2f %14.0f %10zu\n", taf, best, year / best * 1000, results);
  }
  return EXIT_SUCCESS;
}
