// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The real PC/SC service with a virtual reader, as a process of its own; its files are in a folder that goes with it.

#include "card/reader.hpp"
#include "crypto/card/key_store.hpp"
#include "crypto/scratch.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace smgw::crypto::test {

class pc_sc {
 public:
  pc_sc() : port_(free_port()) {
    const auto number = std::to_string(port_);
    std::filesystem::create_directory(folder_ / "readers");
    folder_.write("readers/vpcd", "FRIENDLYNAME \"smgw test\"\nDEVICENAME /dev/null:" + number + "\nLIBPATH " +
                                      driver().string() + "\nCHANNELID " + number + "\n");
    ::setenv("PCSCLITE_CSOCK_NAME", (socket_folder() / "pcscd.comm").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    start();
  }
  ~pc_sc() { stop(); }
  pc_sc(const pc_sc&) = delete;
  pc_sc& operator=(const pc_sc&) = delete;

  /// Returns once the service has seen the card: it looks at its readers every 0.4 s.
  [[nodiscard]] std::unique_ptr<sim::inserted_card> insert(sim::card_module& card) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    auto in = sim::inserted_card::insert(card, port_, std::chrono::milliseconds{patience_ms});
    REQUIRE(in);
    await_card(until);
    return std::move(*in);
  }
  void await_card(std::chrono::steady_clock::time_point until) const {
    while (!card::open_reader(reader_)) {
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  /// Where the virtual reader listens.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& reader() const { return reader_; }

 private:
  /// One for all services of this process, which come one after the other: the library remembers the first name it saw.
  static const scratch& socket_folder() {
    static const scratch folder;
    return folder;
  }
  static std::filesystem::path driver() {
    for (const auto* path :
         {"/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib/x86_64-linux-gnu/pcsc/drivers/serial/libifdvpcd.so"})
      if (std::filesystem::exists(path)) return path;
    FAIL("vsmartcard-vpcd is not installed");
    return {};
  }
  /// vpcd uses this port and the next, and fails where one is taken: below the range that outgoing connections get.
  static std::uint16_t free_port() {
    for (std::uint16_t port = static_cast<std::uint16_t>(20000 + ::getpid() % 10000); port < 32000; port += 2)
      if (is_free(port) && is_free(static_cast<std::uint16_t>(port + 1))) return port;
    FAIL("no free port");
    return 0;
  }
  static bool is_free(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(port);
    const bool yes = ::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0;
    ::close(fd);
    return yes;
  }
  /// The service insists on /run/pcscd: it gets one of its own, in a namespace of its own, which needs no rights and
  /// leaves the machine's service alone.
  void start() {
    const auto line = "mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind " + socket_folder().path.string() +
                      " /run/pcscd && exec pcscd --foreground --disable-polkit --config " + (folder_ / "readers");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      const int log = ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      ::dup2(log, 1);
      ::dup2(log, 2);
      ::execlp("unshare", "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", line.c_str(), nullptr);
      ::_exit(127);
    }
  }
  void stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }

  scratch folder_;
  std::uint16_t port_;
  std::string reader_ = "smgw test";
  pid_t pid_ = -1;
};

}  // namespace smgw::crypto::test
