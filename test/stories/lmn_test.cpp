// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Meters of all kinds on a whole gateway: 500 in the air, 64 on a wire.

#include "base/octets.hpp"
#include "bus_station.hpp"
#include "crypto/pki.hpp"
#include "crypto/soft_key_store.hpp"
#include "push.hpp"
#include "radio.hpp"
#include "story.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <format>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

const obis volume{{8, 0, 1, 0, 0, 255}};

sim::radio_meter radio_meter(unsigned n) {
  const auto id = device_id::parse(std::format("8APA05{:08}", 10'000'000 + n)).value();
  sim::radio_meter m{.id = sim::radio_identity(id).value(),
                     .mode = n % 3 == 0 ? sim::radio_mode::mode10 : sim::radio_mode::mode7,
                     .seed = n + 1};
  for (std::size_t i = 0; i < m.key.size(); ++i) m.key[i] = static_cast<std::uint8_t>(n * 31 + i);
  return m;
}

void add_radio_meter(story& s, const sim::radio_meter& r, bool with_key = true) {
  profile::meter m;
  m.id = mbus::device_id_of(r.id).value();
  m.name = m.id.text();
  m.port = "radio";
  m.medium = status::meter_kind::wireless;
  m.registers = {{volume, unit::cubic_metre}};
  m.period = 1h;
  m.window_minimum = 25min;  // five telegrams' worth: the air loses some
  if (with_key) m.key = profile::meter_key{r.key};
  s.profiles.meters.push_back(m);
}

void add_radio_port(story& s) {
  s.profiles.self.lmn_ports.push_back({.id = "radio",
                                       .protocol = profile::lmn_protocol::wmbus,
                                       .serial = "/dev/none",
                                       .receiver = profile::radio_receiver::rtl_wmbus});
}

bytes line_of(bytes_view frame) {
  const auto text = sim::receiver_line(frame);
  const auto octets = as_bytes(text);
  return {octets.begin(), octets.end()};
}

}  // namespace

TEST_CASE("500 wireless meters for two hours, with loss and collisions",
          "[story][wmbus][REQ.WMBUS.Unidirektional.30][REQ.WMBUS.Unidirektional.50][REQ.WMBUS.Unidirektional.51]") {
  story s;
  add_radio_port(s);
  std::vector<sim::radio_meter> meters;
  for (unsigned n = 0; n < 500; ++n) meters.push_back(radio_meter(n));
  for (const auto& m : meters) add_radio_meter(s, m);
  for (unsigned n = 500; n < 510; ++n) meters.push_back(radio_meter(n));  // of neighbours
  s.start();
  sim::air air({.seed = 5}, meters, s.now());
  for (int i = 0; i < 2 * 60 + 30; ++i) {
    for (const auto& frame : air.pass(s.now() + 1min)) s.push_to("radio", line_of(frame));
    s.advance(1min);
  }
  const auto& c = air.counted();
  INFO("sent " << c.sent << ", collided " << c.collided << ", lost " << c.lost << ", heard " << c.heard);
  CHECK(c.collided > 0);
  CHECK(c.lost > 0);
  CHECK(s.counter("link radio", "telegrams") + s.counter("link radio", "without profile") ==
        static_cast<std::int64_t>(c.heard));
  CHECK(s.counter("link radio", "MAC wrong") == 0);
  CHECK(s.counter("link radio", "replayed") == 0);
  std::size_t with_values = 0;
  for (unsigned n = 0; n < 500; ++n)
    with_values += s.counter("meter " + s.profiles.meters[n].name, "stored") >= 2 ? 1U : 0U;
  CHECK(with_values == 500);
  const auto heard = s.heard().meters;
  CHECK(std::ranges::count_if(heard, [](const auto& m) { return m.profile && m.last; }) == 500);
  CHECK(std::ranges::count_if(heard, [](const auto& m) { return !m.profile; }) == 10);
}

TEST_CASE("a wireless telegram that was heard before a power loss is refused after it",
          "[story][wmbus][REQ.WMBUS.Unidirektional.60]") {
  story s;
  add_radio_port(s);
  auto meter = radio_meter(1);
  add_radio_meter(s, meter);
  s.start();
  const auto first = meter.next_frame(s.now());
  s.push_to("radio", line_of(first));
  CHECK(s.counter("link radio", "telegrams") == 1);
  s.crash();
  s.start();
  s.push_to("radio", line_of(first));
  CHECK(s.counter("link radio", "telegrams") == 0);
  CHECK(s.counter("link radio", "replayed") == 1);
  s.push_to("radio", line_of(meter.next_frame(s.now())));
  CHECK(s.counter("link radio", "telegrams") == 1);
  const auto heard = s.heard().meters.at(0);
  CHECK(heard.faults[static_cast<std::size_t>(frame_fault::replayed)] == 1);
  CHECK_FALSE(heard.last_fault);
}

// --- wired

