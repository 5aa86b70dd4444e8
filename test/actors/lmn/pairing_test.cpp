// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The symmetric procedure between the gateway's line and a simulated meter, octet by octet, without actors.
#include "actors/lmn/bus_line.hpp"
#include "base/hex.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "sim/bus_station.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

constexpr auto maker_key = "000102030405060708090a0b0c0d0e0f";
const auto meter_id = *device_id::parse("1SMG0020000001");

crypto::tls_identity gateway_identity(timestamp now) {
  std::shared_ptr<crypto::key_store> keys = crypto::soft_key_store::in_memory();
  REQUIRE(keys->generate("lmn", crypto::curve::brainpool_p256r1, crypto::key_purpose::lmn));
  crypto::self_signed_order order;
  order.subject.common_name = "esmg0000000001.sm";
  order.not_before = now - 1h;
  order.not_after = now + std::chrono::days{7 * 365};
  auto made = crypto::make_self_signed(*keys, "lmn", order);
  REQUIRE(made);
  return {keys, "lmn", {*made}};
}

/// A gateway's line with what it keeps, and one meter at its other end.
struct pair_of {
  lmn::instant now{timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}}, time_point{} + 1h};
  crypto::tls_identity gateway = gateway_identity(now.utc);
  profile::meter profile;
  sim::bus_station station;
  std::map<std::string, bytes> disk;
  std::chrono::seconds life = std::chrono::days{7 * 365};
  std::unique_ptr<lmn::line> line;
  std::vector<std::string> news;
  std::size_t reads = 0;
  bool lose_next_answer = false;

  explicit pair_of(std::string_view key_of_profile = maker_key)
      : station([] {
          sim::bus_station::options o{.id = meter_id, .identity = {}, .gateway = {}};
          o.pairing_key = secret{from_hex(maker_key).value()};
          return o;
        }()) {
    profile.id = meter_id;
    profile.name = "meter";
    profile.port = "bus";
    profile.registers = {{{{1, 0, 1, 8, 0, 255}}, unit::watt_hour}};
    profile.period = 60s;
    profile.key = profile::meter_key{from_hex(key_of_profile).value()};
  }

  /// The gateway starts, with what it had kept.
  void start() {
    lmn::bus_parts parts;
    parts.gateway = *device_id::parse("ESMG0000000001");
    parts.certificate_life = life;
    parts.tls = [this](const profile::meter&) -> expected<crypto::tls_config> {
      crypto::tls_config c;
      c.role = crypto::tls_role::client;
      c.interface = crypto::tls_interface::lmn;
      c.identity = gateway;
      c.max_fragment_length = true;
      return c;
    };
    profile::lmn_port port;
    port.id = "bus";
    port.protocol = profile::lmn_protocol::hdlc;
    line = lmn::make_bus_line(port, {profile}, parts);
    for (const auto& name : line->remembered())
      if (const auto kept = disk.find(name); kept != disk.end()) line->remember(name, kept->second);
    lmn::output out;
    line->opened(now, out);
    absorb(std::move(out));
  }

  void absorb(lmn::output out) {
    for (auto& k : out.keep_first) disk[k.name] = std::move(k.value);
    std::ranges::move(out.news, std::back_inserter(news));
    reads += out.telegrams.size();
    if (out.transmit.empty()) return;
    auto answer = station.feed(out.transmit, now.steady, now.utc);
    if (answer.empty() || std::exchange(lose_next_answer, false)) return;
    lmn::output next;
    line->feed(answer, now, next);
    absorb(std::move(next));
  }

  void pass(std::chrono::milliseconds span) {
    for (; span > 0ms; span -= 10ms) {
      now.utc += 10ms;
      now.steady += 10ms;
      lmn::output out;
      if (const auto said = station.tick(now.steady, now.utc); !said.empty()) line->feed(said, now, out);
      if (const auto due = line->wake_at(); due && now.steady >= *due) line->tick(now, out);
      absorb(std::move(out));
    }
  }

  [[nodiscard]] auto told(std::string_view text) const {
    return std::ranges::count_if(news, [&](const auto& n) { return n.contains(text); });
  }
};

}  // namespace

TEST_CASE("a factory-fresh meter is found, paired with its key, and read over TLS",
          "[lmn][hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  pair_of w;
  w.start();
  w.pass(90s);
  CAPTURE(w.news, w.station.complaint());
  CHECK(w.told("paired") == 1);
  CHECK(w.station.paired());
  REQUIRE(w.station.shows().size() == 1);
  CHECK(w.station.shows().front().subject_cn == "1smg0020000001.sm");
  CHECK(w.station.handshakes() == 1);
  CHECK(w.reads >= 1);
}

