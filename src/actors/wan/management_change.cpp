// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/wan/former_administrator.hpp"
#include "actors/wan/management_job.hpp"

namespace smgw {

using desk::report_of;

void management_desk::put(const work& j) {
  auto values = management::values_of(j->where.where, j->body);
  if (!values) return conclude(j, 422, report_of(values.error()));
  auto next = management::change(j->now->told, j->now->profiles, *values);
  const auto count = [](const configuration& c) { return c.profiles.size() + c.certificates.size(); };
  const bool created = next && count(*next) > count(j->now->told);
  take_over(j, std::move(next), created ? 201 : 204);
}

void management_desk::erase(const work& j) {
  take_over(j, management::erase(j->now->told, j->now->profiles, j->where.where), 204);
}

/// All or nothing: the whole set is checked with the change in it, then change and record go to the disk in one commit.
void management_desk::take_over(const work& j, expected<configuration> next, int status) {
  if (!next) return refuse(j, next.error());
  if (!j->now->prepare) return refuse(j, {errc::denied, "the profiles of this gateway cannot be changed"});
  auto prepared = j->now->prepare(*next);
  if (!prepared) return conclude(j, 422, report_of(prepared.error()));
  if ((*prepared)->profiles.administrator() == nullptr)
    return refuse(j, {errc::conflict, "nobody could undo this: a profile of an administrator stays"});
  auto made = std::make_shared<tree_parts>(**prepared);
  made->life = j->now->life;
  const std::shared_ptr<const tree_parts> after = std::move(made);
  auto changes = std::make_shared<store::batch>();
  put_changes(*changes, j->now->told, *next);
  const auto before = former::documents_of(j->now->told, j->now->profiles);
  const bool moved =
      !former_open && before && former::moved(*before, former::documents_of(after->told, after->profiles));
  if (moved) changes->put_state(std::string(former::state_name), former::encode(*before));
  conclude(j, status, {}, std::move(changes), [this, j, after, moved] {
    record_changes(j, j->now, after);
    parts_.apply(after);
    former_open = former_open || moved;
    if (moved && administrator_moved) administrator_moved(j->now);
  });
}

void management_desk::record_changes(const work& j, const std::shared_ptr<const tree_parts>& before,
                                     const std::shared_ptr<const tree_parts>& after) {
  constexpr std::string_view words[] = {"created", "updated", "deleted"};
  for (const auto& c : profile::diff(before->profiles, after->profiles)) {
    auto record = ledger::make(ledger::event::profile_changed, ledger::outcome::success, j->now->now(),
                               "profile " + std::string(profile::to_string(c.kind)) + " " + c.id + " " +
                                   std::string(words[static_cast<std::size_t>(c.what)]));
    record.subject = j->peer.id;
    record_only(std::move(record), c.consumers);
  }
  if (before->told.certificates == after->told.certificates) return;
  auto record = ledger::make(ledger::event::certificate_changed, ledger::outcome::success, j->now->now(),
                             "certificates of the profiles changed");
  record.subject = j->peer.id;
  record_only(std::move(record));
}

}  // namespace smgw
