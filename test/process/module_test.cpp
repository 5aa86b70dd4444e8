// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "audit.hpp"
#include "crypto/card/pc_sc.hpp"
#include "crypto/pkcs11/soft_hsm.hpp"
#include "crypto/tpm2/soft_tpm.hpp"
#include "home.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <thread>

using namespace smgw;
using namespace smgw::test;

namespace {

house_options with_keys_in(std::string line, crypto::curve curve) {
  return {.meters = 1,
          .interval = 100ms,
          .window = 250ms,
          .delivery = 2s,
          .billing = 6s,
          .curve = curve,
          .key_store = std::move(line)};
}

/// From the meter to the market participant, and once more after a restart: the module signs, agrees, and opens the
/// store.
void deliver_twice(house& h) {
  h.open_market();
  announcements told;
  for (int life = 0; life < 2; ++life) {
    auto gateway = process::run(h.configuration());
    const auto delivered = gateway.await_line("acknowledged: TAF 7");
    INFO(gateway.text());
    REQUIRE(delivered);
    stop(gateway);
    told.add(gateway.lines());
  }
  audit_lists(h, told);
  audit_deliveries(h, 0);
  audit_chains(h);
}

}  // namespace

TEST_CASE("the gateway runs on keys in a PKCS#11 token", "[process][pkcs11]") {
  const crypto::test::soft_hsm hsm;
  hsm.make_token("gateway");
  house h(with_keys_in(hsm.line("gateway"), crypto::curve::brainpool_p256r1));
  deliver_twice(h);
}

TEST_CASE("the gateway runs on keys in a TPM", "[process][tpm2]") {
  const crypto::test::soft_tpm chip;
  house h(with_keys_in(chip.line(), crypto::curve::secp256r1));
  deliver_twice(h);
}

TEST_CASE("a data directory that was put back to an older start is refused, with a TPM's counter", "[process][tpm2]") {
  const crypto::test::soft_tpm chip;
  house h(with_keys_in(chip.line(), crypto::curve::secp256r1));
  const auto live_once = [&] {
    auto gateway = process::run(h.configuration());
    const auto stored = gateway.await_line(": stored ");
    INFO(gateway.text());
    REQUIRE(stored);
    stop(gateway);
  };
  const auto all = std::filesystem::copy_options::recursive;
  const crypto::test::scratch aside;
  live_once();
  std::filesystem::copy(h.data(), aside / "older", all);
  live_once();
  live_once();
  std::filesystem::copy(h.data(), aside / "newer", all);
  const auto put_back = [&](const std::string& copy) {
    std::filesystem::remove_all(h.data());
    std::filesystem::copy(aside / copy, h.data(), all);
  };
  const auto start_fails = [&] {
    auto gateway = process::run(h.configuration());
    const auto code = gateway.wait(patience);
    INFO(gateway.text());
    CHECK(code.value_or(0) != 0);
    CHECK(gateway.has_line("the data directory is an older copy"));
  };
  put_back("older");
  start_fails();
  // The older store with the newer mark.
  std::filesystem::copy_file(std::filesystem::path(aside / "newer") / "roll-back.mark", h.data() / "roll-back.mark",
                             std::filesystem::copy_options::overwrite_existing);
  start_fails();
  std::filesystem::remove(h.data() / "roll-back.mark");
  start_fails();
  put_back("newer");
  live_once();
}

TEST_CASE("the gateway runs on keys in a smart card", "[process][smartcard]") {
  const crypto::test::pc_sc service;
  auto chip = sim::card_module::make({});
  REQUIRE(chip);
  const auto in = service.insert(**chip);
  const crypto::test::scratch folder;
  const auto pin = folder.write("pin", sim::card_options{}.pin + "\n");
  house h(with_keys_in("smartcard:pin-source=" + pin + ";reader=" + service.reader(), crypto::curve::brainpool_p256r1));
  deliver_twice(h);
  const auto did = (*chip)->counters();
  CHECK(did.ephemerals_alive == 0);
  CHECK(did.agreements >= 4);  // a handshake and a message in each life
}

namespace {

constexpr auto lost = "secure state connectivity: the security module does not answer";
constexpr auto back = "no more: the security module does not answer";

std::size_t stored(const process& gateway) {
  const auto lines = gateway.lines();
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [](const std::string& l) { return l.contains(": stored "); }));
}

/// Delivers again, nothing was lost or sent twice, and the log tells of both changes.
void goes_on(house& h, process& gateway) {
  const auto before = h.arrivals().size();
  CHECK(eventually([&] { return h.arrivals().size() > before; }));
  stop(gateway);
  CHECK_FALSE(records(h, "system", lost).empty());
  CHECK_FALSE(records(h, "calibration", back).empty());
  announcements told;
  told.add(gateway.lines());
  audit_lists(h, told);
  audit_deliveries(h, 1);
  audit_chains(h);
}

}  // namespace

TEST_CASE("a module that hangs leads into a secure state in which values are kept, and out of it when it answers",
          "[process][tpm2][FPT_FLS.1]") {
  const crypto::test::soft_tpm chip;
  house h(with_keys_in(chip.line(), crypto::curve::secp256r1));
  home_network home(h);
  home.add_consumer("consumer1", "consumer1", "a good password");
  h.open_market();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("acknowledged: TAF 7"));
  CHECK(home.get("consumer1", "/smgw/").status == 200);
  chip.hang();
  const auto told = gateway.await_line(lost);
  INFO(gateway.text());
  REQUIRE(told);
  const auto before = stored(gateway);
  CHECK(eventually([&] { return stored(gateway) > before; }));
  CHECK(eventually([&] { return home.get("consumer1", "/smgw/").status == 0; }));
  chip.go_on();
  REQUIRE(gateway.await_line(back));
  CHECK(eventually([&] { return home.get("consumer1", "/smgw/").status == 200; }));
  goes_on(h, gateway);
}

TEST_CASE("a card that is pulled is missed; another one in its place is not taken for it",
          "[process][smartcard][FPT_FLS.1]") {
  const crypto::test::pc_sc service;
  auto chip = sim::card_module::make({});
  auto other = sim::card_module::make({.serial = "00ffffffffffffff"});
  REQUIRE((chip && other));
  auto in = service.insert(**chip);
  const crypto::test::scratch folder;
  const auto pin = folder.write("pin", sim::card_options{}.pin + "\n");
  house h(with_keys_in("smartcard:pin-source=" + pin + ";reader=" + service.reader(), crypto::curve::brainpool_p256r1));
  h.open_market();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("acknowledged: TAF 7"));
  in.reset();
  REQUIRE(gateway.await_line(lost));
  in = service.insert(**other);
  std::this_thread::sleep_for(7s);  // the module is looked at each five seconds
  CHECK_FALSE(gateway.has_line(back));
  CHECK((*other)->counters().signatures == 0);
  in.reset();
  in = service.insert(**chip);
  REQUIRE(gateway.await_line(back));
  goes_on(h, gateway);
}
