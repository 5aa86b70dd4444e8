// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "table.hpp"

#include <cstdio>

namespace smgw::vectors {

void table::line::add(const line& other) {
  for (std::size_t i = 0; i < 4; ++i) by_outcome[i] += other.by_outcome[i];
}

std::size_t table::line::sum() const { return by_outcome[0] + by_outcome[1] + by_outcome[2] + by_outcome[3]; }

void table::add(const std::string& kind, const std::string& group, outcome result) {
  ++lines_[kind][group].by_outcome[static_cast<std::size_t>(result)];
}

table::line table::total() const {
  line all;
  for (const auto& [kind, groups] : lines_)
    for (const auto& [group, l] : groups) all.add(l);
  return all;
}

std::size_t table::count(outcome result) const { return total().by_outcome[static_cast<std::size_t>(result)]; }
std::size_t table::rows() const { return total().sum(); }

void table::print_line(const std::string& kind, const std::string& group, const line& l) {
  std::printf("%-8s %-48.48s %6zu %9zu %8zu %7zu %12zu\n", kind.c_str(), group.c_str(), l.sum(), l.by_outcome[0],
              l.by_outcome[1], l.by_outcome[2], l.by_outcome[3]);
}

void table::print() const {
  std::printf("%-8s %-48s %6s %9s %8s %7s %12s\n", "kind", "group", "rows", "accepted", "refused", "missed",
              "unsupported");
  for (const auto& [kind, groups] : lines_) {
    line sum;
    for (const auto& [group, l] : groups) {
      print_line(kind, group, l);
      sum.add(l);
    }
    print_line(kind, "all", sum);
  }
  if (lines_.size() > 1) print_line("all", "all", total());
}

}  // namespace smgw::vectors
