// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claims: a gateway delivers tens of messages a second to a market participant, over one connection, signed, encrypted
// and recorded; a thousand open connections cost a peer some tens of megabytes; a woken gateway has called and answered
// within a fraction of a second; delivering 64 meters' values takes a small share of a core, each minute too.
// The market participant is a process of its own: what it takes is not counted.
// usage: wan_bench [connections|deliveries|wake|meters]…

#include "actors/interfaces/metering.hpp"
#include "actors/platform/assembly.hpp"
#include "actors/platform/console.hpp"
#include "emt.hpp"
#include "gwa.hpp"
#include "household.hpp"
#include "listen.hpp"
#include "meter.hpp"
#include "process_cost.hpp"
#include "protocols/http/client_exchange.hpp"
#include "world.hpp"

#include <caf/io/middleman.hpp>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>
#include <thread>

namespace {

using namespace smgw;
using namespace smgw::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

[[noreturn]] void give_up(std::string_view why) {
  std::cerr << why << "\n";
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}
template <class T>
T must(expected<T> value) {
  if (!value) give_up(value.error().what);
  return *std::move(value);
}

timestamp now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
double since(steady::time_point from) { return std::chrono::duration<double>(steady::now() - from).count(); }

/// A market participant in a process of its own; its counts come back through memory that both see.
struct counted {
  std::atomic<std::uint64_t> deliveries, values, octets;
};
class participant {
 public:
  participant(const fs::path& pki, std::uint16_t port) {
    const auto from = pki / "gateway";
    child_ = ::fork();
    if (child_ != 0) return;
    std::signal(SIGTERM, SIG_DFL);
    const auto server = must(sim::emt::start(
        {.port = port,
         .self = must(sim::load_party(pki / "stadtwerk")),
         .gateways = {.pinned = {must(sim::load_certificates(from / "tls.pem")).front()}, .anchors = {}},
         .gateway_signers = must(sim::load_certificates(from / "sig.pem")),
         .faults = {},
         .say = {},
         .take = [](const sim::received_delivery& d) {
           ++total().deliveries;
           total().octets += d.message_octets;
           for (const auto& c : d.content.channels) total().values += c.entries.size();
         }}));
    for (;;) ::pause();
  }
  ~participant() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  participant(const participant&) = delete;
  participant& operator=(const participant&) = delete;
  [[nodiscard]] pid_t pid() const noexcept { return child_; }
  static counted& total();

