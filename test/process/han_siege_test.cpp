// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The home network at its worst, while the meters go on.
#include "actors/io/streams.hpp"
#include "neighbours.hpp"

#include <cstdio>
#include <thread>

using namespace smgw;
using namespace smgw::test;

namespace {

/// A client that does TLS and then says as little as it can: `openssl s_client`, fed octet by octet.
class dawdler {
 public:
  explicit dawdler(std::uint16_t port)
      : pipe_(::popen(
            ("openssl s_client -quiet -connect 127.0.0.1:" + std::to_string(port) + " >/dev/null 2>&1").c_str(), "w")) {
    REQUIRE(pipe_ != nullptr);
  }
  ~dawdler() { ::pclose(pipe_); }
  dawdler(const dawdler&) = delete;
  dawdler& operator=(const dawdler&) = delete;
  void say(const char* text) {
    std::fputs(text, pipe_);
    std::fflush(pipe_);
  }

 private:
  FILE* pipe_;
};

/// Telegrams of both meters are stored from now on.
void readings_go_on(process& gateway) {
  const auto from = gateway.lines().size();
  REQUIRE(gateway.await_line("1SMG0000000001: stored ", from));
  REQUIRE(gateway.await_line("1SMG0000000002: stored ", from));
}

/// Another device of the home network, with an address of its own.
const std::vector<std::string> elsewhere{"--interface", "127.0.0.2"};
const std::string own_readings = "/smgw/con/v1/exp/Readings/taf7-1?q.count=1";

}  // namespace

TEST_CASE("two hundred silent connections and slow clients take no place from other devices", "[process][han]") {
  neighbours n;
  std::vector<io::descriptor> silent;
  for (int i = 0; i < 200; ++i) {
    auto fd = io::dial_tcp("127.0.0.1", n.home.port(), 5s);
    if (fd) silent.push_back(std::move(*fd));
  }
  CHECK(silent.size() == 200);
  REQUIRE(eventually([&] {
    const auto name = "door 127.0.0.1:" + std::to_string(n.home.port());
    return n.houses.number(name, "connections") == 16 && n.houses.number(name, "refused") >= 184;
  }));
  CHECK(n.home.get("consumer1", own_readings, elsewhere).status == 200);
  CHECK(n.home.get("consumer1", own_readings).status == 0);  // this address has had its share
  readings_go_on(n.gateway);
  silent.clear();
  REQUIRE(eventually([&] { return n.home.get("consumer1", own_readings).status == 200; }));

  std::vector<std::unique_ptr<dawdler>> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(std::make_unique<dawdler>(n.home.port()));
    slow.back()->say("GET /smgw/ HTTP/1.1\r\nHost: smgw.local\r\nX-Slow: ");
  }
  for (int i = 0; i < 10; ++i) {
    for (auto& s : slow) s->say("x");
    CHECK(n.home.get("consumer1", own_readings).status == 200);
    std::this_thread::sleep_for(200ms);
  }
  readings_go_on(n.gateway);
  slow.clear();
  CHECK(n.gateway.wait(0ms) == std::nullopt);
  stop(n.gateway);
}

TEST_CASE("malformed requests and tricks with paths open nothing", "[process][han][REQ.Webservice.HttpServer.203]") {
  neighbours n;
  const std::string own = "/smgw/con/v1/exp/Readings/taf7-1";
  const std::vector<std::string> tricks{std::string{"/../../etc/passwd"},
                                        std::string{"/assets/..%2f..%2fgateway.json"},
                                        std::string{"/%2e%2e/gateway.json"},
                                        "/smgw/con/v1/exp/Readings/taf7-1/../taf7-2",
                                        "/smgw/con/v1/exp/Readings/x/%2e%2e/taf7-2",
                                        own + "%00.json",
                                        own + "%2f..%2ftaf7-2",
                                        "/smgw/con/v1/../../srv/v1/exp/Log/self",
                                        "//smgw/con/v1/exp/Log/self",
                                        own + "?q.obis=%ff%fe",
                                        own + "?q.fromtime=9999-99-99",
                                        own + "?q.count=-1",
                                        own + "?q.count=99999999999999999999",
                                        own + "?q.unknown=1",
                                        std::string{"/%zz"},
                                        "/" + std::string(9000, 'a'),
                                        "/smgw/con/v1/exp/Readings/" + std::string(3000, '7')};
  for (const auto& path : tricks) {
    const auto f = n.home.get("consumer1", path);
    INFO(path.substr(0, 80) << " -> " << f.status << " " << f.body.substr(0, 200));
    CHECK(f.status >= 400);
    CHECK(f.status < 500);
    CHECK_FALSE(f.body.contains("0000000002"));
    CHECK_FALSE(f.body.contains("key_store"));
  }
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"-X", "BREW"},
        {"-X", "TRACE"},
        {"-H", "Host:"},
        {"-H", "Content-Length: -1"},
        {"-H", "Transfer-Encoding: chunked, gzip", "-d", "x"},
        {"-H", "Content-Length: 3", "-H", "Transfer-Encoding: chunked", "-d", "x"},
        {"-H", "Authorization: Digest " + std::string(4000, 'x')},
        {"-H", "X: " + std::string(100'000, 'x')},
        {"-H", "Authorization: Digest username=\"consumer1\", realm=\"esmg0000000001\""}}) {
    const auto f = n.home.curl(how, own);
    INFO(how.back().substr(0, 80) << " -> " << f.status);
    CHECK((f.status == 0 || (f.status >= 400 && f.status <= 505)));
    CHECK_FALSE(f.body.contains("\"value\""));
  }
  CHECK(n.home.get("consumer1", own).status == 200);
  readings_go_on(n.gateway);
  stop(n.gateway);
}
