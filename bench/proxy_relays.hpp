// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The relays that are compared, each a process of its own so that what it takes can be counted.

#include "actors/cls/relay.hpp"
#include "listen.hpp"
#include "proxy_ends.hpp"
#include "relay_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <format>
#include <list>

namespace smgw::bench {

/// A folder that goes with the benchmark.
class scratch {
 public:
  scratch() {
    std::string name = std::filesystem::temp_directory_path() / "smgw-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) must_do(fail(errc::unavailable, "no folder"));
    path_ = name;
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// A port that is free now.
inline std::uint16_t free_port() {
  std::uint16_t number = 0;
  static_cast<void>(must(sim::listen_tcp("127.0.0.1", 0, number)));
  return number;
}

/// Serves whoever calls, as PROXY does: a thread for each.
[[noreturn]] inline void relay_for_ever(const io::descriptor& listener, const cls::relay_world& world) {
  std::list<std::jthread> all;
  for (;;) {
    pollfd waiting{listener.get(), POLLIN, 0};
    if (::poll(&waiting, 1, -1) <= 0) continue;
    auto fd =
        std::make_shared<io::descriptor>(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    all.emplace_back([&world, fd](const std::stop_token& leave) { serve(world, std::move(*fd), "127.0.0.1", leave); });
  }
}

/// Call it before there are threads.
inline relay_process start_ours(const parties& who, std::uint16_t market, bool tls13) {
  std::uint16_t port = 0;
  const auto listener = must(sim::listen_tcp("127.0.0.1", 0, port));
  const pid_t child = ::fork();
  if (child != 0) return {child, port};
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  cls::route r{.rule = {.id = "bench", .local_server_name = "bench", .wan_peer_addresses = {{"127.0.0.1", market}}},
               .cls = who.box.certificate.fingerprint};
  r.rule.connections = 1000;
  r.wan = {.role = crypto::tls_role::client,
           .interface = crypto::tls_interface::han,
           .identity = who.gateway.identity(),
           .peer = {.pinned = {who.market.certificate}, .anchors = {}, .check_time = false},
           .allow_tls13 = tls13};
  const cls::relay_world world{
      .book = std::make_shared<cls::route_book>(std::vector{r}, must(calendar::legal_time::load())),
      .door = {.role = crypto::tls_role::server,
               .interface = crypto::tls_interface::han,
               .identity = who.gateway.identity(),
               .peer = {.pinned = {who.box.certificate}, .anchors = {}, .check_time = false},
               .allow_tls13 = tls13},
      .now = platform::system_clock_now,
      .report = [](const cls::relay_report&) {}};
  relay_for_ever(listener, world);
}

/// Runs a program of the path, without what it says; its pid.
inline pid_t spawn(std::vector<std::string> command) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  std::vector<char*> words;
  for (auto& w : command) words.push_back(w.data());
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

inline bool succeeds(std::vector<std::string> command) {
  int state = 0;
  ::waitpid(spawn(std::move(command)), &state, 0);
  return WIFEXITED(state) && WEXITSTATUS(state) == 0;
}

/// socat's key and certificate, by openssl; nothing: one of them is not installed.
inline std::optional<crypto::certificate> make_socat_identity(const std::filesystem::path& folder) {
  if (!succeeds({"sh", "-c", "command -v socat openssl > /dev/null"})) return std::nullopt;
  if (!succeeds({"openssl",
                 "req",
                 "-x509",
                 "-newkey",
                 "ec",
                 "-pkeyopt",
                 "ec_paramgen_curve:prime256v1",
                 "-nodes",
                 "-sha256",
                 "-days",
                 "30",
                 "-subj",
                 "/CN=socat.bench",
                 "-keyout",
                 folder / "socat.key",
                 "-out",
                 folder / "socat.pem",
                 "-addext",
                 "keyUsage=critical,digitalSignature",
                 "-addext",
                 "extendedKeyUsage=clientAuth,serverAuth"}))
    return std::nullopt;
  return must(sim::load_certificates(folder / "socat.pem")).front();
}

/// Mutual TLS on both sides, as ours; a process for each connection is what `fork` means.
inline std::optional<relay_process> start_socat(const std::filesystem::path& folder, const parties& who,
                                                std::uint16_t market, bool tls13) {
  must_do(sim::write_file(folder / "box.pem", to_pem(who.box.certificate)));
  must_do(sim::write_file(folder / "market.pem", to_pem(who.market.certificate)));
  const auto port = free_port();
  const auto own = std::format(",cert={0}/socat.pem,key={0}/socat.key,verify=1,nodelay{1}", folder.string(),
                               tls13 ? "" : ",openssl-max-proto-version=TLS1.2");
  const pid_t child = spawn(
      {"socat",
       std::format("OPENSSL-LISTEN:{},bind=127.0.0.1,reuseaddr,fork,cafile={}/box.pem{}", port, folder.string(), own),
       std::format("OPENSSL:127.0.0.1:{},commonname=,cafile={}/market.pem{}", market, folder.string(), own)});
  relay_process made{child, port};
  for (int i = 0; i < 100; ++i) {
    if (io::dial_tcp("127.0.0.1", port, std::chrono::seconds{1})) return made;
    ::usleep(50'000);
  }
  return std::nullopt;
}

}  // namespace smgw::bench
