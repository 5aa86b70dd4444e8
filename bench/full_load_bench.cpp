// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The full load of the prototype of 2014, which took 95 % of both cores of its board: two web servers busy, meters
// read, cryptography in software. Here eight meters send each second, two consumers each open a TLS connection every
// second and ask ten times on it, the administrator asks twice a second in signed and encrypted messages, and the
// market participant gets deliveries; what the gateway's process takes of one core, all the others being processes or
// threads of their own. usage: full_load_bench [SECONDS]

#include "actors/platform/console.hpp"
#include "base/time_text.hpp"
#include "emt.hpp"
#include "gwa.hpp"
#include "han_client.hpp"
#include "listen.hpp"
#include "meter.hpp"
#include "process_cost.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int meters = 8;

struct port {
  std::uint16_t number = 0;
  io::descriptor held = must(sim::reserve_port(number), "port");
};

/// What the others did.
struct tally {
  std::atomic<std::uint64_t> connections = 0, answers = 0, orders = 0, deliveries = 0, values = 0;
};

/// Everyone around a gateway.
class town {
 public:
  explicit town(const fs::path& folder) {
    sim::world_options w{.folder = folder,
                         .gateway = *device_id::parse("ESMG0000000001"),
                         .meters = {},
                         .emt_port = market_port_.number,
                         .gwa_port = administrator_port_.number,
                         .gwa_service_port = service_port_.number,
                         .wake_up_port = wake_up_port_.number,
                         .period = 5s,
                         .billing = 60s,
                         .delivery = 15s,
                         .now = sim::wall_clock()};
    for (int i = 1; i <= meters; ++i) {
      const auto id = *device_id::parse(std::format("1SMG{:010}", i));
      meters_.push_back(
          must(sim::meter::start({.id = id, .seed = static_cast<std::uint64_t>(i), .interval = 1s}), "a meter"));
      w.meters.push_back({id, "127.0.0.1", meters_.back()->port(), ""});
    }
    world_ = must(sim::make_world(w), "the world");
    open_home(world_, consumer, home_port.number);
    const auto tls = must(sim::load_certificates(world_.pki() / "gateway/tls.pem"), "certificate");
    market_ = must(sim::emt::start({.port = market_port_.number,
                                    .self = must(sim::load_party(world_.pki() / "stadtwerk"), "keys"),
                                    .gateways = {.pinned = {tls.front()}, .anchors = {}},
                                    .gateway_signers =
                                        must(sim::load_certificates(world_.pki() / "gateway/sig.pem"), "certificate"),
                                    .faults = {},
                                    .say = {},
                                    .take =
                                        [this](const sim::received_delivery& d) {
                                          ++did.deliveries;
                                          for (const auto& c : d.content.channels) did.values += c.entries.size();
                                        }}),
                   "market participant");
    administrator = must(sim::gwa::start({.port = administrator_port_.number,
                                          .service_port = service_port_.number,
                                          .self = must(sim::load_party(world_.pki() / "administrator"), "keys"),
                                          .gateways = {must(sim::load_gateway(world_.pki() / "gateway"), "gateway")},
                                          .say = {}}),
                         "administrator");
  }
  [[nodiscard]] const sim::world& world() const { return world_; }
  /// The gateway calls its administrator.
  void wake_up() {
    const auto& g = administrator->gateways().front();
    for (int i = 0; i < 10 && !g.connected(); ++i) {
      const auto packet = must(g.wake_up_packet(sim::wall_clock()), "wake-up");
      must(sim::gwa::send_packet(packet, "127.0.0.1", wake_up_port_.number), "wake-up");
      static_cast<void>(g.await_gateway(2s));
    }
    if (!g.connected()) give_up("the gateway does not call");
  }

  sim::cls_party consumer = must(sim::make_cls("consumer.bench", sim::wall_clock()), "certificate");
  port home_port;
  std::unique_ptr<sim::gwa> administrator;
  tally did;

 private:
  port market_port_, administrator_port_, service_port_, wake_up_port_;
  std::vector<std::unique_ptr<sim::meter>> meters_;
  sim::world world_;
  std::unique_ptr<sim::emt> market_;
};

/// A consumer who looks at the page again and again.
void consume(town& t, const crypto::certificate& gateway, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    han_client c(t.home_port.number, t.consumer, gateway);
    ++t.did.connections;
    for (int i = 0; i < 10 && !stop.stop_requested(); ++i) {
      const auto path = i % 2 == 0 ? "/smgw/con/v1/exp/Readings/taf7-1?q.count=100&q.fromtime=" +
                                         to_iso8601(timestamp{sim::wall_clock() - 10min})
                                   : std::string("/smgw/con/v1/rts/Gateway/self");
      const auto answer = c.get(path);
      if (!answer.starts_with("HTTP/1.1 200")) give_up(answer.substr(0, 300));
      ++t.did.answers;
      std::this_thread::sleep_for(100ms);
    }
  }
}

void administrate(town& t, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto answer = must(t.administrator->gateways().front().ask(http::method::get, "/cosem/ldevs/"), "an order");
    if (answer.status != 200) give_up(std::format("the gateway answers {}", answer.status));
    ++t.did.orders;
    std::this_thread::sleep_for(500ms);
  }
}

pid_t start_gateway(const sim::world& world) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(SMGW_PROGRAM, SMGW_PROGRAM, "run", "--quiet", "--config", world.configuration().c_str(), nullptr);
    ::_exit(127);
  }
  for (int i = 0; i < 100 && !platform::ask_console(world.data(), "status"); ++i) std::this_thread::sleep_for(100ms);
  return pid;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto length = std::chrono::seconds{argc > 1 ? std::max(1, std::atoi(argv[1])) : 30};
  const fs::path top = fs::current_path() / "full_load_bench.data";
  fs::remove_all(top);
  {
    town t(top);
    const auto pid = start_gateway(t.world());
    t.wake_up();
    const auto own = must(sim::load_certificates(t.world().data() / "certificates/han.pem"), "certificate").front();
    std::vector<std::jthread> busy;
    for (int i = 0; i < 2; ++i) busy.emplace_back([&t, &own](const std::stop_token& stop) { consume(t, own, stop); });
    busy.emplace_back([&t](const std::stop_token& stop) { administrate(t, stop); });
    std::this_thread::sleep_for(5s);
    const auto connections = t.did.connections.load(), answers = t.did.answers.load(), orders = t.did.orders.load();
    const auto deliveries = t.did.deliveries.load(), values = t.did.values.load();
    const auto before = cpu_seconds(pid);
    std::this_thread::sleep_for(length);
    const auto seconds = static_cast<double>(length.count());
    std::cout << std::format(
        "{} meters, a telegram a second each: {:.1f} % of one core, {:.0f} MiB resident\n"
        "in {} s: {} TLS connections and {} answers to consumers, {} to the administrator, {} deliveries of {} "
        "values\n",
        meters, 100 * (cpu_seconds(pid) - before) / seconds, resident_kib(pid) / 1024, length.count(),
        t.did.connections - connections, t.did.answers - answers, t.did.orders - orders, t.did.deliveries - deliveries,
        t.did.values - values);
    busy.clear();
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
  fs::remove_all(top);
  return 0;
}
