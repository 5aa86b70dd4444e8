// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/queued_key_store.hpp"

#include "crypto/card/directory.hpp"
#include "crypto/card/pc_sc.hpp"
#include "crypto/card/session.hpp"
#include "crypto/card/slot.hpp"
#include "crypto/key_store_contract.hpp"
#include "crypto/tpm2/soft_tpm.hpp"

#include <future>
#include <map>
#include <mutex>
#include <thread>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

constexpr auto on = curve::secp256r1;
/// Of a machine under load: what has to fail at once does so in less.
constexpr auto at_once = 2s;
constexpr queue_options short_budget{.operation = 3s, .opening = 3s};

template <class T>
errc code_of(const expected<T>& e) {
  return e ? errc{} : e.error().code;
}

/// A queue before this store, which is open.
std::shared_ptr<queued_key_store> queue_before(std::shared_ptr<key_store> module, queue_options options = {}) {
  return must(
      queued_key_store::open([m = std::move(module)] { return expected<std::shared_ptr<key_store>>{m}; }, options));
}

void await(const std::function<bool()>& there) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (!there()) {
    REQUIRE(std::chrono::steady_clock::now() < until);
    std::this_thread::sleep_for(2ms);
  }
}

/// A signature that a hanging device keeps from its caller.
std::future<errc> sign_in_vain(const std::shared_ptr<queued_key_store>& keys) {
  return std::async(std::launch::async, [keys] { return code_of(keys->sign_digest("k", bytes(32))); });
}

/// In the order in which the card made them: it takes the lowest free slot.
std::vector<std::string> labels_by_slot(slot& s) {
  auto open = must(card::session::open(must(s.way()()), pin_of(right_pin)));
  card::directory newest;
  for (const auto file : card::directory_files)
    if (auto copy = card::decode_directory(must(open.read_file(file))); copy && copy->generation > newest.generation)
      newest = *std::move(copy);
  std::map<std::uint8_t, std::string> by_slot;
  for (const auto& [label, key] : newest.keys) by_slot.emplace(key.slot, label);
  std::vector<std::string> labels;
  for (auto& [slot, label] : by_slot) labels.push_back(label);
  return labels;
}

/// What callers see of a device that hangs: the budget, then refusals at once, then the way back.
void check_hanging(const std::shared_ptr<queued_key_store>& keys, const std::function<void()>& hang,
                   const std::function<void()>& go_on) {
  std::mutex guard;
  std::vector<bool> told;
  keys->listen([&](bool ready) {
    const std::scoped_lock lock(guard);
    told.push_back(ready);
  });
  const auto heard = [&](std::vector<bool> what) {
    const std::scoped_lock lock(guard);
    return told == what;
  };
  must(keys->generate("k", on, key_purpose::tls));
  auto forgotten = must(keys->generate_ephemeral(on));
  hang();
  const auto begun = std::chrono::steady_clock::now();
  auto waits = sign_in_vain(keys);
  auto waits_too = sign_in_vain(keys);
  CHECK(waits.get() == errc::unavailable);
  CHECK(waits_too.get() == errc::unavailable);
  const auto took = std::chrono::steady_clock::now() - begun;
  CHECK(took >= short_budget.operation);
  CHECK(took < short_budget.operation + at_once);
  CHECK(keys->hangs());
  CHECK(keys->state() == key_store_state::absent);
  CHECK(heard({false}));
  const auto later = std::chrono::steady_clock::now();
  bytes some(16);
  CHECK(code_of(keys->random(some)) == errc::unavailable);
  CHECK(code_of(keys->at(urgency::handshake)->list()) == errc::unavailable);
  CHECK(code_of(forgotten->agree(bytes(65))) == errc::unavailable);
  forgotten.reset();
  CHECK(keys->identify().serial.size() == 16);
  CHECK(std::chrono::steady_clock::now() - later < at_once);
  go_on();
  await([&] { return !keys->hangs(); });
  await([&] { return heard({false, true}); });
  must(keys->sign_digest("k", bytes(32)));
  CHECK(keys->state() == key_store_state::ready);
  must(keys->destroy("k"));
  keys->listen({});
}

}  // namespace

TEST_CASE("a queue before a key store keeps the contract", "[key_store][queue]") {
  const auto keys = queue_before(soft_key_store::in_memory());
  CHECK(keys->identify().kind == "soft");
  check_key_store(*keys);
  check_tls(in_lane(keys, urgency::handshake), curve::brainpool_p256r1);
  const std::shared_ptr<key_store> plain = soft_key_store::in_memory();
  CHECK(in_lane(plain, urgency::handshake) == plain);
}

