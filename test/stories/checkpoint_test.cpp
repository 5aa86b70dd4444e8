// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/ledger/checkpoint.hpp"

#include "actors/foundation/log_name.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// The KEY TOKEN's keys are in a card that can be pulled; nothing is delivered.
struct card_story : test::story {
  crypto::test::slot slot;
  std::shared_ptr<crypto::key_store> card = slot.open();
  crypto::key_info key = crypto::test::must(
      card->generate(signature_label, crypto::curve::brainpool_p256r1, crypto::key_purpose::signature));

  tree_parts parts() override {
    auto all = story::parts();
    all.keys.keys = card;
    return all;
  }
  /// The newest one of the system log, whose signature is that of the card.
  ledger::checkpoint newest() {
    std::optional<bytes> stored;
    auto answer = self->request(handles_->get<store_actor>("store"), 1min, read_state{checkpoint_name("system")});
    run();
    answer.receive([&](const state_value& v) { stored = v.value; }, [](const caf::error&) {});
    REQUIRE(stored);
    auto made = crypto::test::must(ledger::decode_checkpoint(*stored));
    const auto digest = crypto::sha256(ledger::to_be_signed(made.at, made.signed_at));
    CHECK(crypto::verify_signature(key.on, key.public_point, digest, made.signature));
    return made;
  }
  void wait(std::chrono::minutes span) {
    for (; span > 0min; span -= 1min) advance(1min);
  }
  /// One more record in the system log.
  void record() {
    const auto text = "command " + std::to_string(++commands);
    auto done = self->request(
        handles_->get<ledger_actor>("ledger"), 1min,
        record_event{ledger::make(ledger::event::command, ledger::outcome::success, now(), text), {}, nullptr});
    run();
    done.receive([](const event_recorded&) {}, [](const caf::error& e) { FAIL(from_caf(e).what); });
  }
  int commands = 0;
  std::size_t failures() { return announced("checkpoint of system not signed"); }
};

}  // namespace

TEST_CASE_METHOD(card_story,
                 "A checkpoint that the module did not sign is tried again, each time later, until it is made",
                 "[FPT_FLS.1]") {
  start();
  const auto first = newest();
  slot.pulled = true;
  wait(24h);
  record();
  CHECK(failures() >= 1);
  // Records go on, but nobody asks a module that just failed for each of them.
  for (int i = 0; i < 60; ++i) {
    record();
    wait(1min);
  }
  CHECK(failures() >= 4);
  CHECK(failures() <= 12);
  CHECK(newest() == first);
  slot.pulled = false;
  const auto records = counter("ledger", "records written");
  wait(31min);
  const auto second = newest();
  CHECK(counter("ledger", "records written") == records);
  CHECK(second.at.last > first.at.last + 60);
  CHECK(second.at.last == static_cast<std::uint32_t>(counter("ledger", "records in system")));
  CHECK(verify().whole);
  // The next failure is the first of its kind.
  const auto before = failures();
  wait(24h);
  slot.pulled = true;
  record();
  wait(2min);
  CHECK(failures() >= before + 2);
}

TEST_CASE_METHOD(card_story, "A checkpoint is made as soon as the module is known to be back", "[FPT_FLS.1]") {
  start();
  const auto first = newest();
  slot.pulled = true;
  conditions->raise(state::condition::module_lost, now());
  wait(24h);
  record();
  wait(3h);
  REQUIRE(failures() >= 4);
  CHECK(newest() == first);
  slot.pulled = false;
  conditions->clear(state::condition::module_lost, now());
  advance(1s);
  CHECK(newest().at.last > first.at.last);
  CHECK(newest().signed_at + 1s >= now());
}
