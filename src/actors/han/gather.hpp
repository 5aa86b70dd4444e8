// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Fetches what a plan needs, one question after the other, and calls back once.

#include "actors/ask.hpp"
#include "actors/han/home.hpp"
#include "domain/ledger/record.hpp"

namespace smgw::han {

/// A meter's newest telegram as this party may see it.
[[nodiscard]] live_view live_view_of(const party& who, const device_id& meter, const live_reading& r, timestamp now);

/// One request at work. Kept alive by its open question.
struct job : std::enable_shared_from_this<job> {
  using pointer = home_actor::stateful_pointer<home_state>;
  using done_function = std::function<void(expected<findings>)>;

  job(pointer actor, const home_parts& from, party asker, wishes needed, done_function then)
      : self(actor), parts(from), who(std::move(asker)), need(std::move(needed)), done(std::move(then)) {}
  void start() {
    if (need.document) expand_document();
    advance();
  }

 private:
  void advance();
  void fetch_list();
  void took_list(const list_page& page, std::size_t limit);
  void fetch_rows();
  void took_rows(const row_page& page, timestamp until);
  void fetch_live();
  void fetch_log();
  void fetch_log_page(std::uint64_t before);
  void took_log(const record_page& page, std::uint64_t from);
  void fetch_sending();
  void fetch_last_sending(std::uint64_t before);
  void took_last_sending(const record_page& page, std::uint64_t from);
  void expand_document();
  void make_document();
  void fail_with(const error& e) { done(std::unexpected{e}); }
  [[nodiscard]] bool wanted(const record_view& r) const;
  /// Asks; an error ends the job.
  template <class Handle, class Request, class Ok>
  void question(const Handle& to, Request request, Ok ok) {
    if (!to) return fail_with({errc::unavailable, "a component is not there"});
    ask(self, to, part_budget, std::move(request), std::move(ok),
        [me = shared_from_this()](const error& e) { me->fail_with(e); });
  }

  pointer self;
  const home_parts& parts;
  party who;
  wishes need;
  done_function done;
  findings found;
  std::vector<ledger::record> records;  ///< as a document needs them
  std::size_t list_at = 0, row_at = 0, live_at = 0, total = 0, scanned = 0, questions = 0, looked_back = 0;
  timestamp cursor{};
  bool log_done = false, sending_done = false, document_done = false;
};

}  // namespace smgw::han