namespace {

/// 64 meters on one line. Who speaks is heard by the gateway; two at once spoil each other.
struct wired_world {
  story& s;
  std::shared_ptr<crypto::key_store> gateway_keys = crypto::soft_key_store::in_memory();
  crypto::tls_identity gateway;
  std::vector<std::unique_ptr<sim::bus_station>> stations;
  std::map<std::string, crypto::certificate> certificates;
  std::shared_ptr<crypto::tls_session_cache> cache = std::make_shared<crypto::tls_session_cache>(128);
  std::vector<bool> powered;

  explicit wired_world(story& in, unsigned n) : s(in) {
    gateway = identity(gateway_keys, "ESMG0000000001");
    for (unsigned i = 0; i < n; ++i) add(i);
    s.profiles.self.lmn_ports.push_back({.id = "bus", .protocol = profile::lmn_protocol::hdlc, .serial = "/dev/none"});
    s.far_ends["bus"] = [this](bytes_view said) { return say(said); };
    s.meter_tls = [this](const profile::meter& m) -> expected<crypto::tls_config> {
      return crypto::tls_config{.role = crypto::tls_role::client,
                                .interface = crypto::tls_interface::lmn,
                                .identity = gateway,
                                .peer = peer_of(m),
                                .cache = cache,
                                .max_fragment_length = true};
    };
  }

  [[nodiscard]] crypto::tls_peer_rule peer_of(const profile::meter& m) const {
    const auto named = certificates.find(std::string(m.id.text()));
    return named == certificates.end() ? crypto::tls_peer_rule{} : crypto::tls_peer_rule{.pinned = {named->second}};
  }

  /// A meter as it leaves the factory; its profile has this key.
  void add_factory_fresh(unsigned i, std::uint8_t key_of_meter, std::uint8_t key_of_profile) {
    const auto id = std::format("1SMG00{:08}", 20'000'000 + i);
    sim::bus_station::options o{.id = *device_id::parse(id), .identity = {}, .gateway = {}, .seed = i};
    o.pairing_key = secret{bytes(16, key_of_meter)};
    stations.push_back(std::make_unique<sim::bus_station>(std::move(o)));
    powered.push_back(true);
    add_profile(id);
    s.profiles.meters.back().key = profile::meter_key{bytes(16, key_of_profile)};
  }

  crypto::tls_identity identity(const std::shared_ptr<crypto::key_store>& keys, const std::string& id) {
    REQUIRE(keys->generate("lmn", crypto::curve::brainpool_p256r1, crypto::key_purpose::lmn));
    std::string name = id;
    std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    auto made = crypto::make_self_signed(*keys, "lmn",
                                         {.profile = crypto::self_signed_profile::lmn,
                                          .subject = {.common_name = name + ".sm"},
                                          .dns_name = {},
                                          .not_before = s.now() - 1h,
                                          .not_after = s.now() + std::chrono::hours{24 * 700}});
    REQUIRE(made);
    return {keys, "lmn", {*made}};
  }

  void add(unsigned i) {
    const auto id = std::format("1SMG00{:08}", 20'000'000 + i);
    auto own = identity(crypto::soft_key_store::in_memory(), id);
    certificates.emplace(id, own.chain.front());
    stations.push_back(std::make_unique<sim::bus_station>(
        sim::bus_station::options{.id = *device_id::parse(id),
                                  .identity = std::move(own),
                                  .gateway = {.pinned = {gateway.chain.front()}},
                                  .cache = std::make_shared<crypto::tls_session_cache>(4),
                                  .seed = i}));
    powered.push_back(true);
    add_profile(id);
  }

  void add_profile(const std::string& id) {
    profile::meter m;
    m.id = *device_id::parse(id);
    m.name = id;
    m.port = "bus";
    m.registers = {{story::import_register(), unit::watt_hour}};
    m.period = 60s;
    m.window_minimum = 5s;
    s.profiles.meters.push_back(m);
  }

  bytes say(bytes_view in) {
    bytes answers;
    const time_point steady = s.system_clock_now();
    unsigned speakers = 0;
    for (std::size_t i = 0; i < stations.size(); ++i) {
      if (!powered[i]) continue;
      auto& station = *stations[i];
      const bool due = station.wake_at() && steady >= *station.wake_at();
      const auto said =
          in.empty() ? (due ? station.tick(steady, s.now()) : bytes{}) : station.feed(in, steady, s.now());
      if (said.empty()) continue;
      ++speakers;
      put(answers, said);
    }
    if (speakers > 1)
      for (auto& octet : answers) octet ^= 0x55U;
    return answers;
  }

  void pass(std::chrono::milliseconds span) {
    for (auto left = span; left > 0ms; left -= 10ms) {
      s.advance(10ms);
      if (auto said = say({}); !said.empty()) s.push_to("bus", std::move(said));
    }
  }
};

}  // namespace

