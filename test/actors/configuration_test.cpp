// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/configuration.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;

namespace {

/// What the store would hold after these changes: the newest version of each profile.
std::vector<store::profile_blob> stored(const store::batch& changes) {
  std::vector<store::profile_blob> out;
  for (const auto& c : changes.changes())
    if (const auto* p = std::get_if<store::change::put_profile>(&c)) out.push_back({p->name, p->version, p->json});
  return out;
}

}  // namespace

TEST_CASE("changes over a folder's configuration lead to the changed one, and to nothing else") {
  const configuration folder{
      {{"gateway.json", "{}"}, {"wan/a.json", "1"}, {"log.json", "x"}}, {{"a.pem", {1}}, {"b.pem", {2}}}, 0};
  auto changed = folder;
  changed.revision = 3;
  changed.profiles["wan/a.json"] = "2";
  changed.profiles["administrator/meter-1.json"] = "new";
  changed.profiles.erase("log.json");
  changed.certificates.erase("a.pem");
  changed.certificates["c.pem"] = {3};

  store::batch changes;
  put_changes(changes, folder, changed);
  CHECK(changes.size() == 5);
  CHECK(overlay(folder, stored(changes)) == changed);
  CHECK(overlay(folder, {}) == folder);
}

TEST_CASE("what is not of a configuration is passed over") {
  const configuration folder{{{"gateway.json", "{}"}}, {}, 0};
  const auto got = overlay(folder, {{"something/else", 7, {1, 2}}});
  CHECK(got.profiles == folder.profiles);
  CHECK(got.certificates.empty());
}
