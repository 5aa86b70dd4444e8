// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// A gateway is woken, calls its administrator, and is read and changed over the connection that it opened.
#include "actors/platform/files.hpp"
#include "actors/platform/own_certificates.hpp"
#include "actors/wan/management.hpp"
#include "audit.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "gwa_documents.hpp"
#include "gwa_shell.hpp"
#include "protocols/wakeup/packet.hpp"
#include "relay.hpp"

#include <catch2/catch_test_macros.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <thread>

using namespace smgw;
using namespace smgw::test;

namespace {

constexpr auto own = "/cosem/ldevs/esmg0000000001.sm";

struct managed_house : house {
  explicit managed_house(bool tcp = false)
      : house([&] {
          house_options o;
          o.administrator = true;
          o.wake_up_tcp = tcp;
          return o;
        }()) {}

  sim::managed_gateway& gwa = open_administrator();

  /// A packet counts when its second is later than that of the last one: a fast test may have to ask again.
  void wake() {
    REQUIRE(eventually([&] {
      const auto packet = gwa.wake_up_packet(sim::wall_clock());
      return packet && sim::gwa::send_packet(*packet, "127.0.0.1", wake_up_port()) && gwa.await_gateway(5s);
    }));
  }
  sim::gateway_answer ask(http::method verb, const std::string& path, std::string_view document = {},
                          http::fields more = {}) {
    auto answer = gwa.ask(verb, path, document, std::move(more));
    INFO(path << ": " << (answer ? std::string() : answer.error().what));
    REQUIRE(answer);
    return std::move(*answer);
  }
};

/// A socket whose datagrams go to a port of this machine.
io::descriptor datagrams_to(std::uint16_t port) {
  io::descriptor fd{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  return fd;
}

std::string slurp(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  char chunk[4096];
  for (std::size_t n = 0; (n = std::fread(chunk, 1, sizeof chunk, pipe.get())) > 0;) out.append(chunk, n);
  return out;
}

}  // namespace

TEST_CASE("a wake-up makes the gateway call its administrator, who reads the tree over that connection",
          "[process][REQ.WakeUp.Datenstruktur.10][REQ.WakeUp.Datenstruktur.20][REQ.Webservice.HttpServer.20]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  CHECK_FALSE(h.gwa.await_gateway(300ms));
  h.wake();

  const auto all = h.ask(http::method::get, "/cosem");
  CHECK(all.status == 200);
  for (const auto* part : {"esmg0000000001.sm", "1smg0000000001.sm", "stadtwerk.sm", "gwa.sm", "taf7-1.sm",
                           "stadtwerk-enc.pem", "registration_period_s"})
    CHECK(all.document.contains(part));
  const auto list = h.ask(http::method::get, "/cosem/ldevs/");
  CHECK(list.document.contains("<ldev id=\"taf7-1.sm\"/>"));
  CHECK_FALSE(list.document.contains("<objects"));
  CHECK(h.ask(http::method::get, "/cosem/ldevs/nobody.sm").status == 404);
  CHECK(h.ask(http::method::get, std::string(own) + "/objects/8-0000010000ff").status == 200);

  // The consumer's log is nobody's but the consumer's (FAU_SAR.1).
  CHECK(h.ask(http::method::get, std::string(own) + "/objects/7-0000636203ff").status == 404);
  const auto log = h.ask(http::method::get, std::string(own) + "/objects/7-0000636201ff/attributes/2?q.count=500");
  CHECK(log.status == 200);
  CHECK(log.document.contains("wake-up of the administrator accepted"));
  CHECK(log.document.contains("GET /smgw/cosem: 200"));
  stop(gateway);
  CHECK_FALSE(records(h, "system", "GET /smgw/cosem: 200").empty());
  audit_chains(h);
}

TEST_CASE("a wake-up counts once, also after the gateway was killed", "[process][REQ.WakeUp.Datenstruktur.10]") {
  managed_house h;
  const auto packet = h.gwa.wake_up_packet(sim::wall_clock());
  REQUIRE(packet);
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("gateway: running"));
    REQUIRE(sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()));
    REQUIRE(h.gwa.await_gateway(patience));
    gateway.signal(SIGKILL);
    REQUIRE(gateway.wait(5s));
  }
  h.gwa.hang_up();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  REQUIRE(sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()));
  REQUIRE(eventually([&] { return h.number("wake-up", "refused") == 1; }));
  CHECK(h.number("wake-up", "accepted") == 0);
  CHECK_FALSE(h.gwa.connected());
  stop(gateway);
  CHECK_FALSE(records(h, "system", "wake-up refused: not newer than the last one").empty());
}

