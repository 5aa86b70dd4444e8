// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// swtpm, a real TPM 2.0 as a process, with its state in a folder that goes with the object.

#include "crypto/scratch.hpp"
#include "crypto/tpm2/key_store.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace smgw::crypto::test {

class soft_tpm {
 public:
  soft_tpm() {
    std::filesystem::create_directory(folder_ / "state");
    start();
  }
  ~soft_tpm() { stop(); }
  soft_tpm(const soft_tpm&) = delete;
  soft_tpm& operator=(const soft_tpm&) = delete;

  /// Power on: slots and PCRs are empty, what is persistent is there.
  void start() {
    REQUIRE(pid_ < 0);
    const auto socket = folder_ / "tpm";
    const std::vector<std::string> words{"swtpm",
                                         "socket",
                                         "--tpm2",
                                         "--tpmstate",
                                         "dir=" + (folder_ / "state"),
                                         "--server",
                                         "type=unixio,path=" + socket,
                                         "--ctrl",
                                         "type=unixio,path=" + socket + ".ctrl",
                                         "--flags",
                                         "not-need-init"};
    std::vector<char*> arguments;
    for (const auto& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);        // should the test program be killed
      ::dup2(::open("/dev/null", O_WRONLY), 2);  // it tells of every client that goes
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (!listens(socket) || !listens(socket + ".ctrl")) {
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  /// Power off.
  void stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    ::kill(pid_, SIGCONT);
    // swtpm 0.10.2 may run in circles for ever where its client left while it hung.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > until) ::kill(pid_, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    pid_ = -1;
    std::filesystem::remove(folder_ / "tpm");
    std::filesystem::remove(folder_ / "tpm.ctrl");
  }
  /// Takes commands and does not answer, until `go_on`.
  void hang() const { ::kill(pid_, SIGSTOP); }
  void go_on() const { ::kill(pid_, SIGCONT); }
  [[nodiscard]] tpm2::address address(std::vector<std::uint8_t> pcrs = {7}) const {
    return {.tcti = "swtpm:path=" + (folder_ / "tpm"), .file = folder_ / "keys", .pcrs = std::move(pcrs)};
  }
  /// As a line of the gateway's profile.
  [[nodiscard]] std::string line() const { return "tpm2:tcti=" + address().tcti; }
  [[nodiscard]] std::filesystem::path key_file() const { return folder_ / "keys"; }

 private:
  /// The file of a socket is there before anybody listens on it.
  static bool listens(const std::string& path) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof where.sun_path);
    path.copy(where.sun_path, path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool yes = ::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
    ::close(fd);
    return yes;
  }
  scratch folder_;
  pid_t pid_ = -1;
};

}  // namespace smgw::crypto::test
