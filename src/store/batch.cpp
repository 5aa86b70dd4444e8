// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/batch.hpp"

#include <iterator>
#include <utility>

namespace smgw::store {

namespace {
/// What a change costs besides its octets: keys, headers, seal.
constexpr std::size_t overhead = 96;
}  // namespace

batch& batch::push(change::any c, std::size_t payload) {
  changes_.push_back(std::move(c));
  payload_ += payload + overhead;
  return *this;
}

batch& batch::append(std::chrono::seconds period, list_entry entry) {
  const auto size = entry.signature.size() + 64;
  return push(change::append_entry{period, std::move(entry)}, size);
}
batch& batch::erase_entries(list_name list, timestamp from, timestamp to) {
  return push(change::erase_entries{list, from, to}, 0);
}
batch& batch::put_state(std::string name, bytes value) {
  const auto size = name.size() + value.size();
  return push(change::put_state{std::move(name), std::move(value)}, size);
}
batch& batch::erase_state(std::string name) { return push(change::erase_state{std::move(name)}, 0); }

batch& batch::enqueue(outbox_item item) {
  const auto size = item.content.size() + item.context.size() + item.description.size() + 128;
  return push(change::enqueue{std::move(item)}, size);
}
batch& batch::record_attempt(std::uint64_t sequence, timestamp next_try, std::string last_error) {
  const auto size = last_error.size() + 128;
  return push(change::attempt{sequence, next_try, std::move(last_error)}, size);
}
batch& batch::done(std::uint64_t sequence) { return push(change::done{sequence}, 0); }
batch& batch::set_aside(std::uint64_t sequence, std::string reason) {
  const auto size = reason.size() + 128;
  return push(change::set_aside{sequence, std::move(reason)}, size);
}
batch& batch::put_back(std::uint64_t sequence, timestamp next_try) {
  return push(change::put_back{sequence, next_try}, 128);
}

batch& batch::append_record(std::string log, std::uint64_t number, bytes content) {
  const auto size = content.size();
  return push(change::append_record{std::move(log), number, std::move(content)}, size);
}
batch& batch::truncate_log(std::string log, std::uint64_t up_to) {
  return push(change::truncate_log{std::move(log), up_to}, 0);
}

batch& batch::put_profile(std::string name, std::uint32_t version, bytes json) {
  const auto size = json.size();
  return push(change::put_profile{std::move(name), version, std::move(json)}, size);
}
batch& batch::erase_profile(std::string name) { return push(change::erase_profile{std::move(name)}, 0); }

batch& batch::add(batch other) {
  // Joined changes may use the reserve only if each of them may.
  reserve_ = changes_.empty() ? other.reserve_ : reserve_ && other.reserve_;
  changes_.insert(changes_.end(), std::make_move_iterator(other.changes_.begin()),
                  std::make_move_iterator(other.changes_.end()));
  payload_ += other.payload_;
  return *this;
}

}  // namespace smgw::store
