// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A year of registration periods through each tariff use case: periods per second, and what a year takes on one core.
// Then a large house: 64 meters and 256 contracts, what one quarter hour costs.
#include "domain/tariff/contract.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

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

/// 64 meters with four contracts each: a day of quarter hours, as the actors would hand it over.
int large_house() {
  constexpr int meters = 64, contracts = 256, quarters = 96;
  constexpr unsigned tafs[] = {1, 2, 7, 8};
  std::vector<std::unique_ptr<tariff::contract>> all;
  std::vector<device_id> ids;
  for (int m = 0; m < meters; ++m) {
    char id[15];
    std::snprintf(id, sizeof id, "1EMH00%08d", m + 1);
    ids.push_back(device_id::parse(id).value());
  }
  for (int i = 0; i < contracts; ++i) {
    auto p = evaluation(tafs[i % 4]);
    p.id = "c" + std::to_string(i);
    p.inputs[0].meter = ids[static_cast<std::size_t>(i / 4)];
    auto c = tariff::make_contract(p);
    if (!c) return EXIT_FAILURE;
    all.push_back(std::move(*c));
  }
  const auto from = all.front()->profile().valid_from;
  std::size_t results = 0, octets = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int q = 0; q <= quarters; ++q)
    for (std::size_t m = 0; m < meters; ++m) {
      const auto target = from + q * 900s;
      const list_entry e{.target = target,
                         .value = {.meter = ids[m],
                                   .register_name = obis::parse("1-0:1.8.0").value(),
                                   .value = {.value = 100LL * q, .scaler = 0},
                                   .measured = unit::watt_hour,
                                   .captured = target + 1s,
                                   .status = {.smgw = 5, .meter = 4}},
                         .signature = {}};
      for (std::size_t k = 4 * m; k < 4 * m + 4; ++k) {
        const auto s = all[k]->consume(e);
        if (!s) return EXIT_FAILURE;
        results += s->results.size();
      }
    }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  for (const auto& c : all) octets += c->position().state.size();
  std::printf("\n%d meters, %d contracts: %.3f ms a quarter hour, %zu results, %zu octets of state in all\n", meters,
              contracts, took.count() / quarters, results, octets);
  return EXIT_SUCCESS;
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
  return large_house();
}