TEST_CASE("handshakes go before batches, and a batch has its turn after eight of them", "[key_store][queue]") {
  slot s;
  const auto keys = queue_before(s.open(), {.operation = 60s, .patience = 60s});
  s.card->hang();
  std::vector<std::future<errc>> callers;
  const auto call = [&](urgency u, std::string label) {
    const auto before = keys->load().waiting;
    callers.push_back(std::async(std::launch::async, [view = keys->at(u), label = std::move(label)] {
      return code_of(view->generate(label, on, key_purpose::tls));
    }));
    return before + 1;
  };
  call(urgency::batch, "first");
  await([&] { return keys->load().busy; });
  for (const auto* label : {"b1", "b2"})
    await([&, waiting = call(urgency::batch, label)] { return keys->load().waiting == waiting; });
  for (int i = 0; i < 10; ++i)
    await([&, waiting = call(urgency::handshake, "h" + std::to_string(i))] { return keys->load().waiting == waiting; });
  s.card->go_on();
  for (auto& c : callers) CHECK(c.get() == errc{});
  CHECK(labels_by_slot(s) ==
        std::vector<std::string>{"first", "h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "b1", "h8", "h9", "b2"});
}

TEST_CASE("a card that hangs costs its callers the budget once; it goes on when it answers",
          "[key_store][queue][smartcard]") {
  slot s;
  const auto keys = queue_before(s.open(), short_budget);
  check_hanging(keys, [&] { s.card->hang(); }, [&] { s.card->go_on(); });
  CHECK(s.card->counters().ephemerals_alive == 0);
}

TEST_CASE("a card that hangs behind the PC/SC service, too", "[key_store][queue][smartcard]") {
  const pc_sc service;
  const auto chip = must(sim::card_module::make({}));
  const auto in = service.insert(*chip);
  const auto keys = must(queued_key_store::open(
      [&]() -> expected<std::shared_ptr<key_store>> {
        return card::card_key_store::open({.reader = service.reader(), .serial = {}, .pin_source = {}},
                                          pin_of(right_pin));
      },
      short_budget));
  check_hanging(keys, [&] { chip->hang(); }, [&] { chip->go_on(); });
}

TEST_CASE("a TPM that hangs, too", "[key_store][queue][tpm2]") {
  const soft_tpm chip;
  const auto keys = must(queued_key_store::open(
      [&]() -> expected<std::shared_ptr<key_store>> { return tpm2::tpm_key_store::open(chip.address()); },
      short_budget));
  check_hanging(keys, [&] { chip.hang(); }, [&] { chip.go_on(); });
}

TEST_CASE("a device that hangs while it is opened is told in time", "[key_store][queue][tpm2]") {
  const soft_tpm chip;
  chip.hang();
  const auto over = std::make_shared<std::promise<void>>();
  const auto begun = std::chrono::steady_clock::now();
  const auto refused = queued_key_store::open(
      [over, where = chip.address()]() -> expected<std::shared_ptr<key_store>> {
        // Not before the thread is done with the device: what comes later in this test ends it.
        auto opened = tpm2::tpm_key_store::open(where);
        opened = fail(errc::unavailable);
        over->set_value();
        return std::unexpected(opened.error());
      },
      short_budget);
  CHECK(code_of(refused) == errc::unavailable);
  CHECK(std::chrono::steady_clock::now() - begun < short_budget.opening + at_once);
  chip.go_on();
  over->get_future().wait();
}

TEST_CASE("what is wrong with the device is told by its queue", "[key_store][queue]") {
  slot s;
  const auto refused = queued_key_store::open([&]() -> expected<std::shared_ptr<key_store>> {
    return card::card_key_store::open(s.way(), {}, pin_of("0000000000"));
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::denied);
  const auto keys = queue_before(s.open());
  s.pulled = true;
  bytes some(16);
  CHECK(code_of(keys->random(some)) == errc::unavailable);
  CHECK(keys->state() == key_store_state::absent);
  CHECK_FALSE(keys->hangs());
}

TEST_CASE("a queue is bounded, in number and in time", "[key_store][queue]") {
  slot s;
  const auto keys = queue_before(s.open(), {.operation = 60s, .patience = 1s, .most_waiting = 2});
  must(keys->generate("k", on, key_purpose::tls));
  s.card->hang();
  std::vector<std::future<errc>> callers;
  callers.push_back(sign_in_vain(keys));
  await([&] { return keys->load().busy; });
  callers.push_back(sign_in_vain(keys));
  callers.push_back(sign_in_vain(keys));
  await([&] { return keys->load().waiting == 2; });
  CHECK(code_of(keys->sign_digest("k", bytes(32))) == errc::exhausted);
  for (auto& c : callers) CHECK(c.get() == errc::unavailable);
  CHECK(keys->load().waiting == 0);  // who gave up is not served
  s.card->go_on();
  must(keys->sign_digest("k", bytes(32)));
  CHECK(s.card->counters().signatures == 2);
}

TEST_CASE("ephemeral keys that are dropped leave the device, at the latest with the queue", "[key_store][queue]") {
  slot s;
  {
    const auto keys = queue_before(s.open());
    std::vector<std::unique_ptr<ephemeral_key>> held;
    for (int i = 0; i < 4; ++i) held.push_back(must(keys->at(urgency::handshake)->generate_ephemeral(on)));
    CHECK(s.card->counters().ephemerals_alive == 4);
  }
  CHECK(s.card->counters().ephemerals_alive == 0);
}
