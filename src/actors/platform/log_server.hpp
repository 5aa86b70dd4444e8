// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/ask.hpp"
#include "actors/foundation/log_begin.hpp"
#include "actors/platform/log_page.hpp"

namespace smgw::platform {

/// Reads a page of a log from the running STORE in the context of `self`; `ok` gets the JSON, `failed` the error.
template <class Self, class Ok, class Failed>
void serve_log(Self* self, const store_actor& store, log_question q, Ok ok, Failed failed) {
  if (!log_of(q.log)) return failed(error{errc::malformed, "logs are: system, calibration, consumer/ID"});
  const auto finish = [self, store, q, ok, failed](log_lines page, const ledger::head& begin, std::uint64_t last) {
    if (page.next != 0 || q.how != ledger::show_as::evidence) return ok(to_json(page));
    ask(
        self, store, store_budget, read_state{checkpoint_name(q.log)},
        [ok, page = std::move(page), begin, last](const state_value& v) mutable {
          std::optional<ledger::checkpoint> newest;
          if (v.value)
            if (auto c = ledger::decode_checkpoint(*v.value)) newest = std::move(*c);
          page.end = ledger::export_end(begin, static_cast<std::uint32_t>(last), newest);
          ok(to_json(page));
        },
        failed);
  };
  const auto read = [self, store, q, failed, finish](const ledger::head& begin, std::uint64_t last) {
    const auto from = first_of(q, begin.last + 1, last);
    ask(
        self, store, store_budget, read_records{q.log, from, q.count},
        [q, failed, finish, begin, last](const record_page& records) {
          auto page = make_page(records.records, q);
          if (!page) return failed(page.error());
          if (page->next > last) page->next = 0;
          finish(std::move(*page), begin, last);
        },
        failed);
  };
  read_begin(
      self, store, q.log,
      [self, store, q, failed, read](const ledger::head& begin) {
        ask(
            self, store, store_budget, read_last_record{q.log},
            [q, failed, read, begin](const record_page& newest) {
              if (newest.records.empty()) return failed(error{errc::conflict, "there is no log '" + q.log + "'"});
              read(begin, newest.records.back().number);
            },
            failed);
      },
      failed);
}

}  // namespace smgw::platform
