// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/chain.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"

#include <algorithm>
#include <limits>

namespace smgw::ledger {
namespace {

constexpr std::size_t digest_size = std::tuple_size_v<digest>;

digest link(const digest& previous, bytes_view encoded, const hash_function& hash) {
  bytes in;
  in.reserve(digest_size + encoded.size());
  put(in, previous);
  put(in, encoded);
  return hash(in);
}

/// The first octets of the log's own hash stand before each record: a record of another log is told as such.
constexpr std::size_t tag_size = 4;

struct split_record {
  bytes_view tag;
  bytes_view linked;  ///< tag and record: what the chain hash covers
  bytes_view record;
  bytes_view hash;
};
expected<split_record> split(bytes_view stored) {
  if (stored.size() < tag_size + digest_size || stored.size() > tag_size + max_encoded + digest_size)
    return fail(errc::malformed, "not a stored record");
  const auto linked = stored.first(stored.size() - digest_size);
  return split_record{.tag = linked.first(tag_size),
                      .linked = linked,
                      .record = linked.subspan(tag_size),
                      .hash = stored.last(digest_size)};
}

}  // namespace

head begin(const log_id& log, const hash_function& hash) {
  bytes in;
  put(in, std::string_view{"smgw ledger 1"});
  in.push_back(static_cast<std::uint8_t>(log.kind));
  put_be(in, static_cast<std::uint32_t>(log.consumer.size()));
  put(in, log.consumer);
  return {.log = log, .last = 0, .hash = hash(in)};
}

expected<appended> append(const head& previous, record r, const hash_function& hash) {
  if (previous.last == std::numeric_limits<std::uint32_t>::max())
    return fail(errc::exhausted, "the record numbers of this log are used up");
  r.number = previous.last + 1;
  if (r.parent == 0) r.parent = r.number;
  SMGW_TRY(const auto encoded, encode(r));
  const auto log = begin(previous.log, hash);
  bytes stored(log.hash.begin(), log.hash.begin() + tag_size);
  put(stored, encoded);
  const auto h = link(previous.hash, stored, hash);
  put(stored, h);
  return appended{.stored = std::move(stored), .next = {.log = previous.log, .last = r.number, .hash = h}};
}

expected<stored_record> decode_stored(bytes_view in) {
  SMGW_TRY(const auto parts, split(in));
  SMGW_TRY(auto value, decode_record(parts.record));
  stored_record r{.value = std::move(value), .hash = {}};
  std::ranges::copy(parts.hash, r.hash.begin());
  return r;
}

std::string_view to_string(fault_kind k) noexcept {
  switch (k) {
    case fault_kind::tampered: return "tampered";
    case fault_kind::missing: return "missing";
    case fault_kind::reordered: return "reordered";
    case fault_kind::wrong_log: return "wrong log";
    case fault_kind::unreadable: return "unreadable";
  }
  return "unknown";
}

std::optional<fault> verify(const head& from, const std::optional<head>& to, const reader& next,
                            const hash_function& hash) {
  if (to && to->log != from.log) return fault{.kind = fault_kind::wrong_log, .number = from.last};
  const auto log = begin(from.log, hash);
  auto at = from;
  while (const auto item = next()) {
    const auto expected_number = at.last + 1;
    const auto parts = split(item->stored);
    if (!parts) return fault{.kind = fault_kind::unreadable, .number = item->number};
    if (!std::ranges::equal(parts->tag, bytes_view{log.hash}.first(tag_size)))
      return fault{.kind = fault_kind::wrong_log, .number = item->number};
    if (item->number > expected_number) return fault{.kind = fault_kind::missing, .number = expected_number};
    if (item->number < expected_number) return fault{.kind = fault_kind::reordered, .number = item->number};
    const auto r = decode_record(parts->record);
    if (r && r->number != item->number) return fault{.kind = fault_kind::reordered, .number = item->number};
    const auto h = link(at.hash, parts->linked, hash);
    if (!std::ranges::equal(h, parts->hash)) return fault{.kind = fault_kind::tampered, .number = item->number};
    if (!r) return fault{.kind = fault_kind::unreadable, .number = item->number};
    at.last = item->number;
    at.hash = h;
  }
  if (!to) return std::nullopt;
  if (at.last < to->last) return fault{.kind = fault_kind::missing, .number = at.last + 1};
  if (at.last > to->last || at.hash != to->hash) return fault{.kind = fault_kind::tampered, .number = at.last};
  return std::nullopt;
}

}  // namespace smgw::ledger
