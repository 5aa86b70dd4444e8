// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "kind.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace smgw::vectors {

/// Counts by kind and group.
class table {
 public:
  void add(const std::string& kind, const std::string& group, outcome result);
  void print() const;
  [[nodiscard]] std::size_t count(outcome result) const;
  [[nodiscard]] std::size_t rows() const;

 private:
  struct line {
    std::size_t by_outcome[4] = {};
    void add(const line& other);
    [[nodiscard]] std::size_t sum() const;
  };
  static void print_line(const std::string& kind, const std::string& group, const line& l);
  [[nodiscard]] line total() const;
  std::map<std::string, std::map<std::string, line>> lines_;
};

}  // namespace smgw::vectors