TEST_CASE("forged, foreign, old and broken packets wake nobody and are never answered; a flood changes nothing",
          "[process][REQ.WakeUp.Datenstruktur.20][REQ.WakeUp.Datenstruktur.30]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  const auto foreign = sim::load_party(h.world().pki() / "stadtwerk");
  REQUIRE(foreign);
  const auto forged = h.gwa.wake_up_packet(sim::wall_clock(), &*foreign);
  const auto old = h.gwa.wake_up_packet(sim::wall_clock() - 1h);
  REQUIRE(forged);
  REQUIRE(old);
  for (const auto* p : {&*forged, &*old}) REQUIRE(sim::gwa::send_packet(*p, "127.0.0.1", h.wake_up_port()));
  REQUIRE(eventually([&] { return h.number("wake-up", "refused") == 2; }));

  bytes junk(108, 0x57);
  for (int i = 0; i < 20'000; ++i) {
    junk[0] = static_cast<std::uint8_t>(i);
    if (const auto sent = sim::gwa::send_packet(junk, "127.0.0.1", h.wake_up_port()); !sent) continue;
  }
  auto plausible = *forged;
  for (int i = 0; i < 2'000; ++i) {
    plausible.back() = static_cast<std::uint8_t>(i);
    (void)sim::gwa::send_packet(plausible, "127.0.0.1", h.wake_up_port());
  }
  // The flood's own share of verifications is used up: after the pause the real one comes through.
  std::this_thread::sleep_for(1500ms);
  h.wake();
  CHECK(h.number("wake-up", "accepted") == 1);
  CHECK(h.number("wake-up", "dropped unseen") > 1000);
  CHECK(h.gwa.connections() == 1);
  stop(gateway);
  CHECK(records(h, "system", "wake-up refused: ").size() < 40);
  audit_chains(h);
}

TEST_CASE("under ten thousand packets of junk a second a wake-up is served within a second",
          "[process][wake-up-flood]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  std::atomic<std::uint64_t> sent = 0;
  const auto begun = std::chrono::steady_clock::now();
  std::jthread flood([&sent, port = h.wake_up_port()](const std::stop_token& stop) {
    // Of a wake-up's length: without its head, with it and nothing else, for another gateway.
    const auto other = wakeup::covered_octets(*device_id::parse("ESMG0000000002"), sim::wall_clock());
    bytes foreign(108, 0x0B);
    std::ranges::copy(other, foreign.begin());
    bytes headed(108, 0x00);
    headed[0] = 'W', headed[1] = 'U';
    const std::array<bytes, 3> kinds{bytes(108, 0x57), headed, foreign};
    const auto to = datagrams_to(port);
    for (auto next = std::chrono::steady_clock::now(); !stop.stop_requested(); next += 10ms) {
      std::this_thread::sleep_until(next);
      for (std::size_t i = 0; i < 100; ++i)
        if (::send(to.get(), kinds[i % 3].data(), kinds[i % 3].size(), 0) > 0) ++sent;
    }
  });
  std::vector<std::chrono::milliseconds> served;
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(1100ms);  // a packet counts when its second is a later one
    const auto packet = h.gwa.wake_up_packet(sim::wall_clock());
    REQUIRE(packet);
    const auto from = std::chrono::steady_clock::now();
    REQUIRE(sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()));
    REQUIRE(h.gwa.await_gateway(patience));
    served.push_back(std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - from));
    h.gwa.hang_up();
  }
  flood.request_stop();
  flood.join();
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  INFO(sent << " packets in " << seconds << " s");
  CHECK(static_cast<double>(sent) / seconds > 8'000);
  std::ranges::sort(served);
  CHECK(served[1] < 1s);  // of three: what else this machine does is not the flood's
  CHECK(h.number("wake-up", "accepted") == 3);
  CHECK(h.number("wake-up", "refused") == 0);
  stop(gateway);
}

TEST_CASE("a wake-up over TCP; the port reads and never answers", "[process]") {
  managed_house h(true);
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  const auto caller = io::dial_tcp("127.0.0.1", h.wake_up_port(), 5s);
  REQUIRE(caller);
  const auto packet = h.gwa.wake_up_packet(sim::wall_clock());
  REQUIRE(packet);
  REQUIRE(sim::send_all(caller->get(), bytes_view{*packet}.first(50)));
  REQUIRE(sim::send_all(caller->get(), bytes_view{*packet}.subspan(50)));
  REQUIRE(h.gwa.await_gateway(patience));
  char nothing = 0;
  CHECK(eventually([&] { return ::recv(caller->get(), &nothing, 1, MSG_DONTWAIT) == 0; }));
  stop(gateway);
}

