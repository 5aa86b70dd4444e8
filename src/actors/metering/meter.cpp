// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/meter.hpp"

#include "actors/ask.hpp"
#include "domain/value_list/original_list.hpp"
#include "store/database.hpp"

#include <deque>

namespace smgw {
namespace {

constexpr std::chrono::seconds sign_budget{60};
constexpr std::chrono::milliseconds first_retry{500};
constexpr std::chrono::milliseconds last_retry{30'000};
/// Telegrams kept while the lists are read from the store at the start.
constexpr std::size_t max_early = 64;

}  // namespace

struct meter_core {
  using pointer = meter_actor::stateful_pointer<meter_state>;

  meter_core(pointer actor, meter_parts given) : self(actor), parts(std::move(given)) {}

  pointer self;
  meter_parts parts;
  std::map<obis, value_list::original_list> lists;
  std::deque<meter_read> early;     ///< until all lists are there
  std::deque<list_entry> unstored;  ///< finished, not yet on disk
  std::size_t storing = 0;          ///< how many of them are on their way
  std::chrono::milliseconds pause = first_retry;
  std::optional<timestamp> armed;
  std::int64_t telegrams = 0, stored = 0, gaps = 0, refused = 0;
  std::optional<std::uint32_t> last_meter_status;
  std::optional<timestamp> last_telegram;
  std::optional<meter_read> newest;  ///< for the home network

  // --- start: each list goes on after its newest stored entry

  void start() {
    for (const auto& r : parts.meter.registers)
      ask(
          self, parts.store, store_budget, read_last{parts.meter.id, r.name, parts.meter.period},
          [this, r](const list_page& page) { begin_list(r, page); }, [this](const error& e) { self->quit(to_caf(e)); });
  }

  void begin_list(const profile::meter_register& r, const list_page& page) {
    std::optional<timestamp> last;
    if (!page.entries.empty()) last = page.entries.back().target;
    auto list = value_list::original_list::create({.meter = parts.meter.id,
                                                   .register_name = r.name,
                                                   .measured = r.measured,
                                                   .kind = parts.meter.medium,
                                                   .period = parts.meter.period,
                                                   .window_minimum = parts.meter.window_minimum},
                                                  last, parts.now());
    if (!list) return self->quit(to_caf(list.error()));
    lists.emplace(r.name, std::move(*list));
    if (!ready()) return;
    for (auto& telegram : std::exchange(early, {})) take(telegram);
    timer();
  }

  [[nodiscard]] bool ready() const { return lists.size() == parts.meter.registers.size(); }

  // --- readings

  [[nodiscard]] status::gateway_state marks() const {
    auto m = parts.conditions->marks();
    m.time_not_valid = m.time_not_valid || !parts.time_valid();
    return m;
  }

  void heard(const meter_read& telegram) {
    newest = telegram;
    if (ready()) return take(telegram);
    if (early.size() == max_early) early.pop_front();
    early.push_back(telegram);
  }

  void take(const meter_read& telegram) {
    if (!parts.conditions->allowed().measure) return void(++refused);
    ++telegrams;
    last_telegram = telegram.captured;
    judge(telegram.meter_status);
    const auto now = parts.now();
    const auto status = status::build(parts.meter.medium, telegram.meter_status, marks());
    for (const auto& v : telegram.values) {
      const auto list = lists.find(v.register_name);
      if (list == lists.end()) continue;
      auto offered = list->second.offer(
          {parts.meter.id, v.register_name, v.value, v.measured, telegram.captured, status}, now, marks());
      if (offered.result == value_list::outcome::foreign || offered.result == value_list::outcome::future) ++refused;
      keep(std::move(offered.finished));
    }
    flush();
    arm();
  }

  /// A change of the meter's fatal, tamper or error bits is recorded (event 4004).
  void judge(std::uint32_t word) {
    if (last_meter_status == word) return;
    const auto before = status::judge(parts.meter.medium, last_meter_status.value_or(0));
    const auto after = status::judge(parts.meter.medium, word);
    last_meter_status = word;
    if (before == after ||
        (!after.fatal && !after.tamper && !after.error && !before.fatal && !before.tamper && !before.error))
      return;
    const bool bad = after.fatal || after.tamper || after.error;
    note(ledger::make(ledger::event::meter_fault, bad ? ledger::outcome::failure : ledger::outcome::success,
                      parts.now(),
                      "meter " + std::string(parts.meter.id.text()) +
                          (after.fatal    ? " reports a fatal fault"
                           : after.tamper ? " reports tampering"
                           : after.error  ? " reports a fault"
                                          : " is without fault again")));
  }

