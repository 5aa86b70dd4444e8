// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Firmware: ordered by the administrator, signed by the manufacturer, fetched in parts, started on trial.
#include "actors/foundation/key_token.hpp"
#include "actors/platform/files.hpp"
#include "actors/wan/firmware_loader.hpp"
#include "audit.hpp"
#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "domain/firmware/update.hpp"
#include "protocols/cms/signed_data.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr auto methods = "/cosem/ldevs/esmg0000000001.sm/objects/18-00002c0000ff/methods/";
constexpr std::string_view path = "firmware/99.0.0.img";

struct factory_house : house {
  factory_house()
      : house([] {
          house_options o;
          o.administrator = true;
          return o;
        }()) {
    // The manufacturer is a party of its own; the gateway knows its signature certificate.
    const auto pki = world().folder / "factory";
    REQUIRE(sim::make_pki(pki, {{.folder = "maker", .common_name = "maker.GWH", .gateway = false}},
                          crypto::curve::brainpool_p256r1, sim::wall_clock()));
    maker = sim::load_party(pki / "maker").value();
    std::filesystem::copy_file(pki / "maker/sig.pem", configuration() / std::string(manufacturer_certificate));
    image.resize(700'000);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i * 131 + (i >> 9));
  }

  sim::party maker;
  bytes image;

  [[nodiscard]] std::string manifest(const sim::party& by, firmware::version v = {{99, 0, 0}},
                                     std::uint8_t spoil = 0) const {
    firmware::manifest m{"smgw", v, image.size(), crypto::sha256(image), std::string(path)};
    m.sha256[0] ^= spoil;
    const auto text = firmware::write_manifest(m);
    const cms::signer signer{.group = static_cast<cms::curve>(by.signature.on),
                             .hash = cms::digest::sha256,
                             .key_identifier = by.signature.subject_key_id,
                             .sign = [keys = by.keys](bytes_view d) { return keys->sign_digest(signature_label, d); },
                             .certificate = {}};
    const auto message = cms::sign(as_bytes(text), cms::content_type::data, signer);
    REQUIRE(message);
    return cosem::write_method_request(cosem::data{cosem::data_type::octet_string, *message}).value();
  }

  sim::managed_gateway& wake() {
    auto& gwa = open_administrator({{"/smgw/" + std::string(path), image}});
    REQUIRE(eventually([&] {
      const auto packet = gwa.wake_up_packet(sim::wall_clock());
      return packet && sim::gwa::send_packet(*packet, "127.0.0.1", wake_up_port()) && gwa.await_gateway(5s);
    }));
    return gwa;
  }

  static sim::gateway_answer ask(sim::managed_gateway& gwa, int method, std::string_view document = {}) {
    auto answer = gwa.ask(http::method::post, methods + std::to_string(method), document);
    INFO((answer ? std::string() : answer.error().what));
    REQUIRE(answer);
    return std::move(*answer);
  }

  [[nodiscard]] std::string update() const {
    const auto all = status();
    return all.contains("firmware") ? all["firmware"].value("update", std::string()) : std::string();
  }
};

std::string boot_line(const house& h) {
  std::ifstream in(h.data() / "update/boot");
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

TEST_CASE("firmware is fetched in parts over kills, verified, started on trial and confirmed", "[process]") {
  factory_house h;
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("gateway: running"));
    auto& gwa = h.wake();
    CHECK(h.ask(gwa, 4).status == 409);  // nothing to activate
    const auto other = sim::load_party(h.world().pki() / "stadtwerk");
    REQUIRE(other);
    CHECK(h.ask(gwa, 1, h.manifest(*other)).status == 403);                // not the manufacturer
    CHECK(h.ask(gwa, 1, h.manifest(h.maker, {{0, 0, 1}})).status == 409);  // older than what runs
    CHECK(h.ask(gwa, 1, h.manifest(h.maker)).status == 200);
    REQUIRE(eventually([&] { return h.number("firmware", "octets fetched") > 0; }));
    gateway.signal(SIGKILL);
    REQUIRE(gateway.wait(5s));
    gwa.hang_up();
  }
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("gateway: running"));
    // On a fast machine all parts were there before the kill, and it may have come before that was told.
    REQUIRE(eventually([&] { return h.update().starts_with("99.0.0 verified"); }));
    auto& gwa = h.wake();
    const auto fetched = platform::read_file(h.data() / "update/slot-b", 1U << 20);
    REQUIRE(fetched);
    CHECK(*fetched == h.image);
    CHECK(boot_line(h) == "a");
    CHECK(h.ask(gwa, 4).status == 200);
    CHECK(boot_line(h) == "next b after a");
    stop(gateway);
  }
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("firmware: 99.0.0 on trial"));
  CHECK(boot_line(h) == "trial b after a");
  auto& gwa = h.wake();
  CHECK(h.ask(gwa, 5).status == 200);
  CHECK(boot_line(h) == "b");
  CHECK(h.update() == "99.0.0 confirmed");
  stop(gateway);
  CHECK_FALSE(records(h, "calibration", "firmware 99.0.0 verified").empty());
  CHECK_FALSE(records(h, "calibration", "firmware 99.0.0 confirmed").empty());
  audit_chains(h);
}

TEST_CASE("firmware that is not what the manifest says is rejected; one on trial that is not confirmed goes back",
          "[process]") {
  factory_house h;
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("gateway: running"));
    auto& gwa = h.wake();
    CHECK(h.ask(gwa, 1, h.manifest(h.maker, {{99, 0, 0}}, 1)).status == 200);
    REQUIRE(gateway.await_line("firmware: 99.0.0 rejected"));
    CHECK(h.ask(gwa, 4).status == 409);
    // The alarm goes to the service address by itself (FAU_ARP.1).
    REQUIRE(eventually([&] {
      const auto all = gwa.messages();
      return std::ranges::any_of(all, [](const auto& m) { return m.target == "/smgw/alarms"; });
    }));
    CHECK(h.ask(gwa, 1, h.manifest(h.maker)).status == 200);
    const auto verified = gateway.await_line("firmware: 99.0.0 verified");
    INFO(gateway.text());
    REQUIRE(verified);
    CHECK(h.ask(gwa, 4).status == 200);
    stop(gateway);
  }
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("firmware: 99.0.0 on trial"));
    gateway.signal(SIGKILL);  // the new one does not live long
    REQUIRE(gateway.wait(5s));
  }
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("firmware: 99.0.0 rolled back"));
  CHECK(boot_line(h) == "a");
  stop(gateway);
  CHECK_FALSE(records(h, "calibration", "firmware 99.0.0 rolled back").empty());
}

TEST_CASE("the administrator orders logs; a gateway in operation is not commissioned again", "[process]") {
  factory_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line(": stored "));
  auto& gwa = h.wake();
  const std::string own = "/cosem/ldevs/esmg0000000001.sm/objects/";
  const auto delivered = gwa.ask(http::method::post, own + "7-0000636201ff/methods/3");
  REQUIRE(delivered);
  CHECK(delivered->status == 200);
  REQUIRE(eventually([&] { return !gwa.messages().empty(); }));
  CHECK(gwa.messages().front().target == "/smgw/logs/system");
  CHECK(gwa.messages().front().content.contains("gateway ESMG0000000001 started"));
  CHECK(gwa.ask(http::method::post, own + "1-01005e31800c/methods/1").value().status == 409);
  stop(gateway);
}
