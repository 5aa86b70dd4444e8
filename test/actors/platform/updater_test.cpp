// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/updater.hpp"

#include "actors/platform/status_board.hpp"
#include "actors/virtual_time.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// A slot in memory: an image is good if it begins with `ok`.
struct memory_slot final : ports::update_slot {
  expected<ports::firmware_state> inspect() override { return state; }
  expected<void> begin(std::uint64_t) override { return image.clear(), expected<void>{}; }
  expected<void> write(bytes_view octets) override {
    image.insert(image.end(), octets.begin(), octets.end());
    return {};
  }
  expected<std::string> finish() override {
    if (image.size() < 2 || image[0] != 'o' || image[1] != 'k') return fail(errc::untrusted, "not signed by the maker");
    return state.staged = "2.0";
  }
  expected<void> activate() override {
    if (state.staged.empty()) return fail(errc::conflict, "nothing is staged");
    return {};
  }
  expected<void> confirm() override {
    ++confirmed;
    state.confirmed = true;
    return {};
  }
  ports::firmware_state state{.running = "1.0", .staged = {}, .confirmed = false};
  bytes image;
  int confirmed = 0;
};

struct updating : test::virtual_time {
  std::shared_ptr<memory_slot> slot = std::make_shared<memory_slot>();
  std::shared_ptr<gateway_status> health = std::make_shared<gateway_status>(gateway_status{{{"store", {}}}});
  std::shared_ptr<std::vector<ledger::record>> logged = std::make_shared<std::vector<ledger::record>>();
  bool log_broken = false;
  updater_actor update;

  updating() {
    const auto status = system.spawn([h = health](status_actor::pointer) -> status_actor::behavior_type {
      return {[h](const query_status&) { return *h; }};
    });
    const auto ledger = system.spawn([this](ledger_actor::pointer) -> ledger_actor::behavior_type {
      return {[this](const record_event& e) -> caf::result<event_recorded> {
                if (log_broken) return to_caf({errc::unavailable, "no log"});
                logged->push_back(e.what);
                return event_recorded{};
              },
              [](const verify_logs&) { return log_verdict{}; }, [](const query_status&) { return status_report{}; },
              [](const wake&) {}};
    });
    update = system.spawn(updater, updater_parts{slot, status, ledger, [this] { return now(); },
                                                 [](std::string_view, std::string_view) {}});
  }
  ~updating() { stop(update); }

  template <class Reply, class Request>
  expected<Reply> ask(Request request) {
    auto answer = self->request(update, 1min, std::move(request));
    run();
    expected<Reply> got = fail(errc::internal, "no answer");
    answer.receive([&](const Reply& r) { got = r; }, [&](const caf::error& e) { got = std::unexpected(from_caf(e)); });
    return got;
  }
  expected<firmware_staged> stage(std::vector<std::string> pieces, std::uint64_t size) {
    return ask<firmware_staged>(stage_firmware{size, [pieces, i = std::size_t{0}]() mutable -> expected<bytes> {
                                                 if (i == pieces.size()) return bytes{};
                                                 const auto& p = pieces[i++];
                                                 return bytes(p.begin(), p.end());
                                               }});
  }
};

}  // namespace

TEST_CASE_METHOD(updating, "a firmware is staged in pieces and activated; both are in the log before the answer") {
  const auto staged = stage({"o", "k, a firmware"}, 14);
  REQUIRE(staged);
  CHECK(staged->version == "2.0");
  CHECK(ask<ports::firmware_state>(inspect_firmware{})->staged == "2.0");
  REQUIRE(logged->size() == 1);
  CHECK(logged->at(0).id == ledger::event::firmware_verified);
  CHECK(ask<firmware_activated>(activate_firmware{}));
  REQUIRE(logged->size() == 2);
  CHECK(logged->at(1).id == ledger::event::firmware_activated);
}

TEST_CASE_METHOD(updating,
                 "a firmware that does not verify, or is longer than announced, is refused and logged as such") {
  const auto wrong = stage({"no firmware"}, 11);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == errc::untrusted);
  REQUIRE(logged->size() == 1);
  CHECK(logged->at(0).outcome == ledger::outcome::failure);
  const auto longer = stage({"ok, but longer"}, 5);
  REQUIRE_FALSE(longer);
  CHECK(longer.error().code == errc::exhausted);
  const auto nothing = ask<firmware_activated>(activate_firmware{});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == errc::conflict);
}

TEST_CASE_METHOD(updating, "what cannot be logged is not answered as done") {
  log_broken = true;
  const auto staged = stage({"ok"}, 2);
  REQUIRE_FALSE(staged);
  CHECK(staged.error().code == errc::unavailable);
}

TEST_CASE_METHOD(updating,
                 "a firmware on trial confirms itself after a minute in which everyone answers, and once only") {
  run();
  advance(59s);
  CHECK(slot->confirmed == 0);
  advance(2s);
  CHECK(slot->confirmed == 1);
  CHECK(logged->size() == 1);
  advance(10min);
  CHECK(slot->confirmed == 1);
}

TEST_CASE_METHOD(updating, "a firmware in which an actor does not answer stays on trial until all do") {
  health->reports.push_back({std::string(silent_report), {{"actors without an answer", std::int64_t{1}}}});
  run();
  for (int i = 0; i < 5; ++i) advance(1min);
  CHECK(slot->confirmed == 0);
  health->reports.pop_back();
  for (int i = 0; i < 2; ++i) advance(1min);
  CHECK(slot->confirmed == 1);
}
