// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: out of a store with a year of quarter hours, a month (31 days, 2,976 values) is with the consumer within 50
// ms: TLS, routing, rights, the sealed store and JSON included. One connection, the client on the other core. Writes to
// the working directory. usage: han_readings_bench [REQUESTS]

#include "actors/platform/assembly.hpp"
#include "base/time_text.hpp"
#include "han_client.hpp"
#include "household.hpp"
#include "listen.hpp"

#include <caf/io/middleman.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <format>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr auto period = 15min;
constexpr auto year = 24h * 365;

struct configuration : caf::actor_system_config {
  configuration() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("middleman.workers", std::size_t{0});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

const device_id meter = *device_id::parse("1SMG0000000001");

/// A gateway with a home network and a consumer who has a certificate.
class gateway {
 public:
  gateway(const fs::path& folder, const sim::cls_party& consumer, std::uint16_t port, timestamp first) {
    const auto world = must(sim::make_world({.folder = folder,
                                             .gateway = *device_id::parse("ESMG0000000001"),
                                             .meters = {{meter, "127.0.0.1", 9, ""}},
                                             .emt_port = 9,
                                             .period = period,
                                             .billing = 24h,
                                             .delivery = 24h,
                                             .retry = 30s,
                                             .now = first}),
                            "the world");
    open_home(world, consumer, port);
    auto parts =
        must(platform::assemble(world.configuration(), [](std::string_view, std::string_view) {}, {}), "the gateway");
    leaving_ = parts.leaving;
    root_ = spawn_root(system_, handles_, std::move(parts));
    if (!handles_->await("status", 60s)) give_up("the gateway does not come up");
    data_ = world.data();
  }
  ~gateway() {
    leaving_.request_stop();
    caf::scoped_actor self{system_};
    self->monitor(root_);
    self->send_exit(root_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    handles_->clear();
  }
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;

  /// A year of the meter's values, as if they had come.
  void fill(timestamp from, timestamp to) {
    const sim::household truth(1);
    caf::scoped_actor self{system_};
    const auto store = handles_->get<store_actor>("store");
    for (auto at = from; at < to;) {
      auto changes = std::make_shared<store::batch>();
      for (int i = 0; i < 1000 && at < to; ++i, at += period) {
        list_entry e;
        e.target = at;
        e.value.meter = meter;
        e.value.register_name = *obis::parse("1-0:1.8.0");
        e.value.value = {truth.energy(at), -1};
        e.value.measured = unit::watt_hour;
        e.value.captured = at + 1s;
        e.value.status = {.smgw = 5, .meter = 4};
        e.signature = bytes(64, 7);
        changes->append(period, e);
      }
      self->request(store, 60s, commit{changes})
          .receive([](const committed&) {}, [](const caf::error& e) { give_up("the store: " + to_string(e)); });
    }
  }
  [[nodiscard]] fs::path data() const { return data_; }

 private:
  configuration config_;
  caf::actor_system system_{config_};
  std::shared_ptr<board> handles_ = std::make_shared<board>();
  std::stop_source leaving_;
  caf::actor root_;
  fs::path data_;
};

void measure(han_client& c, const char* what, const std::string& path, int rounds) {
  std::vector<double> ms;
  std::size_t size = 0;
  for (int i = 0; i < rounds + 3; ++i) {
    const auto from = steady::now();
    const auto answer = c.get(path);
    const auto took = std::chrono::duration<double, std::milli>(steady::now() - from).count();
    if (!answer.starts_with("HTTP/1.1 200")) give_up(answer.substr(0, 300));
    if (i >= 3) ms.push_back(took);
    size = answer.size();
  }
  std::ranges::sort(ms);
  double sum = 0;
  for (const auto m : ms) sum += m;
  std::cout << std::format("{:<34} {:>8.1f}/s  p50 {:>7.2f} ms  p99 {:>7.2f} ms  {:>9} octets\n", what,
                           1000.0 * static_cast<double>(ms.size()) / sum, ms[ms.size() / 2], ms[ms.size() * 99 / 100],
                           size);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const int rounds = argc > 1 ? std::max(10, std::atoi(argv[1])) : 100;
  const fs::path top = fs::current_path() / "han_readings_bench.data";
  fs::remove_all(top);
  const auto now = std::chrono::floor<std::chrono::days>(sim::wall_clock());
  const timestamp from = now - year;
  std::uint16_t port = 0;
  const auto held = must(sim::reserve_port(port), "port");
  const auto consumer = must(sim::make_cls("consumer.bench", sim::wall_clock()), "certificate");
  {
    gateway g(top, consumer, port, from);
    g.fill(from, now);
    const auto own = must(sim::load_certificates(g.data() / "certificates/han.pem"), "certificate").front();
    han_client c(port, consumer, own);
    const std::string readings = "/smgw/con/v1/exp/Readings/taf7-1?";
    const auto month = readings + "q.fromtime=" + to_iso8601(timestamp{now - 24h * 61}) +
                       "&q.totime=" + to_iso8601(timestamp{now - 24h * 30});
    measure(c, "31 days, 2,976 values", month, rounds);
    measure(c, "a year by days, 366 values",
            readings + "q.fromtime=" + to_iso8601(from) + "&q.totime=" + to_iso8601(timestamp{now}) + "&q.type=day",
            rounds / 4);
    measure(c, "the newest value", readings + "q.count=1&q.fromtime=" + to_iso8601(timestamp{now - 1h}), rounds * 4);
    measure(c, "the gateway's state", "/smgw/con/v1/rts/Gateway/self", rounds * 4);
  }
  fs::remove_all(top);
  return 0;
}
