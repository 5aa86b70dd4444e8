// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/openssl_peer.hpp"
#include "interoperability.hpp"

#include <catch2/generators/catch_generators.hpp>

using namespace smgw;
using namespace smgw::crypto;
using namespace smgw::crypto::test;

namespace {

struct suite_name {
  std::uint16_t code;
  std::string openssl;
};
const std::vector<suite_name> suites12{{0xC023, "ECDHE-ECDSA-AES128-SHA256"},
                                       {0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256"},
                                       {0xC024, "ECDHE-ECDSA-AES256-SHA384"},
                                       {0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384"}};
const std::vector<suite_name> suites13{
    {0x1301, "TLS_AES_128_GCM_SHA256"}, {0x1302, "TLS_AES_256_GCM_SHA384"}, {0x1304, "TLS_AES_128_CCM_SHA256"}};

std::string openssl_group(curve c, bool tls13) {
  std::string name{to_string(c)};
  return tls13 && name.starts_with("brainpool") ? name + "tls13" : name;
}

/// We on one side, the program on the other, both with self-signed certificates.
struct meeting {
  scratch files;
  party we, they;
  std::string cert, key, ours;
  explicit meeting(curve on)
      : we(make_self_signed_party(on, "ebsi0012345678.sm", now() - std::chrono::hours{1}, std::chrono::days{30})),
        they(make_self_signed_party(on, "1emh0010482201.sm", now() - std::chrono::hours{1}, std::chrono::days{30})),
        cert(files.write("cert.pem", to_pem(they.own()))),
        key(files.write("key.pem", key_pem(they))),
        ours(files.write("ours.pem", to_pem(we.own()))) {}
  /// The program looks at the real clock, so these certificates live around it.
  static timestamp now() {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::vector<std::string> words(std::string tool, const std::vector<std::string>& more) const {
    std::vector<std::string> w{"openssl",        std::move(tool),       "-cert", cert, "-key", key, "-CAfile", ours,
                               "-partial_chain", "-verify_return_error"};
    w.insert(w.end(), more.begin(), more.end());
    return w;
  }
  std::vector<std::string> limits(const suite_name& suite, curve group, bool tls13) const {
    return {tls13 ? "-tls1_3" : "-tls1_2", tls13 ? "-ciphersuites" : "-cipher", suite.openssl, "-groups",
            openssl_group(group, tls13)};
  }
};

/// For the table in docs/interoperability.md.
void record(const meeting& m, const suite_name& suite, curve group, bool tls13, const char* role) {
  const std::string identity{to_string(m.we.own().on)};
  smgw::test::record_interoperability(
      tls13 ? "TLS 1.3, identity on " + identity : "TLS 1.2, identity and group on the same curve", suite.openssl,
      std::string{to_string(group)}, role);
}

/// We are the client; the program reverses each line it gets.
void meet_server(meeting& m, const suite_name& suite, curve group, bool tls13) {
  auto options = m.limits(suite, group, tls13);
  options.insert(options.end(), {"-accept", "127.0.0.1:0", "-Verify", "1", "-rev"});
  child server{m.words("s_server", options)};
  server.until("ACCEPT 127.0.0.1:");
  const auto text = server.until("\n");
  const auto port = std::stoi(text.substr(text.find("127.0.0.1:") + 10));
  const wire w = wire::dial(static_cast<std::uint16_t>(port));
  endpoint us{must(tls_session::create(config_of(tls_role::client, m.we, m.they)))};
  w.write(us.take(must(us.session.start(m.now()))));
  w.drive(us, [&] { return us.done; }, m.now());
  if (us.failure) FAIL(us.failure->why.what << " / " << server.heard);
  REQUIRE(us.done);
  CHECK(us.session.summary()->suite == suite.code);
  CHECK(us.session.summary()->group == to_string(group));
  w.write(must(us.session.send(as_bytes("retem a\n"))));
  w.drive(us, [&] { return us.received.size() >= 8; }, m.now());
  REQUIRE(as_text(us.received) == "a meter\n");
  record(m, suite, group, tls13, "client");
}

/// We are the server; the program says one line and prints ours.
void meet_client(meeting& m, const suite_name& suite, curve group, bool tls13) {
  const listener l;
  auto options = m.limits(suite, group, tls13);
  options.insert(options.end(), {"-connect", "127.0.0.1:" + std::to_string(l.port), "-quiet"});
  child client{m.words("s_client", options)};
  const wire w = l.accept();
  endpoint us{must(tls_session::create(config_of(tls_role::server, m.we, m.they)))};
  us.take(must(us.session.start(m.now())));
  w.drive(us, [&] { return us.done; }, m.now());
  if (us.failure) FAIL(us.failure->why.what << " / " << client.heard);
  REQUIRE(us.done);
  CHECK(us.session.summary()->suite == suite.code);
  CHECK(us.session.summary()->group == to_string(group));
  CHECK(us.session.summary()->peer == m.they.own());
  client.say("hello gateway\n");
  w.drive(us, [&] { return us.received.size() >= 14; }, m.now());
  CHECK(as_text(us.received) == "hello gateway\n");
  w.write(must(us.session.send(as_bytes("hello meter\n"))));
  client.until("hello meter\n");
  w.write(us.session.close());
  record(m, suite, group, tls13, "server");
}

}  // namespace

TEST_CASE("TLS 1.2 with openssl, both ways, all curves and suites",
          "[tls][openssl][REQ.TA.TLS.Handshake.30][REQ.TA.TLS.Handshake.50][REQ.TA.TLS.Handshake.80]"
          "[REQ.TA.TLS.Handshake.90]") {
  const auto on = GENERATE(curve::brainpool_p256r1, curve::brainpool_p384r1, curve::brainpool_p512r1, curve::secp256r1,
                           curve::secp384r1);
  meeting m{on};
  for (const auto& suite : suites12) {
    INFO(to_string(on) << " " << suite.openssl);
    meet_server(m, suite, on, false);
    meet_client(m, suite, on, false);
  }
  CHECK(m.we.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("TLS 1.3 with openssl, both ways, every group with every suite", "[tls][openssl][REQ.TA.TLS.Handshake.70]") {
  const auto on = GENERATE(curve::secp256r1, curve::secp384r1, curve::brainpool_p256r1, curve::brainpool_p384r1,
                           curve::brainpool_p512r1);
  if (!tls13_possible(on)) SKIP("this TLS library has no Brainpool certificates in TLS 1.3");
  meeting m{on};
  for (const auto group : all_curves)
    for (const auto& suite : suites13) {
      INFO(to_string(on) << " " << to_string(group) << " " << suite.openssl);
      meet_server(m, suite, group, true);
      meet_client(m, suite, group, true);
    }
  CHECK(m.we.keys->counters().ephemerals_alive == 0);
}

TEST_CASE("what openssl can do and TR-03116-3 does not list is refused", "[tls][openssl][REQ.TA.TLS.Handshake.30]") {
  meeting m{curve::secp256r1};
  const auto options = GENERATE(std::vector<std::string>{"-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"},
                                std::vector<std::string>{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"},
                                std::vector<std::string>{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM"},
                                std::vector<std::string>{"-tls1_2", "-groups", "secp521r1"},
                                std::vector<std::string>{"-tls1_2", "-groups", "X25519"},
                                std::vector<std::string>{"-tls1_3", "-groups", "X25519"},
                                std::vector<std::string>{"-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"},
                                std::vector<std::string>{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
  const listener l;
  auto all = options;
  all.insert(all.end(), {"-connect", "127.0.0.1:" + std::to_string(l.port), "-quiet"});
  child client{m.words("s_client", all)};
  const wire w = l.accept();
  endpoint us{must(tls_session::create(config_of(tls_role::server, m.we, m.they)))};
  us.take(must(us.session.start(m.now())));
  w.drive(us, [] { return false; }, m.now());
  REQUIRE(us.failure);
  CHECK((us.failure->alert == "handshake_failure" || us.failure->alert == "protocol_version" ||
         us.failure->alert == "insufficient_security"));
}

TEST_CASE("renegotiation is refused in both roles", "[tls][openssl]") {
  meeting m{curve::brainpool_p256r1};
  std::optional<endpoint> side;
  SECTION("asked for by the client") {
    const listener l;
    child client{m.words("s_client",
                         {"-tls1_2", "-groups", "brainpoolP256r1", "-connect", "127.0.0.1:" + std::to_string(l.port)})};
    const wire w = l.accept();
    auto& us = side.emplace(must(tls_session::create(config_of(tls_role::server, m.we, m.they))));
    us.take(must(us.session.start(m.now())));
    w.drive(us, [&] { return us.done; }, m.now());
    REQUIRE(us.done);
    client.say("R\n");
    w.drive(us, [] { return false; }, m.now());
  }
  SECTION("asked for by the server") {
    child server{
        m.words("s_server", {"-tls1_2", "-groups", "brainpoolP256r1", "-accept", "127.0.0.1:0", "-Verify", "1"})};
    server.until("ACCEPT 127.0.0.1:");
    const auto text = server.until("\n");
    const wire w = wire::dial(static_cast<std::uint16_t>(std::stoi(text.substr(text.find("127.0.0.1:") + 10))));
    auto& us = side.emplace(must(tls_session::create(config_of(tls_role::client, m.we, m.they))));
    w.write(us.take(must(us.session.start(m.now()))));
    w.drive(us, [&] { return us.done; }, m.now());
    REQUIRE(us.done);
    server.until("CIPHER is");
    server.say("r\n");
    w.drive(us, [] { return false; }, m.now());
  }
  REQUIRE(side->failure);
  CHECK(side->failure->alert == "no_renegotiation");
  CHECK(side->failure->why.code == errc::denied);
}

TEST_CASE("openssl resumes sessions of ours by id and by ticket", "[tls][openssl]") {
  const bool tls13 = GENERATE(false, true);
  meeting m{curve::secp256r1};
  auto config = config_of(tls_role::server, m.we, m.they);
  config.cache = std::make_shared<tls_session_cache>();
  const auto connect = [&](const std::string& how) {
    const listener l;
    child client{m.words("s_client", {tls13 ? "-tls1_3" : "-tls1_2", "-connect", "127.0.0.1:" + std::to_string(l.port),
                                      how, m.files / "session"})};
    const wire w = l.accept();
    endpoint us{must(tls_session::create(config))};
    us.take(must(us.session.start(m.now())));
    w.drive(us, [&] { return us.done; }, m.now());
    REQUIRE(us.done);
    client.say("x\n");
    w.drive(us, [&] { return !us.received.empty(); }, m.now());
    w.write(must(us.session.send(as_bytes("the session is saved by now\n"))));
    client.until("saved by now");
    CHECK(us.session.summary()->peer == m.they.own());
    return us.session.summary()->resumed;
  };
  CHECK_FALSE(connect("-sess_out"));
  CHECK(connect("-sess_in"));
}

TEST_CASE("max_fragment_length is agreed with openssl, and keeps records small",
          "[tls][openssl][REQ.TLSHDLC.SMGW.40]") {
  meeting m{curve::brainpool_p384r1};
  const listener l;
  child client{m.words("s_client", {"-tls1_2", "-groups", "brainpoolP384r1", "-maxfraglen", "2048", "-quiet",
                                    "-connect", "127.0.0.1:" + std::to_string(l.port)})};
  const wire w = l.accept();
  auto config = config_of(tls_role::server, m.we, m.they);
  config.max_fragment_length = true;
  endpoint us{must(tls_session::create(config))};
  us.take(must(us.session.start(m.now())));
  w.drive(us, [&] { return us.done; }, m.now());
  REQUIRE(us.done);
  std::string text(6000, 'm');
  w.write(must(us.session.send(as_bytes(text + "end"))));
  client.until("mmmend");
}

TEST_CASE("TLS 1.3: a server with more than one CA names them when it asks for a certificate",
          "[tls][openssl][REQ.TA.TLS.Handshake.155]") {
  const auto authority = [](const std::string& name) {
    return must(certificate_authority::make_root(soft_key_store::in_memory(), "root", curve::secp256r1,
                                                 {.subject = {.common_name = name, .country = "DE"},
                                                  .not_before = meeting::now() - std::chrono::hours{1},
                                                  .not_after = meeting::now() + std::chrono::hours{24}}))
        .own();
  };
  meeting m{curve::secp256r1};
  const listener l;
  child client{m.words("s_client", {"-tls1_3", "-connect", "127.0.0.1:" + std::to_string(l.port)})};
  const wire w = l.accept();
  auto config = config_of(tls_role::server, m.we, m.they, tls_interface::han);
  config.peer.pinned.clear();
  config.peer.anchors = {authority("First.CA"), authority("Second.CA")};
  endpoint us{must(tls_session::create(config))};
  us.take(must(us.session.start(m.now())));
  w.drive(us, [&] { return us.done; }, m.now());
  // Neither of them made the program's certificate; that comes to light after the names went out.
  CHECK(us.failure);
  client.until("Acceptable client certificate CA names");
  client.until("First.CA");
  client.until("Second.CA");
}