TEST_CASE("a gateway that starts again knows the meters that it has paired", "[lmn][hdlc][sym]") {
  pair_of w;
  w.start();
  w.pass(60s);
  REQUIRE(w.told("paired") == 1);
  w.start();
  w.pass(60s);
  CAPTURE(w.news, w.station.complaint());
  CHECK(w.told("paired") == 1);
  CHECK(w.station.certificates() == 1);
  CHECK(w.station.handshakes() == 2);
}

TEST_CASE("a gateway that stops at any moment of a pairing ends it after its next start", "[lmn][hdlc][sym]") {
  // The moments are those at which something new is on disk.
  for (std::size_t stops_after = 1; stops_after <= 12; ++stops_after) {
    pair_of w;
    w.start();
    std::map<std::string, bytes> before;
    for (std::size_t changes = 0, i = 0; changes < stops_after && i < 3000; ++i) {
      before = w.disk;
      w.pass(10ms);
      changes += w.disk == before ? 0U : 1U;
    }
    w.start();
    w.pass(3min);
    CAPTURE(stops_after, w.news, w.station.complaint());
    CHECK(w.station.paired());
    CHECK(w.reads >= 1);
  }
}

TEST_CASE("a key that is not the meter's is told clearly, and nothing is given away",
          "[lmn][hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10]") {
  pair_of w("ffffffffffffffffffffffffffffffff");
  w.start();
  w.pass(90s);
  CAPTURE(w.news);
  CHECK(w.told("the key in its profile is not the meter's") >= 1);
  CHECK_FALSE(w.station.paired());
  CHECK(w.station.handshakes() == 0);
  CHECK(w.line->heard().count(frame_fault::mac_wrong) >= 1);
  CHECK(w.reads == 0);
}

TEST_CASE("a lost answer does not end a pairing", "[lmn][hdlc][sym]") {
  pair_of w;
  w.start();
  for (int i = 0; i < 3000 && !w.station.paired(); ++i) {
    w.lose_next_answer = i % 7 == 3;
    w.pass(10ms);
  }
  w.lose_next_answer = false;
  w.pass(2min);
  CAPTURE(w.news);
  CHECK(w.told("paired") == 1);
  CHECK(w.reads >= 1);
}

TEST_CASE("a certificate that ends soon is renewed over the channel; the next handshake shows the new one",
          "[lmn][hdlc][sml][REQ.SML.CLI.UpdateMtrCertAndKey.10]") {
  pair_of w;
  w.life = std::chrono::days{200};
  w.start();
  w.pass(60s);
  REQUIRE(w.station.shows().size() == 1);
  const auto first = w.station.shows().front();
  w.now.utc += std::chrono::days{21};
  w.start();
  w.pass(2min);
  CAPTURE(w.news, w.station.complaint());
  CHECK(w.told("has its next certificate") == 1);
  CHECK(w.told("shows its next certificate") == 1);
  REQUIRE(w.station.shows().size() == 1);
  CHECK(w.station.shows().front() != first);
  CHECK(w.station.shows().front().not_after > first.not_after);
  CHECK(w.station.certificates() == 2);
  const auto before = w.reads;
  w.start();  // only the new one is trusted now
  w.pass(2min);
  CHECK(w.reads > before);
  CHECK(w.station.certificates() == 2);
}

TEST_CASE("a meter whose profile is no longer active is released by a crypto reset",
          "[lmn][hdlc][sym][REQ.SYMHDLC.SMGW.RemovePairingInMtr.10]") {
  pair_of w;
  w.start();
  w.pass(60s);
  REQUIRE(w.station.paired());
  w.profile.active = false;
  w.start();
  const auto reads = w.reads;
  w.pass(60s);
  CAPTURE(w.news);
  CHECK(w.told("its pairing is removed") == 1);
  CHECK_FALSE(w.station.paired());
  CHECK(w.station.shows().empty());
  CHECK(w.reads == reads);
  // and may come back, with a new certificate
  w.profile.active = true;
  w.start();
  w.pass(90s);
  CHECK(w.station.paired());
  CHECK(w.station.certificates() == 2);
  CHECK(w.reads > reads);
}

TEST_CASE("a meter of another gateway is not taken over, and that is told", "[lmn][hdlc][sym]") {
  pair_of w;
  w.start();
  w.pass(60s);
  REQUIRE(w.station.paired());
  w.disk.clear();  // another gateway: it knows the key, and no certificate
  w.gateway = gateway_identity(w.now.utc);
  w.start();
  w.pass(60s);
  CAPTURE(w.news);
  CHECK(w.station.certificates() == 1);
  CHECK(w.told("the meter refuses the pairing") >= 1);
}
