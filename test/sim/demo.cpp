// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "demo.hpp"

#include "actors/platform/console.hpp"
#include "emt.hpp"
#include "listen.hpp"
#include "meter.hpp"
#include "world.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <format>
#include <iostream>
#include <mutex>

namespace smgw::sim {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto first_meter = "1SMG0000000001";
constexpr auto second_meter = "1SMG0000000002";
constexpr auto gateway_id = "ESMG0000000001";

timestamp wall_clock() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

/// One line per event, from several threads.
class narrator {
 public:
  narrator() : coloured_(::isatty(STDOUT_FILENO) != 0) {}
  void tell(std::string_view who, int colour, std::string_view what) {
    const std::scoped_lock lock(guard_);
    const auto time =
        std::format("{:%H:%M:%S}", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (coloured_) {
      std::cout << std::format("{} \033[{}m{:<12}\033[0m {}\n", time, colour, who, what) << std::flush;
    } else {
      std::cout << std::format("{} {:<12} {}\n", time, who, what) << std::flush;
    }
  }

 private:
  std::mutex guard_;
  bool coloured_;
};

/// The gateway as a child process; its lines come through a pipe.
class child {
 public:
  bool start(const fs::path& program, const fs::path& configuration) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return false;
    pid_ = ::fork();
    if (pid_ == 0) {
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      ::setpgid(0, 0);  // Ctrl-C goes to the demonstration, which stops the gateway in order
      ::dup2(pipe[1], STDERR_FILENO);
      ::dup2(pipe[1], STDOUT_FILENO);
      ::execl(program.c_str(), program.c_str(), "run", "--config", configuration.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(pipe[1]);
    output_ = io::descriptor{pipe[0]};
    return pid_ > 0;
  }
  /// Prints lines until `until`; false when the child has closed its output.
  bool read_lines(narrator& out, std::chrono::steady_clock::time_point until) {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      if (left <= 0) return true;
      pollfd waiting{output_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, static_cast<int>(left)) <= 0) return true;
      std::array<char, 4096> chunk{};
      const auto n = ::read(output_.get(), chunk.data(), chunk.size());
      if (n <= 0) return false;
      rest_.append(chunk.data(), static_cast<std::size_t>(n));
      for (std::size_t end = 0; (end = rest_.find('\n')) != rest_.npos; rest_.erase(0, end + 1)) {
        const auto text = rest_.find(' ');
        out.tell("gateway", 36,
                 std::string_view(rest_).substr(text < end ? text + 1 : 0, end - (text < end ? text + 1 : 0)));
      }
    }
  }
  int stop(narrator& out) {
    ::kill(pid_, SIGTERM);
    read_lines(out, std::chrono::steady_clock::now() + std::chrono::seconds{20});
    int state = 0;
    ::waitpid(pid_, &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  }

 private:
  pid_t pid_ = -1;
  io::descriptor output_;
  std::string rest_;
};

std::int64_t number(const json& status, const std::string& prefix, const std::string& field) {
  std::int64_t sum = 0;
  for (const auto& [who, fields] : status.items())
    if (who.starts_with(prefix) && fields.contains(field) && fields[field].is_number())
      sum += fields[field].get<std::int64_t>();
  return sum;
}

int run_program(const fs::path& program, const std::vector<std::string>& arguments) {
  std::string line = "'" + program.string() + "'";
  for (const auto& a : arguments) line += " '" + a + "'";
  const int state = std::system(line.c_str());  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
  return WIFEXITED(state) ? WEXITSTATUS(state) : 1;
}

struct cast {
  narrator out;
  std::unique_ptr<emt> participant;
  std::unique_ptr<meter> first, second;
  world made;
};

expected<void> start_world(cast& c, const demo_options& options, const fs::path& folder) {
  c.out.tell("world", 35, "making keys, certificates and profiles in " + folder.string());
  const auto terminal = (folder / "ttyMeter").string();
  auto first = meter::start({.id = *device_id::parse(first_meter), .seed = 1});
  if (!first) return std::unexpected(first.error());
  c.first = std::move(*first);
  auto second = meter::start({.id = *device_id::parse(second_meter), .seed = 2, .device = terminal});
  if (!second) return std::unexpected(second.error());
  c.second = std::move(*second);

  // the market participant's port must be known to the profiles, and its keys to the participant: reserve, make, start
  std::uint16_t port = 0;
  {
    auto reserved = listen_tcp("127.0.0.1", 0, port);
    if (!reserved) return std::unexpected(reserved.error());
  }
  auto made = make_world({.folder = folder,
                          .gateway = *device_id::parse(gateway_id),
                          .meters = {{*device_id::parse(first_meter), "127.0.0.1", c.first->port(), ""},
                                     {*device_id::parse(second_meter), "", 0, terminal}},
                          .emt_port = port,
                          .period = options.period,
                          .billing = options.period * 6,
                          .delivery = options.period * 3,
                          .now = wall_clock()});
  if (!made) return std::unexpected(made.error());
  c.made = *made;
  auto self = load_party(c.made.pki() / "stadtwerk");
  if (!self) return std::unexpected(self.error());
  auto gateway_tls = load_certificates(c.made.pki() / "gateway/tls.pem");
  auto gateway_signer = load_certificates(c.made.pki() / "gateway/sig.pem");
  if (!gateway_tls || !gateway_signer) return fail(errc::internal, "the PKI that was just made cannot be read");
  auto started = emt::start({.port = port,
                             .self = std::move(*self),
                             .gateways = {.pinned = {gateway_tls->front()}},
                             .gateway_signers = *gateway_signer,
                             .say = [&c](const std::string& line) { c.out.tell("stadtwerk", 32, line); }});
  if (!started) return std::unexpected(started.error());
  c.participant = std::move(*started);
  c.out.tell("meter 1", 33, std::format("{} pushes SML over TCP, port {}", first_meter, c.first->port()));
  c.out.tell("meter 2", 33, std::format("{} pushes SML over the serial line {}", second_meter, terminal));
  c.out.tell("stadtwerk", 32, std::format("market participant listens on port {}", port));
  return {};
}

/// What the gateway says of itself, and whether all of it is as it should be.
bool summary(cast& c, const json& status, bool stopped_well, bool verified) {
  const auto sent = c.first->telegrams() + c.second->telegrams();
  const auto received = c.participant->counts();
  const auto acknowledged = number(status, "outbox", "acknowledged");
  std::int64_t records = 0;
  const auto ledger = status.value("ledger", json::object());
  for (const auto& [name, value] : ledger.items())
    if (name.starts_with("records in")) records += value.get<std::int64_t>();
  std::cout << std::format(
      "\nsummary\n  telegrams            {} sent by the meters, {} read by the gateway\n  readings stored      {}\n"
      "  values delivered     {} in {} deliveries, as the market participant counts\n  acknowledged         {} "
      "deliveries, as the gateway counts\n"
      "  log entries          {}\n  log chain            {}\n  gateway              {}\n",
      sent, number(status, "link", "telegrams"), number(status, "meter", "stored"), received.values,
      received.deliveries, acknowledged, records, verified ? "verified" : "BROKEN",
      stopped_well ? "stopped cleanly" : "FAILED");
  return verified && stopped_well && number(status, "link", "telegrams") > 0 && number(status, "meter", "stored") > 0 &&
         received.values > 0 && acknowledged > 0 && static_cast<std::uint64_t>(acknowledged) <= received.deliveries &&
         received.refused == 0;
}

}  // namespace

int demo(const demo_options& options) {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  sigprocmask(SIG_BLOCK, &wanted, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto folder = options.folder;
  if (folder.empty()) {
    std::string pattern = (fs::temp_directory_path() / "smgw-demo-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    std::cerr << "smgw-sim: --folder " << folder.string() << ": " << failure.message() << "\n";
    return 1;
  }
  cast c;
  if (const auto started = start_world(c, options, folder); !started) {
    std::cerr << "smgw-sim: " << started.error().what << "\n";
    return 1;
  }
  child gateway;
  if (!gateway.start(options.gateway, c.made.configuration())) return 1;
  const auto end = options.length.count() == 0 ? std::chrono::steady_clock::time_point::max()
                                               : std::chrono::steady_clock::now() + options.length;
  const timespec at_once{0, 0};
  bool alive = true;
  while (alive && std::chrono::steady_clock::now() < end && sigtimedwait(&wanted, nullptr, &at_once) < 0)
    alive = gateway.read_lines(c.out, std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds{250}));

  json status = json::object();
  if (const auto answer = platform::ask_console(c.made.data(), "status")) status = json::parse(*answer);
  const bool stopped_well = gateway.stop(c.out) == 0 && alive;
  std::cout << std::flush;
  const bool verified =
      run_program(options.gateway, {"log", "verify", "--config", c.made.configuration().string()}) == 0;
  const bool good = summary(c, status, stopped_well, verified);
  if (options.folder.empty()) fs::remove_all(folder);
  return good ? 0 : 1;
}

}  // namespace smgw::sim
