// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// What contracts keep or form: rows of derived registers, and the document for the transparency software.
#include "actors/han/gather.hpp"
#include "actors/metering/contract_lists.hpp"
#include "actors/metering/transparency.hpp"
#include "base/octets.hpp"

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;

constexpr milliseconds tick{1};
/// Questions to a contract for one wish: 256 x 4,000 rows would be more values than an answer may have.
constexpr std::size_t max_questions = 256;
/// Rows of one question, a little below what a contract answers.
constexpr auto rows_at_once = static_cast<int>(max_rows) - 96;
/// Registers as they stand are looked for so many registration periods back: the newest value may be late.
constexpr int recent = 4;

tariff::list_kind kind_of(row_kind k) {
  switch (k) {
    case row_kind::derived: return tariff::list_kind::derived;
    case row_kind::switches: return tariff::list_kind::switches;
    case row_kind::daily: return tariff::list_kind::daily;
    case row_kind::billing: return tariff::list_kind::billing;
  }
  return tariff::list_kind::billing;
}

/// No two rows of a list are closer.
milliseconds distance(row_kind k, const contract_view& c) {
  constexpr hours shortest_day{23};
  constexpr days shortest_month{28};
  if (k == row_kind::daily) return shortest_day;
  if (k != row_kind::billing || !c.billing) return std::max(c.period, seconds{1});
  if (c.billing->months != 0) return shortest_month;
  if (c.billing->days != 0) return shortest_day;
  return std::max(c.billing->seconds, seconds{1});
}

}  // namespace

// --- rows

void job::fetch_rows() {
  const auto& w = need.rows[row_at];
  const auto* c = who.find_contract(w.contract);
  if (c == nullptr) return fail_with({errc::denied, "not a contract of this party"});
  if (found.rows.size() == row_at) {
    found.rows.emplace_back();
    cursor = std::max(w.from, c->from);
    questions = 0;
  }
  const auto end = std::min(w.to, std::min(c->until.value_or(timestamp::max()), parts.now()));
  if (cursor > end) {
    ++row_at;
    return advance();
  }
  if (++questions > max_questions) return fail_with({errc::exhausted, "too many rows: ask for less time"});
  const auto contract = parts.contracts.find(c->id);
  if (contract == parts.contracts.end()) return fail_with({errc::unavailable, "this contract is not at work"});
  const auto span = distance(w.kind, *c) * rows_at_once;
  const auto to = end - cursor > span ? cursor + span : end;
  ask(
      self, contract->second, part_budget, read_rows{kind_of(w.kind), cursor, to},
      [me = shared_from_this(), to](const row_page& page) { me->took_rows(page, to); },
      [me = shared_from_this(), end](const error& e) {
        if (e.code != errc::unsupported) return me->fail_with(e);
        me->cursor = end + tick;  // a use case without registers has no rows
        me->advance();
      });
}

void job::took_rows(const row_page& page, timestamp until) {
  auto& into = found.rows[row_at];
  for (const auto& row : page.rows) {
    total += row.registers.size();
    into.push_back({row.at, row.stage, row.registers});
  }
  if (total > max_entries)
    return fail_with({errc::exhausted, "more than " + std::to_string(max_entries) + " values: ask for less time"});
  cursor = until + tick;
  advance();
}

// --- the document: made of lists, rows and log records, which are fetched as for everybody

void job::expand_document() {
  auto& d = *need.document;
  const auto* c = who.find_contract(d.contract);
  if (c == nullptr) return;
  d.from = std::max(d.from, c->from);
  d.to = std::min(d.to, std::min(c->until.value_or(timestamp::max()), parts.now()));
  for (const auto& i : c->inputs) {
    const auto* m = parts.access.profiles.find_meter(i.meter);
    if (m != nullptr)
      need.lists.push_back(
          {i.meter, i.register_name, m->period, d.from, d.to + tick, d.current ? std::size_t{1} : 0, d.current});
  }
  if (!d.current) need.rows.push_back({c->id, row_kind::billing, d.from, d.to});
  need.rows.push_back({c->id, row_kind::derived, std::max(d.from, d.to - recent * c->period), d.to});
  if (d.with_log) need.log = log_wish{.from = d.from, .to = d.to + tick, .oldest_first = true};
}

void job::make_document() {
  const auto& d = *need.document;
  const auto& all = parts.access.profiles.evaluations;
  const auto profile = std::ranges::find(all, d.contract, &profile::evaluation::id);
  if (profile == all.end()) return fail_with({errc::internal, "the contract has no profile"});
  metering::transparency t{.what = *profile,
                           .gateway = parts.gateway.id,
                           .firmware = parts.gateway.version,
                           .certificate = parts.gateway.signature_certificate,
                           .from = d.from,
                           .to = d.to,
                           .originals = {},
                           .billing = {},
                           .log = std::move(records)};
  for (std::size_t i = 0; i < need.lists.size(); ++i) {
    const auto& w = need.lists[i];
    t.originals.push_back({w.meter, w.register_name, w.period, std::move(found.lists[i])});
  }
  // What the period that runs has come to stands behind those that are closed.
  auto standing = std::move(found.rows.back());
  found.rows.pop_back();
  if (!found.rows.empty())
    for (auto& row : found.rows.front()) t.billing.push_back({row.at, row.stage, std::move(row.registers)});
  if (!standing.empty() && (t.billing.empty() || t.billing.back().at < standing.back().at))
    t.billing.push_back({standing.back().at, standing.back().stage, std::move(standing.back().registers)});
  auto text = metering::transparency_document(t);
  if (!text) return fail_with(text.error());
  const auto octets = as_bytes(*text);
  found.document.assign(octets.begin(), octets.end());
  document_done = true;
  advance();
}

}  // namespace smgw::han