  void keep(std::vector<list_entry> finished) {
    for (auto& entry : finished) {
      if (!status::has_value(entry.value.status)) {
        ++gaps;
        note(ledger::make(
            ledger::event::no_value, ledger::outcome::failure, parts.now(),
            "no value in the window: " + std::string(parts.meter.id.text()) + " " + entry.value.register_name.text()));
      }
      if (unstored.size() < max_unstored) unstored.push_back(std::move(entry));
    }
  }

  // --- to the store, and on to the contracts

  void flush() {
    if (storing != 0 || unstored.empty()) return;
    storing = unstored.size();
    std::vector<list_entry> entries(unstored.begin(), unstored.end());
    if (!parts.sign) return write(std::move(entries));
    ask(
        self, parts.key_token, sign_budget, sign_entries{std::move(entries)},
        [this](const signed_entries& s) { write(s.entries); }, [this](const error& e) { later(e); });
  }

  void write(std::vector<list_entry> entries) {
    auto changes = std::make_shared<store::batch>();
    for (const auto& entry : entries) changes->append(parts.meter.period, entry);
    ask(
        self, parts.store, store_budget, commit{std::move(changes)},
        [this, entries = std::move(entries)](const committed&) { written(entries); },
        [this](const error& e) { later(e); });
  }

  void written(const std::vector<list_entry>& entries) {
    unstored.erase(unstored.begin(), unstored.begin() + static_cast<std::ptrdiff_t>(storing));
    storing = 0;
    pause = first_retry;
    for (const auto& entry : entries)
      if (status::has_value(entry.value.status)) {
        ++stored;
        parts.announce(parts.meter.id.text(), "stored " + entry.value.register_name.text() + " = " +
                                                  entry.value.value.text() + " " +
                                                  std::string(symbol(entry.value.measured)));
      }
    for (const auto& wanted : parts.subscriptions) {
      entries_stored news;
      for (const auto& entry : entries)
        if (entry.value.register_name == wanted.register_name) news.entries.push_back(entry);
      if (!news.entries.empty()) self->send(wanted.contract, std::move(news));
    }
    flush();
  }

  /// The entries stay in memory and are offered again: nothing is lost while the disk is full.
  void later(const error& e) {
    storing = 0;
    parts.announce(parts.meter.id.text(), "not stored, trying again: " + e.what);
    self->delayed_send(self, pause, wake{});
    pause = std::min(pause * 2, last_retry);
  }

  void note(ledger::record record) {
    record.subject = parts.meter.id.lower();
    ask(
        self, parts.ledger, store_budget, record_event{std::move(record), {}, nullptr}, [](const event_recorded&) {},
        [this](const error& e) { parts.announce(parts.meter.id.text(), "not recorded: " + e.what); });
  }

  // --- time

  void timer() {
    armed.reset();
    const auto now = parts.now();
    for (auto& [name, list] : lists) keep(list.tick(now, marks()));
    flush();
    arm();
  }

  void arm() {
    if (!ready() || lists.empty()) return;
    auto next = timestamp::max();
    for (const auto& [name, list] : lists) next = std::min(next, list.next_deadline());
    if (armed && *armed <= next) return;
    armed = next;
    const auto wait = std::max(next - parts.now(), std::chrono::milliseconds{1});
    self->delayed_send(self, wait, wake{});
  }

  [[nodiscard]] status_report report() const {
    return {"meter " + std::string(parts.meter.id.text()),
            {{"state", std::string(ready() ? "reading" : "looking where its lists end")},
             {"telegrams", telegrams},
             {"stored", stored},
             {"gaps", gaps},
             {"refused", refused},
             {"waiting for the store", static_cast<std::int64_t>(unstored.size())}}};
  }
};

meter_actor::behavior_type meter(meter_actor::stateful_pointer<meter_state> self, meter_parts parts) {
  guard(self);
  self->state.core = std::make_shared<meter_core>(self, std::move(parts));
  auto* core = self->state.core.get();
  core->start();
  return {
      [core](const meter_read& m) { core->heard(m); },
      [core](const read_live&) { return live_reading{core->newest}; },
      [core](const query_status&) { return core->report(); },
      [core](const wake&) {
        if (core->ready()) core->timer();
      },
  };
}

}  // namespace smgw
