// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The `openssl` program as a peer: commands, and children with pipes, over files in a folder of their own.

#include "base/octets.hpp"
#include "crypto/scratch.hpp"
#include "crypto/tls_world.hpp"

#include <arpa/inet.h>
#include <botan/ec_group.h>
#include <botan/ec_scalar.h>
#include <botan/ecdsa.h>
#include <botan/pkcs8.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace smgw::crypto::test {

/// The private key of a party in PKCS#8, for the program.
inline std::string key_pem(const party& p) {
  auto name = std::string{to_string(p.own().on)};
  if (name.starts_with("brainpoolP")) name = "brainpool" + name.substr(10);
  const auto group = Botan::EC_Group::from_name(name);
  const auto scalar = must(p.keys->export_scalar(p.label));
  const Botan::ECDSA_PrivateKey key{group, *Botan::EC_Scalar::deserialize(group, scalar.reveal())};
  return Botan::PKCS8::PEM_encode(key);
}

/// A child process with its standard streams in our hands.
class child {
 public:
  explicit child(const std::vector<std::string>& words) {
    int in[2], out[2];
    REQUIRE(::pipe2(in, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
    std::vector<char*> argv;
    for (const auto& w : words) argv.push_back(const_cast<char*>(w.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::dup2(out[1], 2);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~child() {
    ::close(in_);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(out_);
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  void say(std::string_view text) const { CHECK(::write(in_, text.data(), text.size()) == std::ssize(text)); }
  /// Reads until `word` has come; all that came so far. Fails the test when it does not come.
  const std::string& until(const std::string& word) {
    while (heard.find(word) == std::string::npos) {
      pollfd p{.fd = out_, .events = POLLIN, .revents = 0};
      char buffer[4096];
      const auto n = ::poll(&p, 1, patience_ms) > 0 ? ::read(out_, buffer, sizeof buffer) : 0;
      if (n <= 0) FAIL("openssl did not say '" << word << "' but: " << heard);
      heard.append(buffer, static_cast<std::size_t>(n));
    }
    return heard;
  }
  std::string heard;

 private:
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1;
};

/// One TCP connection on the loopback, moved by a session.
class wire {
 public:
  explicit wire(int fd) : fd_(fd) {
    REQUIRE(fd >= 0);
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  wire(wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  wire& operator=(wire&&) = delete;
  ~wire() {
    if (fd_ >= 0) ::close(fd_);
  }
  static wire dial(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(port);
    REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return wire{fd};
  }
  void write(bytes_view data) const {
    while (!data.empty()) {
      const auto n = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (n <= 0) return;  // the peer is gone; what it said last is still to be read
      data = data.subspan(static_cast<std::size_t>(n));
    }
  }
  /// What came; empty at the end of the connection or of our patience.
  [[nodiscard]] bytes read() const {
    pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    bytes out(16'384);
    const auto n = ::poll(&p, 1, patience_ms) > 0 ? ::recv(fd_, out.data(), out.size(), 0) : 0;
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
  }
  /// Moves octets until `enough` is true, the session is over or the peer is silent.
  void drive(endpoint& e, const std::function<bool()>& enough, timestamp now = day_one) const {
    while (!enough() && !e.session.over()) {
      const auto in = read();
      if (in.empty()) return;
      auto out = e.session.feed(in, now);
      if (!out) return;
      write(e.take(*std::move(out)));
    }
  }

 private:
  int fd_;
};

/// A listening socket on a free port of the loopback.
class listener {
 public:
  listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = wire::loopback(0);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(fd_, 4) == 0);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~listener() { ::close(fd_); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  [[nodiscard]] wire accept() const {
    pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&p, 1, patience_ms) > 0);
    return wire{::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)};
  }
  std::uint16_t port = 0;

 private:
  int fd_;
};

}  // namespace smgw::crypto::test
