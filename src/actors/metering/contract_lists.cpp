// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/metering/contract_lists.hpp"

#include "actors/ask.hpp"
#include "actors/metering/meter.hpp"
#include "actors/reply_slot.hpp"
#include "domain/tariff/lists.hpp"

#include <algorithm>

namespace smgw {
namespace {

using self_pointer = contract_actor::stateful_pointer<contract_state>;
constexpr std::size_t page_size = 4096;

/// One question under way; it lives in the handlers of its own requests.
class question : public std::enable_shared_from_this<question> {
 public:
  question(self_pointer self, store_actor store, profile::evaluation evaluation, std::vector<contract_input> inputs,
           read_rows wanted)
      : self_(self),
        store_(std::move(store)),
        evaluation_(std::move(evaluation)),
        inputs_(std::move(inputs)),
        wanted_(wanted),
        owed_(self) {}

  caf::result<row_page> start() {
    const auto promised = owed_.later();
    const bool kept = tariff::is_kept(wanted_.kind);
    if (!tariff::has_registers(evaluation_)) {
      owed_.fail({errc::unsupported, "this tariff use case forms no registers"});
      return promised;
    }
    // Whoever asks for the open end means "until now": no row can be later than its newest value.
    auto places = kept ? tariff::instants(evaluation_, wanted_.kind, wanted_.from, wanted_.to, max_rows + 1)
                       : tariff::instants(evaluation_, tariff::list_kind::billing, timestamp{}, wanted_.from, max_rows);
    if (!places) {
      owed_.fail(places.error());
      return promised;
    }
    if (places->size() > max_rows) {
      owed_.fail({errc::exhausted, "more than " + std::to_string(max_rows) + " rows: ask for a shorter time"});
      return promised;
    }
    places_ = std::move(*places);
    kept ? next_row() : next_snapshot();
    return promised;
  }

 private:
  template <class Ok>
  void read(std::string name, Ok ok) {
    ask(
        self_, store_, store_budget, read_state{std::move(name)},
        [keep = shared_from_this(), ok](const state_value& v) { ok(v); },
        [keep = shared_from_this()](const error& e) { keep->owed_.fail(e); });
  }

  void next_row() {
    if (at_ == places_.size()) return owed_.deliver(std::move(page_));
    read(row_name(evaluation_.id, wanted_.kind, places_[at_++]), [this](const state_value& v) {
      if (!v.value) return next_row();
      auto row = tariff::decode_row(*v.value);
      if (!row) return owed_.fail(row.error());
      page_.rows.push_back(std::move(*row));
      next_row();
    });
  }

  /// From the newest snapshot backwards: the first that does not lie behind the beginning.
  void next_snapshot() {
    if (places_.empty()) return form(std::nullopt);
    const auto end = places_.back();
    places_.pop_back();
    read(snapshot_name(evaluation_.id, end), [this](const state_value& v) {
      if (!v.value) return next_snapshot();
      auto from = tariff::decode_cursor(*v.value);
      if (!from) return owed_.fail(from.error());
      if (from->until > wanted_.from) return next_snapshot();
      form(std::move(*from));
    });
  }

  void form(const std::optional<tariff::cursor>& from) {
    auto made = tariff::make_contract(evaluation_, from);
    if (!made) return owed_.fail(made.error());
    engine_ = std::move(*made);
    begin_ = engine_->position().until;
    at_ = 0;
    next_page(begin_);
  }

  void next_page(timestamp after) {
    if (at_ == inputs_.size()) return finish();
    const auto& in = inputs_[at_];
    ask(
        self_, store_, store_budget, read_list{in.meter, in.register_name, in.period, after, wanted_.to, page_size},
        [keep = shared_from_this()](const list_page& p) { keep->got(p); },
        [keep = shared_from_this()](const error& e) { keep->owed_.fail(e); });
  }

  void got(const list_page& p) {
    entries_.insert(entries_.end(), p.entries.begin(), p.entries.end());
    if (p.entries.size() == page_size) return next_page(p.entries.back().target);
    ++at_;
    next_page(begin_);
  }

  void finish() {
    auto rows = tariff::replay(*engine_, entries_, wanted_.kind, wanted_.from, wanted_.to);
    if (rows && rows->size() > max_rows) rows = fail(errc::exhausted, "too many rows: ask for a shorter time");
    if (!rows) return owed_.fail(rows.error());
    owed_.deliver(row_page{std::move(*rows)});
  }

  self_pointer self_;
  store_actor store_;
  profile::evaluation evaluation_;
  std::vector<contract_input> inputs_;
  read_rows wanted_;
  reply_slot<row_page> owed_;
  std::vector<timestamp> places_;
  std::size_t at_ = 0;
  row_page page_;
  std::unique_ptr<tariff::contract> engine_;
  timestamp begin_{};
  std::vector<list_entry> entries_;
};

}  // namespace

caf::result<row_page> read_contract_rows(self_pointer self, const store_actor& store,
                                         const profile::evaluation& evaluation,
                                         const std::vector<contract_input>& inputs, const read_rows& wanted) {
  return std::make_shared<question>(self, store, evaluation, inputs, wanted)->start();
}

}  // namespace smgw
