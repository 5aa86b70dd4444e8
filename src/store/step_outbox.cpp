// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "base/check.hpp"
#include "store/step.hpp"

#include <limits>

namespace smgw::store {

namespace {
outbox_place place_of(const outbox_entry& e, std::uint64_t content_bytes) {
  return {e.item.recipient, e.next_try, content_bytes, e.item.priority, e.set_aside};
}
}  // namespace

const outbox_place* step::find(std::uint64_t sequence) const {
  const auto it = places_.find(sequence);
  if (it == places_.end()) return known_.outbox.find(sequence);
  return it->second ? &*it->second : nullptr;
}

void step::place(std::uint64_t sequence, std::optional<outbox_place> now) {
  const auto count = [&](const outbox_place& p, std::int64_t sign) {
    for (auto* d : {&deltas_[p.recipient], &all_}) {
      d->items += sign;
      d->content_bytes += sign * static_cast<std::int64_t>(p.content_bytes);
    }
  };
  if (const auto* before = find(sequence)) count(*before, -1);
  if (now) count(*now, +1);
  places_[sequence] = std::move(now);
}

expected<void> step::check_room(const outbox_item& item) const {
  const auto fits = [&](const outbox_index::totals& t, const delta& d, std::size_t items, std::uint64_t bytes_) {
    return static_cast<std::int64_t>(t.items) + d.items < static_cast<std::int64_t>(items) &&
           static_cast<std::int64_t>(t.content_bytes + item.content.size()) + d.content_bytes <=
               static_cast<std::int64_t>(bytes_);
  };
  const auto it = deltas_.find(item.recipient);
  if (!fits(known_.outbox.total(item.recipient), it == deltas_.end() ? delta{} : it->second, limits_.items,
            limits_.content_bytes))
    return fail(errc::exhausted, "store: the outbox of " + item.recipient + " is full");
  if (!fits(known_.outbox.total_all(), all_, limits_.total_items, limits_.total_content_bytes))
    return fail(errc::exhausted, "store: the outbox is full");
  return {};
}

expected<void> step::apply(const change::enqueue& c) {
  const auto& item = c.item;
  if (item.recipient.empty()) return fail(errc::malformed, "store: an item without recipient");
  if (item.recipient.size() > max_name || item.kind.size() > max_name || item.description.size() > max_context ||
      item.context.size() > max_context || item.content.size() > max_content)
    return fail(errc::exhausted, "store: an item of the outbox is too large");
  SMGW_CHECK(check_room(item));
  const auto sequence = next_sequence_;
  outbox_entry entry{sequence, item, 0, item.not_before, {}, false};
  const auto size = item.content.size();
  SMGW_CHECK(put(table::outbox, row_key(sequence), encode_head(entry, static_cast<std::uint32_t>(size))));
  SMGW_CHECK(put(table::content, row_key(sequence), item.content));
  place(sequence, place_of(entry, size));
  ++next_sequence_;
  result_.sequences.push_back(sequence);
  return {};
}

expected<void> step::edit_head(std::uint64_t sequence, const std::function<void(outbox_entry&)>& edit) {
  if (find(sequence) == nullptr)
    return fail(errc::conflict, "store: there is no item " + std::to_string(sequence) + " in the outbox");
  auto key = row_key(sequence);
  SMGW_TRY(const auto plain, get(table::outbox, key));
  if (!plain) return distrust(table::outbox, key, "missing");
  SMGW_TRY(auto head, decode_head(*plain));
  edit(head.entry);
  if (head.entry.last_error.size() > max_context) head.entry.last_error.resize(max_context);
  freed_ += plain->size();
  SMGW_CHECK(put(table::outbox, std::move(key), encode_head(head.entry, head.content_size)));
  place(sequence, place_of(head.entry, head.content_size));
  return {};
}

expected<void> step::apply(const change::attempt& c) {
  return edit_head(c.sequence, [&](outbox_entry& e) {
    if (e.attempts < std::numeric_limits<std::uint32_t>::max()) ++e.attempts;
    e.next_try = c.next_try;
    e.last_error = c.last_error;
  });
}

expected<void> step::apply(const change::done& c) {
  const auto* known = find(c.sequence);
  if (known == nullptr) return {};
  freed_ += known->content_bytes;
  erase(table::outbox, row_key(c.sequence));
  erase(table::content, row_key(c.sequence));
  place(c.sequence, std::nullopt);
  return {};
}

expected<void> step::apply(const change::set_aside& c) {
  return edit_head(c.sequence, [&](outbox_entry& e) {
    e.set_aside = true;
    e.last_error = c.reason;
  });
}

expected<void> step::apply(const change::put_back& c) {
  return edit_head(c.sequence, [&](outbox_entry& e) {
    e.set_aside = false;
    e.next_try = c.next_try;
  });
}

}  // namespace smgw::store
