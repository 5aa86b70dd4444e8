// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A large house: 64 meters and 256 contracts (TAF 1, 2, 7 and 8 for each meter), values sent every hour; once with
// registration periods of 15 minutes, once of a minute. The real tree, store, keys, TLS and CMS in virtual time: what a
// day costs in CPU seconds, as a share of one core, and how the store grows. The meters' telegrams are made and the
// market participant's messages opened in the same process, so the gateway alone takes less.
#include "process_cost.hpp"
#include "story.hpp"

#include <unistd.h>

#include <cstdio>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int meters = 64;
constexpr unsigned use_cases[] = {1, 2, 7, 8};

double octets_in(const fs::path& folder) {
  double n = 0;
  for (const auto& f : fs::recursive_directory_iterator(folder))
    if (f.is_regular_file()) n += static_cast<double>(f.file_size());
  return n;
}

void furnish(test::story& s, std::chrono::seconds period) {
  s.store_bytes = std::uint64_t{2} << 30U;
  for (int i = 1; i <= meters; ++i) {
    char id[15];
    std::snprintf(id, sizeof id, "1SMG%010d", i);
    s.add_meter(id, period);
    for (const auto taf : use_cases) {
      s.add_evaluation(taf, id);
      auto& e = s.profiles.evaluations.back();
      if (taf == 8) e.extreme = {.minima = 5, .maxima = 5};
      if (taf != 2) continue;
      e.stages = {{.number = 1, .description = {}}, {.number = 2, .description = {}}};
      e.initial_stage = 2;
      e.switching = profile::switching_calendar{
          .days = {{.id = "d", .switches = {{.at = 0h, .stage = 2}, {.at = 6h, .stage = 1}, {.at = 22h, .stage = 2}}}},
          .weeks = {{.id = "w", .days = {"d", "d", "d", "d", "d", "d", "d"}}},
          .seasons = {{.start = std::chrono::January / 1, .week = "w"}},
          .special_days = {}};
    }
  }
}

void house(std::chrono::seconds period, std::chrono::minutes span, std::chrono::minutes telegrams) {
  test::story s;
  furnish(s, period);
  s.start();
  s.live(1h, telegrams);  // the first values
  const auto cpu = cpu_seconds();
  const auto store = octets_in(s.folder());
  const auto got = s.emt.got.size();
  s.live(span, telegrams);
  const auto spent = cpu_seconds() - cpu;
  const double share = spent / std::chrono::duration<double>(span).count();
  const double years = std::chrono::duration<double>(span) / std::chrono::duration<double>(std::chrono::years{1});
  std::printf(
      "%4lld s periods: %5.1f CPU s in %3lld h = %7.4f %% of a core; %zu deliveries; %.0f MiB resident;"
      " store + %.1f MiB a meter and year before compaction\n",
      static_cast<long long>(period.count()), spent, static_cast<long long>(span.count() / 60), share * 100,
      s.emt.got.size() - got, resident_kib(::getpid()) / 1024,
      (octets_in(s.folder()) - store) / (1 << 20) / meters / years);
  std::fflush(stdout);
  s.stop();
}

}  // namespace

int main() {
  std::printf("%d meters, %zu contracts; resident before: %.0f MiB\n", meters, meters * std::size(use_cases),
              resident_kib(::getpid()) / 1024);
  house(15min, 24h, 5min);
  house(1min, 4h, 1min);
}
