// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/gather.hpp"

#include "actors/foundation/ledger.hpp"
#include "actors/han/views.hpp"
#include "domain/ledger/chain.hpp"
#include "domain/status/status.hpp"

#include <algorithm>
#include <set>

namespace smgw::han {
namespace {

using namespace std::chrono;

constexpr milliseconds tick{1};
constexpr std::size_t page_size = 4096;
constexpr std::size_t log_page = 256;
/// Records that one request looks at: a window far in the past is asked for by number.
constexpr std::size_t max_scanned = 50'000;
/// Records that are looked at for the newest delivery: weeks of a consumer's log.
constexpr std::size_t max_looked_back = 8192;
/// A meter that was not heard for so long is not well.
constexpr minutes silence{15};

constexpr std::string_view level_letters = "?IWEF";

}  // namespace

void job::advance() {
  if (list_at < need.lists.size()) return fetch_list();
  if (row_at < need.rows.size()) return fetch_rows();
  if (live_at < need.live.size()) return fetch_live();
  if (need.log && !log_done) return fetch_log();
  if (need.sending && !sending_done) return fetch_sending();
  if (need.document && !document_done) return make_document();
  done(std::move(found));
}

// --- original lists

void job::fetch_list() {
  const auto& w = need.lists[list_at];
  if (found.lists.size() == list_at) {
    found.lists.emplace_back();
    cursor = w.from;
  }
  if (w.from >= w.to) {
    ++list_at;
    return advance();
  }
  if (w.newest)
    return question(parts.store, read_last{w.meter, w.register_name, w.period},
                    [me = shared_from_this()](const list_page& page) { me->took_list(page, 0); });
  const auto have = found.lists[list_at].size();
  const auto limit = w.limit == 0 ? page_size : std::min(page_size, w.limit - have);
  question(parts.store, read_list{w.meter, w.register_name, w.period, cursor - tick, w.to - tick, limit},
           [me = shared_from_this(), limit](const list_page& page) { me->took_list(page, limit); });
}

void job::took_list(const list_page& page, std::size_t limit) {
  const auto& w = need.lists[list_at];
  auto& into = found.lists[list_at];
  for (const auto& e : page.entries)
    if (e.target >= w.from && e.target < w.to && sees(who, w.meter, w.register_name, e.target)) into.push_back(e);
  total += page.entries.size();
  if (total > max_entries)
    return fail_with({errc::exhausted, "more than " + std::to_string(max_entries) + " values: ask for less time"});
  const bool more = limit != 0 && page.entries.size() == limit && (w.limit == 0 || into.size() < w.limit);
  if (more)
    cursor = page.entries.back().target + tick;
  else
    ++list_at;
  advance();
}

// --- the newest telegram of a meter

void job::fetch_live() {
  const auto id = need.live[live_at];
  const auto meter = parts.meters.find(id);
  if (meter == parts.meters.end()) {  // not active
    found.live.push_back({.meter = id});
    ++live_at;
    return advance();
  }
  question(meter->second, read_live{}, [me = shared_from_this(), id](const live_reading& r) {
    me->found.live.push_back(live_view_of(me->who, id, r, me->parts.now()));
    ++me->live_at;
    me->advance();
  });
}

live_view live_view_of(const party& who, const device_id& meter, const live_reading& r, timestamp now) {
  constexpr obis power{{1, 0, 16, 7, 0, 255}};
  live_view v{.meter = meter};
  if (!r.last) return v;
  v.captured = r.last->captured;
  v.meter_status = r.last->meter_status;
  v.status = status::build(status::meter_kind::electricity, r.last->meter_status);
  const auto verdict = status::judge(v.status);
  v.ok = now - r.last->captured <= silence && !verdict.fatal && !verdict.error && !verdict.tamper;
  // Only what a contract of theirs reads now; power belongs to whoever may see the energy.
  bool any = false;
  for (const auto& value : r.last->values)
    if (sees(who, meter, value.register_name, now)) {
      any = true;
      v.values.push_back({value.register_name, value.value, value.measured});
    }
  for (const auto& value : r.last->values)
    if (any && value.register_name == power) v.values.push_back({value.register_name, value.value, value.measured});
  return v;
}

// --- logs, newest first

void job::fetch_log() {
  const auto name = need.log->system ? log_name({ledger::log_kind::system, {}})
                                     : log_name({ledger::log_kind::consumer, who.consumer});
  question(parts.store, read_last_record{name}, [me = shared_from_this()](const record_page& page) {
    me->fetch_log_page(page.records.empty() ? 0 : page.records.back().number + 1);
  });
}

void job::fetch_log_page(std::uint64_t before) {
  const auto& w = *need.log;
  const auto most = w.count == 0 ? max_records : std::min(w.count, max_records);
  const bool enough = !w.oldest_first && found.log.size() >= most;
  if (before <= 1 || enough || scanned >= max_scanned || (w.first && before <= *w.first)) {
    if (w.oldest_first) {
      std::ranges::reverse(found.log);
      std::ranges::reverse(records);
    }
    if (found.log.size() > most) found.log.resize(most);
    if (records.size() > most) records.resize(most);
    log_done = true;
    return advance();
  }
  const auto from = before > log_page ? before - log_page : 1;
  const auto name =
      w.system ? log_name({ledger::log_kind::system, {}}) : log_name({ledger::log_kind::consumer, who.consumer});
  question(parts.store, read_records{name, from, static_cast<std::size_t>(before - from)},
           [me = shared_from_this(), from](const record_page& page) { me->took_log(page, from); });
}

bool job::wanted(const record_view& r) const {
  const auto& w = *need.log;
  return r.at >= w.from && r.at < w.to && (!w.first || r.number >= *w.first) &&
         (!w.level || (r.level < level_letters.size() && level_letters[r.level] == *w.level)) &&
         (!w.event || r.event == *w.event);
}

void job::took_log(const record_page& page, std::uint64_t from) {
  bool past = page.records.empty();
  for (auto r = page.records.rbegin(); r != page.records.rend(); ++r) {
    const auto stored = ledger::decode_stored(r->content);
    if (!stored) return fail_with(stored.error());
    auto v = view_of(stored->value);
    past = v.at < need.log->from;
    if (!wanted(v)) continue;
    if (need.document) records.push_back(stored->value);
    found.log.push_back(std::move(v));
  }
  scanned += page.records.size();
  fetch_log_page(past ? 0 : from);
}

// --- what waits to be sent

void job::fetch_sending() {
  question(parts.store, count_outbox{}, [me = shared_from_this()](const outbox_counts& all) {
    // A recipient who serves others too would tell of them: only those who serve this consumer alone are counted.
    std::set<std::string> own, others;
    for (const auto& e : me->parts.access.profiles.evaluations)
      for (const auto& r : e.recipients) (e.consumer == me->who.consumer ? own : others).insert(r.wan);
    for (const auto& [recipient, count] : all.recipients)
      if (own.contains(recipient) && !others.contains(recipient))
        me->found.waiting += static_cast<std::int64_t>(count.waiting);
    me->question(me->parts.store, read_last_record{log_name({ledger::log_kind::consumer, me->who.consumer})},
                 [me](const record_page& page) {
                   me->fetch_last_sending(page.records.empty() ? 0 : page.records.back().number + 1);
                 });
  });
}

// The consumer's own log tells when values last left: no second truth beside it.

void job::fetch_last_sending(std::uint64_t before) {
  if (before <= 1 || found.last_success || looked_back >= max_looked_back) {
    sending_done = true;
    return advance();
  }
  const auto from = before > log_page ? before - log_page : 1;
  question(
      parts.store,
      read_records{log_name({ledger::log_kind::consumer, who.consumer}), from, static_cast<std::size_t>(before - from)},
      [me = shared_from_this(), from](const record_page& page) { me->took_last_sending(page, from); });
}

void job::took_last_sending(const record_page& page, std::uint64_t from) {
  for (auto r = page.records.rbegin(); r != page.records.rend() && !found.last_success; ++r) {
    const auto stored = ledger::decode_stored(r->content);
    if (!stored) return fail_with(stored.error());
    if (stored->value.id == ledger::event::values_sent && stored->value.outcome == ledger::outcome::success)
      found.last_success = stored->value.at;
  }
  looked_back += page.records.size();
  fetch_last_sending(page.records.empty() ? 0 : from);
}

}  // namespace smgw::han