TEST_CASE("64 meters on a wire: found, certificates checked, read each minute",
          "[story][hdlc][sml][REQ.TLSHDLC.SMGW.10][REQ.TLSHDLC.SMGW.20][REQ.TLSHDLC.SMGW.30][REQ.TLSHDLC.SMGW.40]"
          "[REQ.TLSHDLC.SMGW.80][REQ.TLSHDLC.SMGW.90][REQ.SML.CLI.RequestMeterData.10]") {
  story s;
  wired_world w(s, 64);
  s.start();
  w.pass(4min);
  CHECK(s.counter("link bus", "participants") == 64);
  CHECK(s.counter("link bus", "lost") == 0);
  for (std::size_t i = 0; i < w.stations.size(); ++i) {
    CAPTURE(i, w.stations[i]->complaint());
    CHECK(w.stations[i]->handshakes() == 1);
    CHECK(w.stations[i]->longest_record() <= 2034);
    const auto entries = s.stored(std::string(s.profiles.meters[i].id.text()));
    CHECK(std::ranges::count_if(entries, [](const auto& e) { return status::has_value(e.value.status); }) >= 2);
    for (const auto& e : entries)
      if (status::has_value(e.value.status))
        CHECK(e.value.value.value ==
              sim::household(i).energy(std::chrono::floor<std::chrono::seconds>(e.value.captured)));
  }
}

TEST_CASE("a meter that was without power resumes its session; a stranger's certificate is refused",
          "[story][hdlc][REQ.TLSHDLC.SMGW.30][REQ.TLSHDLC.SMGW.40]") {
  story s;
  wired_world w(s, 3);
  // The profile of the third names another meter's certificate.
  w.certificates.at(std::string(s.profiles.meters[2].id.text())) =
      w.certificates.at(std::string(s.profiles.meters[1].id.text()));
  s.start();
  w.pass(90s);
  CHECK(w.stations[0]->answers() > 0);
  CHECK(w.stations[2]->answers() == 0);
  CHECK(s.counter("link bus", "MAC wrong") > 0);
  w.powered[0] = false;
  w.stations[0]->reset();
  w.pass(20s);
  CHECK(s.announced("fell silent") == 1);
  w.powered[0] = true;
  w.pass(240s);
  CAPTURE(w.stations[0]->complaint());
  CHECK(w.stations[0]->handshakes() == 2);
  CHECK(w.stations[0]->resumed() == 1);
  CHECK(s.counter("link bus", "participants") == 3);
}

TEST_CASE(
    "factory-fresh meters on the bus are paired and read; after a crash they are known; inactive ones are released",
    "[story][hdlc][sym][REQ.SYMHDLC.SMGW.InitialPairing.10][REQ.SYMHDLC.SMGW.RemovePairingInMtr.10]") {
  story s;
  wired_world w(s, 2);  // beside two that are known by the certificate in their profile
  w.add_factory_fresh(2, 0x11, 0x11);
  w.add_factory_fresh(3, 0x22, 0x22);
  w.add_factory_fresh(4, 0x33, 0x44);  // a profile with another key
  s.start();
  w.pass(3min);
  CHECK(s.announced("1SMG0020000002: paired") == 1);
  CHECK(s.announced("1SMG0020000003: paired") == 1);
  CHECK(s.announced("1SMG0020000004: the meter refuses the pairing: the key in its profile is not the meter's") >= 1);
  for (const std::size_t i : {0U, 1U, 2U, 3U}) {
    CAPTURE(i, w.stations[i]->complaint());
    CHECK(w.stations[i]->handshakes() == 1);
    const auto entries = s.stored(std::string(s.profiles.meters[i].id.text()));
    CHECK(std::ranges::count_if(entries, [](const auto& e) { return status::has_value(e.value.status); }) >= 1);
  }
  CHECK(w.stations[4]->answers() == 0);

  s.crash();
  s.profiles.meters[3].active = false;
  s.start();
  w.pass(2min);
  CHECK(w.stations[2]->certificates() == 1);  // paired once, known since
  CHECK(w.stations[2]->handshakes() == 2);
  CHECK(s.announced("1SMG0020000003: released") == 1);
  CHECK_FALSE(w.stations[3]->paired());
}

TEST_CASE("DLMS pushes reach the list; a replay after a crash does not", "[story][dlms]") {
  story s;
  const bytes key(16, 0x11), authentication(16, 0x22);
  profile::meter m;
  m.id = *device_id::parse("1SMG0000000009");
  m.name = "dlms";
  m.port = "push";
  m.registers = {{story::import_register(), unit::watt_hour}};
  m.period = 60s;
  m.window_minimum = 5s;
  m.key = profile::meter_key{key};
  m.authentication_key = profile::meter_key{authentication};
  s.profiles.meters.push_back(m);
  s.profiles.self.lmn_ports.push_back({.id = "push", .protocol = profile::lmn_protocol::dlms, .serial = "/dev/none"});
  s.start();
  bytes last;
  for (std::uint32_t n = 1; n <= 20; ++n) {
    last = sim::dlms_push(m.id, s.home, s.now(), n, key, authentication);
    s.push_to("push", last);
    s.advance(10s);
  }
  CHECK(s.counter("link push", "telegrams") == 20);
  CHECK(s.counter("meter 1SMG0000000009", "stored") >= 2);
  s.crash();
  s.start();
  s.push_to("push", last);
  CHECK(s.counter("link push", "replayed") == 1);
}