 private:
  pid_t child_ = -1;
};

counted& participant::total() {
  static auto* shared =
      new (::mmap(nullptr, sizeof(counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) counted{};
  return *shared;
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  const auto held = must(sim::listen_tcp("127.0.0.1", 0, port));
  return port;
}

device_id meter_id(std::size_t i) { return *device_id::parse(std::format("1SMG{:010}", i + 1)); }

sim::world_options options_in(const fs::path& folder, std::uint16_t emt_port, std::size_t meters) {
  fs::create_directories(folder);
  sim::world_options o{.folder = folder,
                       .gateway = *device_id::parse("ESMG0000000001"),
                       .meters = {},
                       .emt_port = emt_port,
                       .period = 15min,
                       .billing = 24h * 31,
                       .delivery = 15min,
                       .window = 0ms,
                       .now = now()};
  for (std::size_t i = 0; i < meters; ++i)
    o.meters.push_back({meter_id(i), "127.0.0.1", static_cast<std::uint16_t>(10 + i), ""});
  return o;
}

// --- connections

/// One gateway as far as TLS and HTTP see it.
struct caller {
  io::descriptor fd;
  crypto::tls_session session;

  bytes receive() {
    std::array<std::uint8_t, 16384> chunk;
    const auto n = ::recv(fd.get(), chunk.data(), chunk.size(), 0);
    if (n <= 0) give_up("a connection was closed");
    auto out = must(session.feed(bytes_view{chunk}.first(static_cast<std::size_t>(n)), now()));
    if (out.failure) give_up(out.failure->why.what);
    sim::send_all(fd.get(), out.transmit);
    return std::move(out.plaintext);
  }
};

void connections(const fs::path& top) {
  constexpr std::size_t count = 1000;
  const auto port = free_port();
  const auto world = must(sim::make_world(options_in(top, port, 1)));
  const participant emt(world.pki(), port);
  std::this_thread::sleep_for(500ms);
  const auto self = must(sim::load_party(world.pki() / "gateway"));
  const crypto::tls_config how{
      .role = crypto::tls_role::client,
      .interface = crypto::tls_interface::wan,
      .identity = self.identity(),
      .peer = {.pinned = {must(sim::load_certificates(world.pki() / "stadtwerk/tls.pem")).front()}, .anchors = {}}};
  const auto here = resident_kib(::getpid()) / 1024, there = resident_kib(emt.pid()) / 1024;
  std::vector<std::unique_ptr<caller>> all;
  const auto from = steady::now();
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(
        std::make_unique<caller>(must(io::dial_tcp("127.0.0.1", port, 5s)), must(crypto::tls_session::create(how))));
    sim::send_all(all.back()->fd.get(), must(all.back()->session.start(now())).transmit);
    while (!all.back()->session.established()) (void)all.back()->receive();
  }
  const auto opened = since(from);
  std::size_t answered = 0;
  const http::request nothing{.verb = http::method::post,
                              .target = "/",
                              .headers = {{"Host", "stadtwerk"}, {"Content-Type", "text/plain"}},
                              .body = {'x'}};
  const auto asked = steady::now();
  for (const auto& c : all) sim::send_all(c->fd.get(), must(c->session.send(must(http::encode(nothing)))));
  for (const auto& c : all) {
    http::response_parser parser;
    parser.expect(http::method::post);
    for (auto r = parser.feed({}); r && !*r;) {
      r = parser.feed(c->receive());
      if (r && *r) ++answered;
    }
  }
  std::cout << std::format(
      "{} connections of one process: opened in {:.1f} s ({:.1f} ms each, both sides), {} answers in "
      "{:.2f} s\n  memory of one: {:.1f} KiB at the gateway's side, {:.1f} KiB at the participant's\n",
      count, opened, opened * 1000 / count, answered, since(asked),
      (resident_kib(::getpid()) / 1024 - here) * 1024 / count, (resident_kib(emt.pid()) / 1024 - there) * 1024 / count);
  if (answered != count) give_up("not every connection was answered");
}

// --- a gateway in this process, its clock ours

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

class running {
 public:
  running(const fs::path& config, timestamp from) : now_(from) {
    auto parts = must(platform::assemble(config, [](std::string_view, std::string_view) {}, {}));
    parts.now = [this] { return now_.load(); };
    parts.open_port = [this](const profile::lmn_port& port) -> open_function {
      return [this, id = port.id](caf::actor_system& system, wire_user user) -> expected<wire_actor> {
        const std::scoped_lock lock(guard_);
        ports_[id] = user;
        return system.spawn(line);
      };
    };
    leaving_ = parts.leaving;
    root_ = spawn_root(system_, handles_, std::move(parts));
    if (!handles_->await("status", 60s)) give_up("the gateway does not come up");
    std::this_thread::sleep_for(1s);
  }
  ~running() {
    leaving_.request_stop();
    caf::scoped_actor self{system_};
    self->monitor(root_);
    self->send_exit(root_, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    handles_->clear();
  }
  running(const running&) = delete;
  running& operator=(const running&) = delete;

  void submit_all(std::vector<submit::delivery> all) {
    caf::scoped_actor self{system_};
    self->request(handles_->get<outbox_actor>("outbox"), 60s, submit{std::move(all), nullptr})
        .receive([](const submitted&) {}, [](const caf::error&) { give_up("the outbox takes nothing"); });
  }
  /// All meters send at `at`.
  void round(timestamp at, std::uint32_t index) {
    now_ = at;
    const std::scoped_lock lock(guard_);
    for (const auto& [port, user] : ports_)
      caf::anon_send(
          user, wire_bytes{sim::meter_telegram(meter_id(static_cast<std::size_t>(std::atoi(port.c_str() + 3))), home_,
                                               at, index),
                           at});
  }

 private:
  configuration config_;
  caf::actor_system system_{config_};
  std::atomic<timestamp> now_;
  std::mutex guard_;
  std::map<std::string, wire_user> ports_;
  sim::household home_{1};
  std::shared_ptr<board> handles_ = std::make_shared<board>();
  std::stop_source leaving_;
  caf::actor root_;
};

void await_deliveries(std::uint64_t wanted, std::chrono::seconds patience) {
  const auto until = steady::now() + patience;
  while (participant::total().deliveries < wanted) {
    if (steady::now() > until)
      give_up(std::format("only {} of {} deliveries", participant::total().deliveries.load(), wanted));
    std::this_thread::sleep_for(2ms);
  }
}

/// Lets rounds of all meters go by, each delivered; what one costs, and what is sent.
void meters(const fs::path& top) {
  constexpr std::size_t count = 64;
  constexpr int rounds = 12;
  const auto port = free_port();
  const auto world = must(sim::make_world(options_in(top, port, count)));
  const participant emt(world.pki(), port);
  auto at = timestamp{std::chrono::floor<std::chrono::hours>(now())} + 1h;
  running gateway(world.configuration(), at - 1min);
  std::uint32_t index = 0;
  for (int i = 0; i < 3; ++i) {  // until the first series is whole
    gateway.round(at += 15min, ++index);
    std::this_thread::sleep_for(1500ms);
  }
  auto& total = participant::total();
  const auto before = total.deliveries.load(), values = total.values.load(), octets = total.octets.load();
  const auto cpu = cpu_seconds();
  for (int i = 1; i <= rounds; ++i) {
    gateway.round(at += 15min, ++index);
    await_deliveries(before + static_cast<std::uint64_t>(i) * count, 60s);
  }
  const auto each = (cpu_seconds() - cpu) / rounds;
  const auto sent = static_cast<double>(total.octets - octets);
  std::cout << std::format(
      "64 meters, each value delivered by itself: {:.1f} ms of CPU a round\n"
      "  {:.3f} % of a core every 15 minutes, {:.2f} % every minute\n"
      "  {:.0f} octets of message for a delivery of {:.1f} values\n",
      each * 1000, each / 900 * 100, each / 60 * 100, sent / static_cast<double>(total.deliveries - before),
      static_cast<double>(total.values - values) / static_cast<double>(total.deliveries - before));
}

/// Documents that wait go out as fast as they can.
void deliveries(const fs::path& top) {
  constexpr std::size_t count = 500;
  const auto port = free_port();
  const auto world = must(sim::make_world(options_in(top, port, 1)));
  const participant emt(world.pki(), port);
  running gateway(world.configuration(), now());
  for (const unsigned values : {1U, 96U, 672U}) {
    cosem::delivery d{};
    d.profile_name = obis{{1, 0, 94, 49, 128, 0x27}};
    d.source = "taf7-1.sm";
    cosem::channel c{};
    c.register_name = obis{{1, 0, 1, 8, 0, 255}};
    c.source = "1smg0000000001.sm";
    const auto from = std::chrono::floor<std::chrono::hours>(now());
    for (unsigned i = 0; i < values; ++i) {
      list_entry e{};
      e.target = from + i * 15min;
      e.value.captured = e.target;
      e.value.value = {12'345'678 + 37 * static_cast<std::int64_t>(i), -1};
      e.value.measured = unit::watt_hour;
      c.entries.push_back(e);
    }
    d.channels.push_back(std::move(c));
    const auto text = must(cosem::write(d));
    submit::delivery one{.recipient = "stadtwerk",
                         .description = "bench",
                         .values = values,
                         .not_before = now(),
                         .content = bytes(text.begin(), text.end())};
    auto& total = participant::total();
    const auto before = total.deliveries.load(), octets = total.octets.load();
    gateway.submit_all(std::vector<submit::delivery>(count, one));
    const auto start = steady::now();
    await_deliveries(before + count, 60s);
    const auto took = since(start);
    const auto size = static_cast<double>(total.octets - octets) / count;
    std::cout << std::format(
        "deliveries of {:>3} values: {:>6.0f}/s end to end, {:>7.0f} octets each, {:>7.1f} per value\n", values,
        count / took, size, size / values);
  }
}

// --- wake-up

void wake_ups(const fs::path& top) {
  const auto emt_port = free_port(), gwa_port = free_port(), service_port = free_port(), wake_up_port = free_port();
  auto o = options_in(top, emt_port, 1);
  o.gwa_port = gwa_port;
  o.gwa_service_port = service_port;
  o.wake_up_port = wake_up_port;
  const auto world = must(sim::make_world(o));
  const auto administrator = must(sim::gwa::start({.port = gwa_port,
                                                   .service_port = service_port,
                                                   .self = must(sim::load_party(world.pki() / "administrator")),
                                                   .gateways = {must(sim::load_gateway(world.pki() / "gateway"))},
                                                   .say = {},
                                                   .files = {}}));
  auto* gwa = &administrator->gateways().front();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(SMGW_PROGRAM, SMGW_PROGRAM, "run", "--quiet", "--config", world.configuration().c_str(), nullptr);
    ::_exit(127);
  }
  for (int i = 0; i < 100 && !platform::ask_console(world.data(), "status"); ++i) std::this_thread::sleep_for(100ms);
  std::vector<double> called, answered;
  for (int i = 0; i < 10; ++i) {
    std::this_thread::sleep_for(1100ms);  // a packet counts when its second is a later one
    const auto packet = must(gwa->wake_up_packet(now()));
    const auto start = steady::now();
    if (!sim::gwa::send_packet(packet, "127.0.0.1", wake_up_port) || !gwa->await_gateway(10s)) give_up("not woken");
    called.push_back(since(start) * 1000);
    if (must(gwa->ask(http::method::get, "/cosem/ldevs/")).status != 200) give_up("not answered");
    answered.push_back(since(start) * 1000);
    gwa->hang_up();
  }
  ::kill(pid, SIGTERM);
  ::waitpid(pid, nullptr, 0);
  std::ranges::sort(called);
  std::ranges::sort(answered);
  std::cout << std::format(
      "from the wake-up's packet: connected after {:.0f} ms, first request answered after {:.0f} ms "
      "(medians of 10; longest {:.0f} ms)\n",
      called[5], answered[5], answered.back());
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  (void)participant::total();  // before any fork
  const fs::path top = fs::current_path() / "wan_bench.data";
  fs::remove_all(top);
  const std::vector<std::string> asked(argv + 1, argv + argc);
  const auto wanted = [&](const char* name) { return asked.empty() || std::ranges::find(asked, name) != asked.end(); };
  if (wanted("connections")) connections(top / "connections");
  if (wanted("deliveries")) deliveries(top / "deliveries");
  if (wanted("wake")) wake_ups(top / "wake");
  if (wanted("meters")) meters(top / "meters");
  fs::remove_all(top);
  return 0;
}
