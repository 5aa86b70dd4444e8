// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/management_job.hpp"

#include <algorithm>

namespace smgw {

using desk::record_budget;
using desk::test_budget;

namespace {

constexpr std::chrono::seconds export_pause{1};
/// Longer than the connection's own limit for an answer: the administrator may ask again and finds it done.
constexpr std::chrono::minutes export_budget{2};

std::shared_ptr<store::batch> phase_batch(lifecycle::phase to) {
  auto with = std::make_shared<store::batch>();
  with->put_state(std::string(life_state), lifecycle::encode(to));
  return with;
}

std::shared_ptr<const tree_parts> with_phase(const tree_parts& now, lifecycle::phase to) {
  auto after = std::make_shared<tree_parts>(now);
  after->life = to;
  return after;
}

}  // namespace

/// The phase counts from the next start of the realms on: what it does not allow is not started.
void management_desk::commission(const work& j) {
  const auto to = lifecycle::next(j->now->life, lifecycle::step::commission);
  if (!to) return refuse(j, to.error());
  conclude(j, 204, {}, phase_batch(*to), [this, after = with_phase(*j->now, *to)] { parts_.apply(after); });
}

/// Overview 13. The administrator has the logs first; then the phase is final on the disk; then the keys go. A power
/// cut in between leaves a gateway that is whole and can be asked again, or one that destroys its keys at its next
/// start.
void management_desk::decommission(const work& j) {
  const auto to = lifecycle::next(j->now->life, lifecycle::step::decommission);
  if (!to) return refuse(j, to.error());
  if (farewell_) return refuse(j, {errc::conflict, "it is being decommissioned: the logs are on their way"});
  // Before commissioning nothing is delivered: what such a gateway has to tell, its administrator reads.
  if (!lifecycle::allowed_in(j->now->life).deliver) return end_of_life(j);
  if (!j->peer.service)
    return refuse(j,
                  {errc::denied, "the logs go to the administrator first, whose profile names no 'service' address"});
  export_log(j, "system", [this, j](std::uint64_t) {
    export_log(j, "calibration", [this, j](std::uint64_t) {
      farewell_ = farewell{j, self_->clock().now() + export_budget};
      await_export();
    });
  });
}

/// Until nothing waits for the administrator any more.
void management_desk::await_export() {
  if (!farewell_) return;
  ask(
      self_, parts_.store, store_budget, count_outbox{},
      [this](const outbox_counts& counts) {
        if (!farewell_) return;
        const auto j = farewell_->order;
        const auto found =
            std::ranges::find(counts.recipients, j->peer.id, &std::pair<std::string, store::outbox_count>::first);
        const auto left = found == counts.recipients.end() ? 0 : found->second.waiting;
        if (left != 0 && self_->clock().now() < farewell_->until)
          return self_->delayed_send(self_, export_pause, wake{desk_round});
        farewell_.reset();
        if (left == 0) return end_of_life(j);
        refuse(j, {errc::unavailable,
                   "not decommissioned: " + std::to_string(left) + " messages wait for the service address"});
      },
      [this](const error& e) {
        if (farewell_) refuse(std::exchange(farewell_, std::nullopt)->order, e);
      });
}

void management_desk::end_of_life(const work& j) {
  constexpr auto to = lifecycle::phase::decommissioned;
  const auto now = parts_.current();  // it may have been told other things while the logs were on their way
  ask(
      self_, parts_.ledger, record_budget, record_event{record_of(j, 204), {}, phase_batch(to)},
      [this, j, after = with_phase(*now, to)](const event_recorded&) {
        parts_.apply(after);
        destroy_keys_now(j);
      },
      [this, j](const error& e) {
        j->now->announce("administrator", "not decommissioned, since it cannot be recorded: " + e.what);
        send(j, 503, {});
      });
}

void management_desk::destroy_keys_now(const work& j) {
  ask(
      self_, parts_.key_token, test_budget, destroy_keys{},
      [this, j](const keys_destroyed& gone) {
        auto record = ledger::make(ledger::event::command, ledger::outcome::success, j->now->now(),
                                   "decommissioned; " + std::to_string(gone.count) + " keys destroyed");
        record.subject = j->peer.id;
        record_only(std::move(record));
        j->now->announce("administrator", "the gateway is decommissioned");
        send(j, 204, {});
      },
      [this, j](const error& e) {
        record_only(ledger::make(ledger::event::command, ledger::outcome::failure, j->now->now(),
                                 "decommissioned; keys not destroyed, they go at the next start: " + e.what));
        send(j, 500, {});
      });
}

}  // namespace smgw
