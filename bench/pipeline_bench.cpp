// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The claim: telegrams go from the wire to the encrypted, synced disk and on to two tariff use cases by the hundred a
// second, and values of several meters share one sync.
// Each telegram is one slot of a 15-minute grid (the clock is the benchmark's): nothing is thrown away. All meters of a
// row send at once; the next round begins when all of their values are on disk.
// Writes to the working directory: where /tmp is memory, a sync there says nothing.
// usage: pipeline_bench [ROUNDS]

#include "actors/platform/assembly.hpp"
#include "household.hpp"
#include "meter.hpp"
#include "world.hpp"

#include <caf/io/middleman.hpp>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <format>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

constexpr auto period = 15min;
constexpr auto patience = 60s;

[[noreturn]] void give_up(std::string_view why) {
  std::cerr << why << "\n";
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}

struct configuration : caf::actor_system_config {
  configuration() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("middleman.workers", std::size_t{0});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

wire_actor::behavior_type line(wire_actor::pointer self) {
  return {[](const wire_write&) {}, [](const wire_more&) {}, [self](const wire_close&) { self->quit(); }};
}

/// What the gateway tells, for the thread that waits: who reads which port, and when values were stored.
struct desk {
  std::mutex guard;
  std::condition_variable changed;
  std::map<std::string, wire_user> ports;
  std::size_t stored = 0;
  std::vector<steady::time_point> stored_at;
};

device_id meter_id(std::size_t i) { return *device_id::parse(std::format("1SMG{:010}", i + 1)); }

/// A whole gateway without sockets; telegrams are handed to its links.
class bench_gateway {
 public:
  bench_gateway(const fs::path& folder, std::size_t meters, timestamp from) : meters_(meters), now_(from) {
    sim::world_options options{.folder = folder,
                               .gateway = *device_id::parse("ESMG0000000001"),
                               .emt_port = 9,
                               .period = period,
                               .billing = 24h,
                               .delivery = 24h,
                               .window = 0ms,
                               .retry = 30s,
                               .now = from};
    for (std::size_t i = 0; i < meters; ++i)
      options.meters.push_back({meter_id(i), "127.0.0.1", static_cast<std::uint16_t>(10 + i), ""});
    const auto world = sim::make_world(options);
    if (!world) give_up("the world cannot be made: " + world.error().what);
    auto parts = platform::assemble(world->configuration(),
                                    [this](std::string_view who, std::string_view what) {
                                      if (!what.starts_with("stored ") || who.empty()) return;
                                      const std::scoped_lock lock(desk_.guard);
                                      ++desk_.stored;
                                      desk_.stored_at.push_back(steady::now());
                                      desk_.changed.notify_all();
                                    },
                                    {});
    if (!parts) give_up(parts.error().what);
    parts->now = [this] { return now_.load(); };
    parts->open_port = [this](const profile::lmn_port& port) -> open_function {
      return [this, id = port.id](caf::actor_system& system, wire_user user) -> expected<wire_actor> {
        const std::scoped_lock lock(desk_.guard);
        desk_.ports[id] = user;
        desk_.changed.notify_all();
        return system.spawn(line);
      };
    };
    leaving_ = parts->leaving;
    root_ = spawn_root(system_, handles_, std::move(*parts));
    std::unique_lock lock(desk_.guard);
    if (!desk_.changed.wait_for(lock, patience, [this] { return desk_.ports.size() == meters_; }))
      give_up("the gateway does not come up");
    lock.unlock();
    // A meter that is still reading where its lists end would begin them at the second round.
    for (std::size_t i = 0; i < meters_; ++i)
      while (text("meter " + std::string(meter_id(i).text()), "state") != "reading") std::this_thread::sleep_for(1ms);
  }

