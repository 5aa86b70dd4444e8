// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/profile/evaluation.hpp"

#include <map>
#include <optional>
#include <vector>

namespace smgw::tariff {

/// One instant of the evaluation's grid with the entries of all its inputs; absent where a list has none.
struct row {
  timestamp target{};
  std::vector<std::optional<list_entry>> entries;
};

/// Joins the lists of several inputs: a row is whole when every list has reached or passed its instant.
class rows {
 public:
  rows(const profile::evaluation& p, timestamp consumed_until);
  /// Index of the entry's register among the inputs.
  [[nodiscard]] std::optional<std::size_t> input_of(const list_entry& e) const noexcept;
  void offer(std::size_t input, const list_entry& e);
  /// The oldest row, once whole, or once it is older than `give_up`.
  [[nodiscard]] std::optional<row> next(timestamp give_up);
  [[nodiscard]] std::optional<timestamp> oldest() const;

 private:
  struct source {
    device_id meter;
    obis name;
    timestamp reached;  ///< target of its newest entry
  };
  std::vector<source> sources_;
  timestamp consumed_;
  std::chrono::seconds period_;
  std::map<timestamp, row> pending_;
};

}  // namespace smgw::tariff
