// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "audit.hpp"

#include "actors/platform/assembly.hpp"
#include "actors/platform/files.hpp"
#include "actors/platform/offline.hpp"
#include "base/time_text.hpp"
#include "domain/ledger/chain.hpp"
#include "domain/status/status.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <charconv>

namespace smgw::test {
namespace {

template <class T>
T must(expected<T> value) {
  if (!value) FAIL(value.error().what);
  return *std::move(value);
}

store::database open(const house& of) {
  const auto loaded = must(platform::load_profiles(of.configuration()));
  REQUIRE(loaded.set);
  const auto keys = must(platform::open_key_store(loaded.set->self.key_store, of.world().data()));
  return must(platform::open_store(of.world().data(), *keys));
}

std::vector<list_entry> entries_of(const store::database& db, const store::list_name& list) {
  std::vector<list_entry> all;
  must(db.scan(list, timestamp{}, timestamp::max(), store::max_page, [&](const list_entry& e) {
    all.push_back(e);
    return true;
  }));
  return all;
}

/// `TAF 7 taf7-1: 2 values from …`
struct sent_record {
  timestamp at;
  std::string text;
  std::size_t values = 0;
};

std::map<std::string, std::vector<sent_record>> sent_by_contract(const store::database& db) {
  std::map<std::string, std::vector<sent_record>> sent;
  for (const auto& log : db.logs()) {
    if (!log.starts_with("consumer/")) continue;
    for (const auto& r : must(db.records(log, 1, 100'000))) {
      const auto stored = must(ledger::decode_stored(r.content)).value;
      if (stored.id != ledger::event::values_sent) continue;
      const auto colon = stored.text.find(": ");
      const auto name = stored.text.rfind(' ', colon - 1) + 1;
      sent_record s{stored.at, stored.text, 0};
      std::from_chars(stored.text.data() + colon + 2, stored.text.data() + stored.text.size(), s.values);
      sent[stored.text.substr(name, colon - name)].push_back(std::move(s));
    }
  }
  return sent;
}

/// As it stands in a document, which has no place for the target time.
std::string as_delivered(const list_entry& e) {
  return to_iso8601(e.value.captured) + " " + e.value.value.text() + " " + e.value.status.hex();
}

std::vector<std::string> as_delivered(const std::vector<list_entry>& entries) {
  std::vector<std::string> all;
  for (const auto& e : entries) all.push_back(as_delivered(e));
  return all;
}

/// The documents of a TAF 7 contract, one after the other, are a piece of the original list.
void audit_series(const std::vector<arrival>& documents, const std::vector<list_entry>& list) {
  std::vector<std::string> delivered;
  for (const auto& d : documents) {
    REQUIRE(d.what.content.channels.size() == 1);
    for (const auto& line : as_delivered(d.what.content.channels.front().entries)) delivered.push_back(line);
  }
  const auto stored = as_delivered(list);
  const auto begin = std::ranges::find(stored, delivered.front());
  REQUIRE(begin != stored.end());
  const auto there = static_cast<std::size_t>(stored.end() - begin);
  REQUIRE(there >= delivered.size());
  CHECK(std::vector(begin, begin + static_cast<std::ptrdiff_t>(delivered.size())) == delivered);
}

}  // namespace

void announcements::add(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    if (line.contains(" acknowledged: ")) ++acknowledged_;
    const auto at = line.find(": stored ");
    const auto equals = line.find(" = ", at);
    if (at == line.npos || equals == line.npos) continue;
    const auto who = line.rfind(' ', at) + 1;
    const auto value = line.substr(equals + 3, line.find(' ', equals + 3) - equals - 3);
    stored_[line.substr(who, at - who)].push_back(value);
  }
}

std::size_t announcements::stored_count() const {
  std::size_t n = 0;
  for (const auto& [who, values] : stored_) n += values.size();
  return n;
}

bool is_gap(const list_entry& entry) { return !status::has_value(entry.value.status); }

std::vector<list_entry> original_list(const house& of, std::size_t meter, std::chrono::seconds period) {
  const auto db = open(of);
  return entries_of(db, {of.meter_id(meter), must(obis::parse("1-0:1.8.0")), period});
}

void audit_lists(const house& of, const announcements& told) {
  const auto db = open(of);
  REQUIRE_FALSE(db.lists().empty());
  for (const auto& list : db.lists()) {
    INFO("list of " << list.meter.text());
    const auto entries = entries_of(db, list);
    REQUIRE_FALSE(entries.empty());
    for (std::size_t i = 1; i < entries.size(); ++i) REQUIRE(entries[i].target - entries[i - 1].target == list.period);
    const auto who = told.stored().find(std::string(list.meter.text()));
    if (who == told.stored().end()) continue;
    auto at = entries.begin();
    for (const auto& value : who->second) {
      INFO("announced as stored: " << value);
      at = std::find_if(at, entries.end(),
                        [&](const list_entry& e) { return !is_gap(e) && e.value.value.text() == value; });
      REQUIRE(at != entries.end());
      ++at;
    }
  }
}

void audit_deliveries(const house& of, std::size_t under_way) {
  const auto db = open(of);
  CHECK(db.count_all().set_aside == 0);
  std::size_t unrecorded = 0;
  const auto sent = sent_by_contract(db);
  REQUIRE_FALSE(sent.empty());
  for (const auto& [contract, recorded] : sent) {
    INFO("contract " << contract);
    const auto documents = of.documents(contract + ".sm");
    REQUIRE(recorded.size() <= documents.size());
    unrecorded += documents.size() - recorded.size();
    for (std::size_t i = 0; i < recorded.size(); ++i) {
      INFO("recorded: " << recorded[i].text);
      for (std::size_t k = 0; k < i; ++k) CHECK(recorded[k].text != recorded[i].text);
      std::size_t values = 0;
      for (const auto& c : documents[i].what.content.channels) values += c.entries.size();
      CHECK(values == recorded[i].values);
      for (const auto& a : of.arrivals())
        if (a.what.document == documents[i].what.document) CHECK(a.at <= recorded[i].at);
    }
    if (!contract.starts_with("taf7-")) continue;
    const auto meter = static_cast<std::size_t>(contract.back() - '1');
    const auto lists = db.lists();
    const auto list = std::ranges::find(lists, of.meter_id(meter), &store::list_name::meter);
    REQUIRE(list != lists.end());
    audit_series(documents, entries_of(db, *list));
  }
  CHECK(unrecorded <= under_way);
}

void audit_chains(const house& of) {
  const auto verdict = must(platform::verify_offline(of.configuration()));
  for (const auto& line : verdict.lines) UNSCOPED_INFO(line);
  CHECK(verdict.whole);
  CHECK(std::ranges::any_of(verdict.lines, [](const std::string& l) { return l.starts_with("system: verified"); }));
  const auto cells = must(open(of).verify());
  CHECK(cells.cells > 0);
  CHECK(cells.faults.empty());
}

std::vector<std::string> records(const house& of, const std::string& log, std::string_view part) {
  std::vector<std::string> found;
  const auto still = must(platform::still_logs::open(of.configuration()));
  platform::log_question q{.log = log, .from = 1, .count = platform::max_log_page};
  for (;;) {
    auto page = must(still.page(q));
    for (auto& line : page.lines)
      if (line.contains(part)) found.push_back(std::move(line));
    if (page.next == 0) return found;
    q.from = page.next;
  }
}

}  // namespace smgw::test