  ~bench_gateway() {
    leaving_.request_stop();
    caf::scoped_actor self{system_};
    self->monitor(root_);
    self->send_exit(root_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    handles_->clear();
  }
  bench_gateway(const bench_gateway&) = delete;
  bench_gateway& operator=(const bench_gateway&) = delete;

  /// All meters send at `at`; adds the times from the telegram to the synced value of each, in milliseconds. The value
  /// of a slot is settled by the first telegram after its window, so a round settles the slot before.
  void round(timestamp at, bool settles, std::vector<double>& latencies) {
    now_ = at;
    std::vector<std::pair<wire_user, bytes>> telegrams;
    {
      const std::scoped_lock lock(desk_.guard);
      desk_.stored = 0;
      desk_.stored_at.clear();
      std::size_t i = 0;
      for (const auto& [port, user] : desk_.ports)
        telegrams.emplace_back(
            user, sim::meter_telegram(meter_id(number_of(port)), homes_[i++ % homes_.size()], at, ++index_));
    }
    const auto from = steady::now();
    for (auto& [user, data] : telegrams) caf::anon_send(user, wire_bytes{std::move(data), at});
    if (!settles) return await_meters(1);
    std::unique_lock lock(desk_.guard);
    if (!desk_.changed.wait_for(lock, patience, [this] { return desk_.stored >= meters_; }))
      give_up("a telegram was not stored");
    for (const auto t : desk_.stored_at)
      latencies.push_back(std::chrono::duration<double, std::milli>(t - from).count());
  }

  std::int64_t number(const std::string& role, const std::string& field) {
    return ask<std::int64_t>(role, field).value_or(-1);
  }
  std::string text(const std::string& role, const std::string& field) {
    return ask<std::string>(role, field).value_or("");
  }
  /// Until each meter has taken so many telegrams: the clock must not go on before.
  void await_meters(std::int64_t telegrams) {
    for (std::size_t i = 0; i < meters_; ++i)
      while (number("meter " + std::string(meter_id(i).text()), "telegrams") < telegrams)
        std::this_thread::sleep_for(1ms);
  }
  /// Until the tariffs have taken every value.
  void await_tariffs(std::int64_t values) {
    for (std::size_t i = 0; i < meters_; ++i)
      for (const auto* taf : {"1", "7"})
        while (number(std::format("contract taf{}-{}", taf, i + 1), "entries consumed") < values)
          std::this_thread::sleep_for(1ms);
  }

 private:
  template <class T>
  std::optional<T> ask(const std::string& role, const std::string& field) {
    std::optional<T> found;
    caf::scoped_actor self{system_};
    self->request(handles_->get<reporting_actor>(role), patience, query_status{})
        .receive(
            [&](const status_report& r) {
              for (const auto& [name, value] : r.fields)
                if (const auto* v = std::get_if<T>(&value); v != nullptr && name == field) found = *v;
            },
            [](const caf::error&) { give_up("an actor does not answer"); });
    return found;
  }

  /// Ports are named lmn0, lmn1, … in the order of the meters.
  static std::size_t number_of(const std::string& port) {
    return static_cast<std::size_t>(std::atoi(port.c_str() + 3));
  }

  configuration config_;
  caf::actor_system system_{config_};
  std::size_t meters_;
  std::atomic<timestamp> now_;
  std::vector<sim::household> homes_{sim::household{1}, sim::household{2}};
  std::uint32_t index_ = 0;
  desk desk_;
  std::shared_ptr<board> handles_ = std::make_shared<board>();
  std::stop_source leaving_;
  caf::actor root_;
};

void measure(const fs::path& folder, std::size_t meters, int rounds) {
  auto at = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
  fs::create_directories(folder);
  bench_gateway gateway(folder, meters, at - 1min);
  std::vector<double> latencies;
  gateway.round(at, false, latencies);
  const auto syncs = gateway.number("store", "syncs");
  const auto from = steady::now();
  for (int i = 0; i < rounds; ++i) gateway.round(at += period, true, latencies);
  gateway.await_tariffs(rounds);
  const double seconds = std::chrono::duration<double>(steady::now() - from).count();
  const auto synced = static_cast<double>(gateway.number("store", "syncs") - syncs);
  std::ranges::sort(latencies);
  const auto n = static_cast<double>(latencies.size());
  std::cout << std::format("{:>6} {:>13.0f} {:>10.2f} {:>10.2f} {:>9.0f} {:>16.1f}\n", meters, n / seconds,
                           latencies[latencies.size() / 2], latencies[latencies.size() * 99 / 100], synced / seconds,
                           n / synced);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const int rounds = argc > 1 ? std::max(20, std::atoi(argv[1])) : 400;
  const fs::path top = fs::current_path() / "pipeline_bench.data";
  fs::remove_all(top);  // of a run that was broken off
  std::cout << "telegram -> decoded -> sealed, synced store -> TAF 1 and TAF 7 (one core of two makes the telegrams)\n"
            << std::format("{:>6} {:>13} {:>10} {:>10} {:>9} {:>16}\n", "meters", "telegrams/s", "p50 ms", "p99 ms",
                           "syncs/s", "values per sync");
  for (const std::size_t meters : {1U, 8U, 64U}) measure(top / std::to_string(meters), meters, rounds);
  fs::remove_all(top);
  return 0;
}
