// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "store/rows.hpp"

#include <map>
#include <set>

namespace smgw::store {

/// What is kept in memory of an item: enough to say what is due without touching the disk (about 150 octets).
struct outbox_place {
  std::string recipient;
  timestamp next_try{};
  std::uint64_t content_bytes = 0;
  std::uint8_t priority = 0;
  bool set_aside = false;
};

/// Who has what in the outbox. Bounded by `outbox_limits`.
class outbox_index {
 public:
  void put(std::uint64_t sequence, outbox_place place);
  void erase(std::uint64_t sequence);
  /// Null: there is no such item. The pointer holds until the next change.
  [[nodiscard]] const outbox_place* find(std::uint64_t sequence) const;

  /// Sequences in the order in which they are to be sent.
  [[nodiscard]] std::vector<std::uint64_t> due(std::string_view recipient, timestamp now, std::size_t limit) const;
  [[nodiscard]] std::vector<std::uint64_t> set_aside(std::string_view recipient) const;
  [[nodiscard]] outbox_count count(std::string_view recipient) const;
  [[nodiscard]] outbox_count count_all() const;
  [[nodiscard]] std::vector<std::string> recipients() const;

  struct totals {
    std::size_t items = 0;
    std::uint64_t content_bytes = 0;
  };
  [[nodiscard]] totals total(std::string_view recipient) const;
  [[nodiscard]] totals total_all() const noexcept { return all_; }

 private:
  struct queue {
    std::set<std::uint64_t> sequences;
    std::uint64_t content_bytes = 0;
  };
  std::map<std::uint64_t, outbox_place> items_;
  std::map<std::string, queue, std::less<>> queues_;
  totals all_;
};

}  // namespace smgw::store
