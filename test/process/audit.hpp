// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What must be true of a gateway's disk, whatever happened to the gateway. To be called while it does not run.

#include "house.hpp"
#include "store/database.hpp"

#include <map>

namespace smgw::test {

/// What a gateway announced, over all its lives.
class announcements {
 public:
  void add(const std::vector<std::string>& lines);
  /// Values announced as stored, in their order, by meter.
  [[nodiscard]] const std::map<std::string, std::vector<std::string>>& stored() const { return stored_; }
  [[nodiscard]] std::size_t stored_count() const;
  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_; }

 private:
  std::map<std::string, std::vector<std::string>> stored_;
  std::size_t acknowledged_ = 0;
};

/// The original list of the first register of a meter, oldest first. Fails the test if it cannot be read.
[[nodiscard]] std::vector<list_entry> original_list(const house& of, std::size_t meter, std::chrono::seconds period);
[[nodiscard]] bool is_gap(const list_entry& entry);

/// Each slot of each list between its first and its last is there exactly once; what was announced is there.
void audit_lists(const house& of, const announcements& told);
/// Each delivery was recorded once and not sent after that; documents and records agree; the series of TAF 7 are the
/// original lists without a hole and without anything twice. `under_way`: how many may have arrived unrecorded.
void audit_deliveries(const house& of, std::size_t under_way);
/// The chains of all logs verify, and every cell of the store does.
void audit_chains(const house& of);
/// Texts of the records of a log that contain `part`.
[[nodiscard]] std::vector<std::string> records(const house& of, const std::string& log, std::string_view part);

}  // namespace smgw::test
