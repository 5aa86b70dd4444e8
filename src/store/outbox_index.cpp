// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/outbox_index.hpp"

#include <algorithm>
#include <utility>

namespace smgw::store {

namespace {
void add(outbox_count& sum, std::uint64_t sequence, const outbox_place& place) {
  sum.content_bytes += place.content_bytes;
  if (place.set_aside) {
    ++sum.set_aside;
    return;
  }
  ++sum.waiting;
  sum.next_try = std::min(sum.next_try.value_or(place.next_try), place.next_try);
  sum.oldest = std::min(sum.oldest.value_or(sequence), sequence);
}
}  // namespace

void outbox_index::put(std::uint64_t sequence, outbox_place place) {
  erase(sequence);
  auto& q = queues_[place.recipient];
  q.sequences.insert(sequence);
  q.content_bytes += place.content_bytes;
  ++all_.items;
  all_.content_bytes += place.content_bytes;
  items_.emplace(sequence, std::move(place));
}

void outbox_index::erase(std::uint64_t sequence) {
  const auto it = items_.find(sequence);
  if (it == items_.end()) return;
  const auto q = queues_.find(it->second.recipient);
  q->second.sequences.erase(sequence);
  q->second.content_bytes -= it->second.content_bytes;
  if (q->second.sequences.empty()) queues_.erase(q);
  --all_.items;
  all_.content_bytes -= it->second.content_bytes;
  items_.erase(it);
}

const outbox_place* outbox_index::find(std::uint64_t sequence) const {
  const auto it = items_.find(sequence);
  return it == items_.end() ? nullptr : &it->second;
}

std::vector<std::uint64_t> outbox_index::due(std::string_view recipient, timestamp now, std::size_t limit) const {
  const auto q = queues_.find(recipient);
  if (q == queues_.end()) return {};
  std::vector<std::pair<int, std::uint64_t>> found;
  for (const auto sequence : q->second.sequences) {
    const auto& place = items_.at(sequence);
    if (!place.set_aside && place.next_try <= now) found.emplace_back(-int{place.priority}, sequence);
  }
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(limit, found.size()));
  std::partial_sort(found.begin(), end, found.end());
  std::vector<std::uint64_t> out;
  std::transform(found.begin(), end, std::back_inserter(out), [](const auto& f) { return f.second; });
  return out;
}

std::vector<std::uint64_t> outbox_index::set_aside(std::string_view recipient) const {
  std::vector<std::uint64_t> out;
  if (const auto q = queues_.find(recipient); q != queues_.end())
    std::ranges::copy_if(q->second.sequences, std::back_inserter(out),
                         [&](auto sequence) { return items_.at(sequence).set_aside; });
  return out;
}

outbox_count outbox_index::count(std::string_view recipient) const {
  outbox_count sum;
  if (const auto q = queues_.find(recipient); q != queues_.end())
    for (const auto sequence : q->second.sequences) add(sum, sequence, items_.at(sequence));
  return sum;
}

outbox_count outbox_index::count_all() const {
  outbox_count sum;
  for (const auto& [sequence, place] : items_) add(sum, sequence, place);
  return sum;
}

std::vector<std::string> outbox_index::recipients() const {
  std::vector<std::string> out;
  for (const auto& [name, q] : queues_) out.push_back(name);
  return out;
}

outbox_index::totals outbox_index::total(std::string_view recipient) const {
  const auto q = queues_.find(recipient);
  return q == queues_.end() ? totals{} : totals{q->second.sequences.size(), q->second.content_bytes};
}

}  // namespace smgw::store
