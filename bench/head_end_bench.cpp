// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// Claim: one `smgw-sim gwa` holds a thousand gateways' management connections in one thread and some tens of megabytes,
// and each of them is asked by its id and answers, signed and encrypted.
// The program runs as it is installed, with a script; the gateways are of this process: TLS, HTTP, CMS, keys of their
// own, nothing behind them.
// usage: head_end_bench [COUNT]

#include "light_gateways.hpp"
#include "listen.hpp"
#include "process_cost.hpp"
#include "sockets.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
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
double since(steady::time_point from) { return std::chrono::duration<double>(steady::now() - from).count(); }

/// `smgw-sim gwa` with a script; what it prints goes to a file.
class head_end {
 public:
  head_end(const fs::path& folder, std::uint16_t port, std::string_view script) : out_(folder / "out") {
    std::ofstream(folder / "script") << script;
    child_ = ::fork();
    if (child_ != 0) return;
    ::dup2(::open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
    const auto own = folder / "pki/administrator", known = folder / "fleet", commands = folder / "script";
    ::execl(SMGW_SIM, SMGW_SIM, "gwa", own.c_str(), "--fleet", known.c_str(), "--port", std::to_string(port).c_str(),
            "--service-port", "0", "--script", commands.c_str(), nullptr);
    ::_exit(127);
  }
  ~head_end() {
    if (child_ > 0) ::kill(child_, SIGKILL), ::waitpid(child_, nullptr, 0);
  }
  head_end(const head_end&) = delete;
  head_end& operator=(const head_end&) = delete;
  [[nodiscard]] pid_t pid() const noexcept { return child_; }
  [[nodiscard]] int wait() {
    int how = 0;
    ::waitpid(std::exchange(child_, -1), &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
  }
  [[nodiscard]] std::size_t lines_with(std::string_view part) const {
    std::ifstream in(out_);
    std::size_t found = 0;
    for (std::string line; std::getline(in, line);) found += line.contains(part) ? 1U : 0U;
    return found;
  }

 private:
  fs::path out_;
  pid_t child_ = -1;
};

bool within(std::chrono::seconds patience, const std::function<bool()>& done) {
  for (const auto until = steady::now() + patience; steady::now() < until; std::this_thread::sleep_for(20ms))
    if (done()) return true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 1000;
  const fs::path top = fs::current_path() / "head_end_bench.data";
  fs::remove_all(top);
  const auto now = sim::wall_clock();
  if (!sim::make_pki(top / "pki", {{.folder = "administrator", .common_name = "administrator.GWA"}},
                     crypto::curve::brainpool_p256r1, now))
    give_up("no PKI");
  const auto begun = steady::now();
  auto gateways =
      must(sim::make_light_gateways(top / "pki", top / "fleet", *device_id::parse("ESMG0000000001"), count, now));
  std::cout << std::format("{} gateways, three keys and certificates each: made in {:.1f} s\n", count, since(begun));

  std::uint16_t port = 0;
  const auto reserved = must(sim::reserve_port(port));
  head_end administrator(top, port, std::format("await {}\n@all get /cosem/ldevs/\nquit\n", count));
  if (!within(30s, [&] { return administrator.lines_with("administrator on port") == 1; }))
    give_up("the administrator does not come up");
  const auto there = resident_kib(administrator.pid()), here = resident_kib(::getpid());
  const auto own = must(sim::load_party(top / "pki/administrator"));
  const auto from = steady::now();
  const auto calling =
      must(sim::light_gateways::call({.port = port,
                                      .gateways = std::move(gateways),
                                      .administrator_tls = own.tls_chain.front(),
                                      .administrator_encryption = own.encryption,
                                      .say = [](const std::string& line) { std::cerr << line << "\n"; }}));
  if (!calling->await_connected(60s)) give_up(std::format("only {} are connected", calling->connected()));
  const auto opened = since(from);
  const auto rate = static_cast<double>(count);
  std::cout << std::format(
      "{} management connections: opened in {:.1f} s ({:.1f} ms each, both sides)\n"
      "  memory of one: {:.1f} KiB at the administrator's side, {:.1f} KiB at the gateways'\n",
      count, opened, opened * 1000 / rate, (resident_kib(administrator.pid()) - there) / rate,
      (resident_kib(::getpid()) - here) / rate);
  const auto asked = steady::now();
  if (!within(120s, [&] { return calling->answers() >= count; }))
    give_up(std::format("only {} were asked", calling->answers()));
  const auto took = since(asked);
  const auto code = administrator.wait();
  std::cout << std::format("each asked by its id, the answer opened: {:.1f} s ({:.1f} ms each, both sides)\n", took,
                           took * 1000 / rate);
  if (code != 0) give_up(std::format("the administrator ended with {}", code));
  if (administrator.lines_with("200 OK") != count) give_up("not everyone has answered 200");
  fs::remove_all(top);
  return 0;
}