TEST_CASE("profiles are changed in one atomic container, signed; the gateway goes on with them, also after a restart",
          "[process][REQ.CMS.MessageCipherSuite.10][REQ.CMS.Zertifikate.10][REQ.Webservice.HttpServer.110]"
          "[REQ.Webservice.HttpServer.130]") {
  managed_house h;
  h.open_market();
  std::string second;
  {
    auto gateway = process::run(h.configuration());
    REQUIRE(gateway.await_line("acknowledged: "));
    h.wake();
    auto meter = nlohmann::json{{"profile", "meter"},
                                {"version", 1},
                                {"device_id", "1SMG0000000009"},
                                {"port", "lmn0"},
                                {"registers", {{{"obis", "1-0:1.8.0"}, {"unit", "Wh"}}}}};
    auto wrong = meter;
    wrong["port"] = "nowhere";
    auto participant = nlohmann::json{{"profile", "wan"},
                                      {"version", 1},
                                      {"id", "second"},
                                      {"role", "market_participant"},
                                      {"peer", "127.0.0.1:9"},
                                      {"tls_certificate", "second-tls.pem"},
                                      {"encryption_certificate", "second-enc.pem"}};
    const auto pem = [&](const char* name) {
      const auto content = platform::read_file(h.world().pki() / "stadtwerk" / name);
      REQUIRE(content);
      return std::string(as_text(*content));
    };
    const auto gateway_id = *device_id::parse("ESMG0000000001");
    const auto container = [&](const nlohmann::json& m, const nlohmann::json& w) {
      return sim::container_of({{"meter.json", m.dump()},
                                {"second.json", w.dump()},
                                {"second-tls.pem", pem("tls.pem")},
                                {"second-enc.pem", pem("enc.pem")}},
                               gateway_id)
          .value();
    };
    const auto refused =
        h.ask(http::method::put, "/cosem/containers/65535-0000620a01ff", container(wrong, participant));
    CHECK(refused.status == 422);
    CHECK(refused.document.contains("the gateway has no LMN port 'nowhere'"));
    CHECK(h.ask(http::method::get, "/cosem/ldevs/second.sm").status == 404);  // nothing of it was taken

    CHECK(h.ask(http::method::put, "/cosem/containers/65535-0000620a01ff", container(meter, participant)).status ==
          201);
    CHECK(h.ask(http::method::get, "/cosem/ldevs/second.sm").status == 200);
    CHECK(h.ask(http::method::get, "/cosem/ldevs/1smg0000000009.sm").document.contains("1SMG0000000009"));
    REQUIRE(eventually([&] { return h.status().contains("meter 1SMG0000000009"); }));
    CHECK(h.status().contains("market second"));
    const auto before = h.number("outbox", "acknowledged");
    REQUIRE(eventually([&] { return h.number("outbox", "acknowledged") > before; }));
    stop(gateway);
  }
  CHECK_FALSE(records(h, "calibration", "profile meter 1SMG0000000009 created").empty());
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  REQUIRE(eventually([&] { return h.status().contains("meter 1SMG0000000009"); }));
  h.gwa.hang_up();
  h.wake();
  CHECK(h.ask(http::method::del, "/cosem/ldevs/second.sm").status == 204);
  CHECK(h.ask(http::method::del, "/cosem/ldevs/second.sm").status == 404);
  CHECK(h.ask(http::method::del, own).status == 405);
  CHECK(h.ask(http::method::del, "/cosem/ldevs/gwa.sm").status == 409);  // nobody could undo it
  stop(gateway);
  audit_chains(h);
}

