// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A gateway's whole life, as its administrator sees it: commissioned, told, updated, renewed, and ended.
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "domain/status/status.hpp"
#include "gwa_documents.hpp"
#include "protocols/cosem/tree.hpp"
#include "stories/managed_story.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace smgw;
using namespace smgw::test;
using namespace std::chrono_literals;

namespace {

constexpr auto own = "/cosem/ldevs/esmg0000000001.sm/objects/";
constexpr auto container = "/cosem/containers/65535-0000620a01ff";

std::string method(std::string_view object, int index) {
  return own + std::string(object) + "/methods/" + std::to_string(index);
}
constexpr std::string_view life_cycle = "1-01005e31800c", image = "18-00002c0000ff", certificates = "1-01005e31800b";

struct life_story : managed_story {
  int post(std::string_view object, int index, std::string_view document = {}) {
    const auto a = ask(http::method::post, method(object, index), document);
    INFO(object << " " << index << ": " << a.document);
    CHECK(a.status != 0);
    return a.status;
  }

  void commission() {
    CHECK(ask(http::method::get, own + std::string(life_cycle) + "/attributes/2").document.contains("delivered"));
    live(1h, 5min);
    CHECK(emt.requests == 0);
    CHECK(post(life_cycle, 1) == 204);
    CHECK(post(life_cycle, 1) == 409);  // once
    CHECK(lifecycle::decode(state(std::string(life_state))) == lifecycle::phase::in_operation);
    life = lifecycle::phase::in_operation;
  }

  /// Meter, participant and evaluation in one container: all or nothing.
  void personalise() {
    const auto pem = [](const crypto::certificate& c) { return crypto::to_pem(c); };
    const auto text = sim::container_of(
        {{"meter.json", meter_profile()},
         {"stadtwerk.json", R"({"profile":"wan","version":1,"id":"stadtwerk","role":"market_participant",)"
                            R"("peer":"stadtwerk.test:443","tls_certificate":"s-tls.pem",)"
                            R"("encryption_certificate":"s-enc.pem","retry":{"first_ms":5000,"limit_s":600}})"},
         {"s-tls.pem", pem(emt.self.tls_chain.front())},
         {"s-enc.pem", pem(emt.self.encryption)},
         {"taf7.json", evaluation_profile()}},
        *device_id::parse("ESMG0000000001"));
    REQUIRE(text);
    const auto a = ask(http::method::put, container, *text);
    INFO(a.document);
    REQUIRE(a.status == 201);
  }

  /// Fetched and verified, then on trial: the machine starts anew, and the administrator finds the new one well.
  void update(const std::string& version, bool interrupted) {
    bytes content(400'000);
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * 7 + version.size());
    const auto path = "firmware/" + version + ".img";
    files["/smgw/" + path] = content;
    if (interrupted)
      service.fault = [n = service.connections](std::size_t i) -> std::optional<wire_fault> {
        // Breaks off inside the second part, and the one after it is not even answered.
        if (i == n) return wire_fault{wire_fault::side::said, 200'000, wire_fault::kind::reset};
        if (i == n + 1) return wire_fault{wire_fault::side::heard, 100, wire_fault::kind::reset};
        return std::nullopt;
      };
    CHECK(post(image, 1, manifest(version, content, path)) == 200);
    for (int i = 0; i < 60 && announced("firmware: " + version + " verified") == 0; ++i) advance(30s);
    REQUIRE(announced("firmware: " + version + " verified") == 1);
    service.fault = nullptr;
    CHECK(post(image, 4) == 200);
    restart(version);
    CHECK(post(image, 5) == 200);
  }

  /// From the next full five minutes on: a meter's value counts only around the quarter hour.
  void days(int n) {
    if (const auto past = now().time_since_epoch() % 5min; past != 0ms) advance(5min - past);
    live(std::chrono::hours{24 * n}, 5min);
  }

  void restart(const std::string& version) {
    stop();
    admin.established = false;
    firmware_version = version;
    start();
  }

  void renew() {
    const auto requested = ask(http::method::post, method(certificates, 1));
    REQUIRE(requested.status == 200);
    const auto from = requested.document.find("<octet-string>") + 14;
    const auto package = from_hex(requested.document.substr(from, requested.document.find('<', from) - from));
    REQUIRE(package);
    const auto issued = sim::issue_certificates(folder() / "pki", *package, now());
    REQUIRE(issued);
    const auto octets = as_bytes(*issued);
    const auto parameter =
        cosem::write_method_request(cosem::data{cosem::data_type::octet_string, bytes(octets.begin(), octets.end())});
    REQUIRE(parameter);
    CHECK(post(certificates, 2, *parameter) == 200);

    // Tried when this connection ends, and in force for everything once they have worked.
    know_generation(1);
    admin.hang_up = true;
    self->send(admin.wire, wire_more{});
    pass(1s);
    admin.hang_up = admin.established = false;
    pass(30s);
    CHECK(announced("certificates of generation 1 are in force") == 1);
    CHECK(ask(http::method::get, "/cosem/ldevs/").status == 200);
  }

  /// Each value that was stored has arrived, and none twice.
  void check_month() {
    const auto delivered = emt.values("1smg0000000001", 7);
    std::size_t arrived = 0, missing = 0;
    const auto entries = stored("1SMG0000000001");
    for (const auto& e : entries) {
      if (!status::has_value(e.value.status)) continue;
      const auto n = delivered.count(timestamp{std::chrono::floor<std::chrono::seconds>(e.value.captured)});
      CHECK(n <= 1);
      ++(n == 1 ? arrived : missing);
    }
    CHECK(arrived >= 28U * 96U);
    CHECK(missing <= 26);  // of the period of six hours that is open
    for (std::size_t i = 1; i < entries.size(); ++i) CHECK(entries[i].target - entries[i - 1].target == 15min);
  }
};

}  // namespace

TEST_CASE_METHOD(life_story,
                 "a gateway's life: commissioned, told, a month of deliveries with an outage of three days, "
                 "two updates, new certificates, and the end",
                 "[life]") {
  life = lifecycle::phase::delivered;
  start();
  commission();
  personalise();
  days(8);
  CHECK(counter("outbox", "waiting") == 0);

  market.down = true;
  days(3);
  CHECK(counter("outbox", "waiting") >= 11);
  market.down = false;
  days(4);
  CHECK(counter("outbox", "waiting") == 0);

  update("1.1.0", false);
  days(7);
  update("1.2.0", true);
  days(4);
  renew();
  days(4);
  CHECK(counter("outbox", "waiting") == 0);
  CHECK(emt.complaints.empty());
  check_month();
  CHECK(verify().whole);

  const auto keys = keys_left();
  CHECK(keys >= 6);  // two generations
  CHECK(post(life_cycle, 2) == 204);
  CHECK(keys_left() == 0);
  CHECK(lifecycle::decode(state(std::string(life_state))) == lifecycle::phase::decommissioned);
  std::string logs;
  for (const auto& [target, content] : messages)
    if (target.contains("/logs/")) logs += content;
  for (const auto* part : {"profile meter 1SMG0000000001 created", "firmware 1.2.0", "certificates installed"})
    CHECK(logs.contains(part));
  CHECK(ask(http::method::get, "/cosem/ldevs/").status == 403);
  const auto before = emt.requests;
  live(24h, 5min);
  CHECK(emt.requests == before);
}