TEST_CASE("what is not signed by the administrator for this gateway changes nothing", "[process]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  h.wake();
  const auto log =
      sim::container_of({{"log.json", R"({"profile":"log","version":1})"}}, *device_id::parse("ESMG0000000001"));
  REQUIRE(log);
  const auto foreign = sim::load_party(h.world().pki() / "stadtwerk");
  REQUIRE(foreign);
  http::request request{.verb = http::method::put,
                        .target = h.gwa.target("/cosem/containers/65535-0000620a01ff"),
                        .headers = {{"Host", h.gwa.host_name()}, {"Content-Type", "application/xml"}},
                        .body = bytes(log->begin(), log->end())};
  const auto status = [&] {
    auto r = h.gwa.ask_raw(request);
    REQUIRE(r);
    return r->status;
  };
  CHECK(status() == 415);  // in clear
  request.headers.set("Content-Type", "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109");
  CHECK(status() == 422);  // no CMS
  request.body = h.gwa.sealed(*log, &*foreign).value();
  CHECK(status() == 403);  // somebody else's signature
  request.body = h.gwa.sealed(*log).value();
  request.body[request.body.size() / 2] ^= 1;
  CHECK(status() >= 400);
  request.headers.set("Host", "somebody.sm");
  CHECK(status() == 403);
  request = {.verb = http::method::head, .target = h.gwa.target("/cosem"), .headers = {{"Host", h.gwa.host_name()}}};
  CHECK(status() == 501);
  request.verb = http::method::get;
  request.target = "/elsewhere";
  CHECK(status() == 404);
  CHECK(h.number("administrator", "profiles") == 0);
  stop(gateway);
  CHECK_FALSE(records(h, "system", "signed by another key").empty());
}

TEST_CASE("a method with a correlation is answered later, over the service address", "[process]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  h.wake();
  const auto path = std::string(own) + "/objects/1-01005e31800a/methods/1";
  const auto at_once = h.ask(http::method::post, path);
  CHECK(at_once.status == 200);
  CHECK(at_once.document.contains("verified"));
  constexpr auto id = "uuid:7d1c0f2e-9b43-4c55-8f0a-2b6f1f7c9a10";
  const auto later = h.ask(http::method::post, path, {},
                           {{"x-CID", id}, {"x-ContactURI", "https://127.0.0.1/answers/cosem/methods/2"}});
  CHECK(later.status == 202);
  REQUIRE(eventually([&] { return !h.gwa.messages().empty(); }));
  const auto message = h.gwa.messages().front();
  CHECK(message.correlation == id);
  CHECK(message.target == "/answers/cosem/methods/2");
  CHECK(message.content.contains("verified"));
  CHECK(h.ask(http::method::post, path, {}, {{"x-CID", id}, {"x-ContactURI", "https://elsewhere.test/x"}}).status ==
        400);
  CHECK(h.ask(http::method::post, path, {}, {{"x-CID", "uuid:1"}}).status == 400);
  stop(gateway);
  CHECK_FALSE(records(h, "system", "self test passed").empty());
}

TEST_CASE("an administrator that half closes its connections is called again, and nothing waits for it",
          "[process][wan-faults]") {
  house_options o;
  o.administrator = true;
  house h(o);
  for (const auto octets : {1UL, 900UL}) h.administrator_faults.push_back({.finish_after = octets});
  const auto& gwa = h.open_administrator();
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  const auto packet = gwa.wake_up_packet(sim::wall_clock());
  REQUIRE(packet);
  REQUIRE(sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()));
  REQUIRE(gwa.await_gateway(patience));
  const auto ask = [&] { return gwa.ask(http::method::get, "/cosem/ldevs/"); };
  CHECK(ask());
  gwa.hang_up();
  REQUIRE(eventually([&] {
    const auto again = gwa.wake_up_packet(sim::wall_clock());
    return again && sim::gwa::send_packet(*again, "127.0.0.1", h.wake_up_port()) && gwa.await_gateway(5s);
  }));
  CHECK(ask());
  gwa.hang_up();
  CHECK(eventually([&] { return h.status().dump().contains("\"state\":\"idle\""); }));
  stop(gateway);
  audit_chains(h);
}

TEST_CASE("curl reads and writes a gateway through the relay; the shell runs a script", "[process]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  h.wake();
  const auto through = sim::relay::start(h.administrator(), 0);
  REQUIRE(through);
  const auto base = "http://127.0.0.1:" + std::to_string((*through)->port());
  CHECK(slurp("curl -s -m 20 " + base + "/cosem/ldevs/").contains("<ldev id=\"gwa.sm\"/>"));
  const auto object = base + std::string(own) + "/objects/1-01005e318005";
  const auto file = h.world().folder / "log.xml";
  REQUIRE(sim::write_file(file, R"(<object class-id="1" version="0" id="01005e318005"><attributes><attribute id="2">)"
                                R"(<UTF8-string>{"profile":"log","version":1,"system_entries":5000}</UTF8-string>)"
                                R"(</attribute></attributes></object>)"));
  CHECK(slurp("curl -s -m 20 -o /dev/null -w '%{http_code}' -T " + file.string() + " " + object) == "201");
  CHECK(slurp("curl -s -m 20 " + object).contains("\"system_entries\":5000"));
  CHECK(slurp("curl -s -m 20 -o /dev/null -w '%{http_code}' -r 0-99 " + base + "/cosem") == "206");

  std::istringstream script("ls\nshow gwa.sm 1-01005e318003\nexpect 200\nlog system 5\nexpect 200\nclock\nself-test\n");
  std::ostringstream out;
  CHECK(sim::gwa_shell(h.administrator(), h.gwa, script, out, true) == 0);
  CHECK(out.str().contains("\"role\": \"administrator\""));
  CHECK(out.str().contains("GET /smgw/cosem"));
  std::istringstream wrong("help\nproxy nobody\nexpect 404\ndecommission\n");
  std::ostringstream told;
  CHECK(sim::gwa_shell(h.administrator(), h.gwa, wrong, told, true) == 1);
  CHECK(told.str().contains("decommission for good"));
  CHECK(told.str().contains("404"));
  CHECK(told.str().contains("not a command: decommission"));
  stop(gateway);
}

TEST_CASE("the administrator renews the gateway's certificates: keys made inside, requests out, certificates in",
          "[process]") {
  managed_house h;
  auto gateway = process::run(h.configuration());
  REQUIRE(gateway.await_line("gateway: running"));
  h.wake();
  const auto methods = std::string(own) + "/objects/1-01005e31800b/methods/";
  const auto requested = h.ask(http::method::post, methods + "1");
  REQUIRE(requested.status == 200);
  const auto from = requested.document.find("<octet-string>") + 14;
  const auto package = from_hex(requested.document.substr(from, requested.document.find('<', from) - from));
  REQUIRE(package);
  const auto issued = sim::issue_certificates(h.world().pki(), *package, sim::wall_clock());
  INFO((issued ? "" : issued.error().what));
  REQUIRE(issued);
  const auto parameter = [](std::string_view text) {
    const auto octets = as_bytes(text);
    return cosem::write_method_request(cosem::data{cosem::data_type::octet_string, bytes(octets.begin(), octets.end())})
        .value();
  };
  CHECK(h.ask(http::method::post, methods + "2", parameter("nothing")).status == 422);
  const auto installed = h.ask(http::method::post, methods + "2", parameter(*issued));
  CHECK(installed.status == 200);
  CHECK(installed.document.contains("tls.pem"));
  CHECK_FALSE(installed.document.contains("missing"));
  const platform::own_certificates certificates(h.data() / "certificates");
  CHECK(certificates.next() == 1);

  // An administrator who does not know them yet refuses them: those in force go on.
  h.gwa.hang_up();
  REQUIRE(gateway.await_line("administrator: not reached: "));
  REQUIRE(h.gwa.await_gateway(patience));
  CHECK(h.ask(http::method::get, "/cosem/ldevs/").status == 200);
  CHECK(certificates.current() == 0);
  CHECK(certificates.next() == 1);

  // One who does gets them first, and from then on everyone.
  h.gateway_certificates = certificates.folder(1);
  auto& knowing = h.open_administrator();
  const auto wake = [&] {
    REQUIRE(eventually([&] {
      const auto packet = knowing.wake_up_packet(sim::wall_clock());
      return packet && sim::gwa::send_packet(*packet, "127.0.0.1", h.wake_up_port()) && knowing.await_gateway(5s);
    }));
    // Sealed for the new key, signed with the new key.
    const auto told = knowing.ask(http::method::get, "/cosem/ldevs/");
    INFO((told ? "" : told.error().what));
    REQUIRE(told);
    CHECK(told->document.contains("taf7-1.sm"));
  };
  wake();
  CHECK(gateway.await_line("certificates of generation 1 are in force"));
  REQUIRE(eventually([&] { return certificates.current() == 1 && !certificates.next(); }));
  stop(gateway);
  CHECK_FALSE(records(h, "system", "keys of generation 1 made, certificates requested").empty());
  CHECK_FALSE(records(h, "system", "certificates of generation 1 are in force").empty());

  knowing.hang_up();
  auto again = process::run(h.configuration());
  REQUIRE(again.await_line("gateway: running"));
  wake();
  stop(again);
  audit_chains(h);
}
