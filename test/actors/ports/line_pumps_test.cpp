// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/line_pumps.hpp"

#include "actors/ports/pseudo_terminal.hpp"

#include <smgw/linux_ports.hpp>

#include <sys/socket.h>

#include <atomic>

using namespace smgw;
using namespace std::chrono_literals;

namespace {

/// A port of an OEM: the kernel's, with a count of those that are open.
class counted_port final : public ports::serial_port {
 public:
  counted_port(std::unique_ptr<ports::serial_port> inner, std::atomic<int>& alive)
      : inner_(std::move(inner)), alive_(alive) {
    ++alive_;
  }
  ~counted_port() override { --alive_; }
  expected<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds patience) override {
    return inner_->read(into, patience);
  }
  expected<void> write(bytes_view octets, std::chrono::milliseconds patience) override {
    return inner_->write(octets, patience);
  }

 private:
  std::unique_ptr<ports::serial_port> inner_;
  std::atomic<int>& alive_;
};

struct pumped {
  test::pseudo_terminal line;
  std::atomic<int> alive{0};
  line_pumps pumps;

  io::descriptor open() {
    auto port = linux_ports::open_serial({"lmn0", line.device(), 9600});
    REQUIRE(port);
    auto fd = pumps.attach(std::make_unique<counted_port>(std::move(*port), alive));
    REQUIRE(fd);
    return std::move(*fd);
  }
  static bytes read(const io::descriptor& fd, std::size_t size) {
    bytes got(size);
    const auto n = ::recv(fd.get(), got.data(), size, MSG_WAITALL);
    got.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return got;
  }
};

}  // namespace

TEST_CASE_METHOD(pumped, "an OEM's line is a descriptor: octets go both ways") {
  const auto fd = open();
  const bytes in(3000, 0x1B), out(2000, 0x76);
  line.send(in);
  CHECK(read(fd, in.size()) == in);
  REQUIRE(::send(fd.get(), out.data(), out.size(), 0) == std::ssize(out));
  CHECK(line.receive(out.size()) == out);
}

TEST_CASE_METHOD(pumped, "a line that is lost ends its descriptor, and the next one starts anew") {
  const auto fd = open();
  line.cut();
  CHECK(read(fd, 1).empty());
  line = test::pseudo_terminal();
  auto next = open();
  // A port goes on its thread, and is let go when the next line is opened after that: it is given more time each round.
  for (auto pause = 10ms; pause < 500ms && alive > 1; pause += 10ms) {
    next = {};
    std::this_thread::sleep_for(pause);
    next = open();
  }
  REQUIRE(alive == 1);  // another one would take what is sent now
  line.send(bytes{1, 2, 3});
  CHECK(read(next, 3) == bytes{1, 2, 3});
}

TEST_CASE_METHOD(pumped, "a wire that closes lets the port go; a stop lets all go, and none is opened after it") {
  auto first = open();
  first = {};
  auto second = open();
  for (int i = 0; i < 100 && alive > 1; ++i) {
    std::this_thread::sleep_for(10ms);
    second = open();
  }
  CHECK(alive >= 1);
  pumps.stop();
  CHECK(alive == 0);
  auto port = linux_ports::open_serial({"lmn0", line.device(), 9600});
  const auto refused = port ? pumps.attach(std::move(*port)) : fail(errc::unavailable, "taken");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unavailable);
}

TEST_CASE_METHOD(pumped, "a factory that answers no port and no reason is an error, not a crash") {
  const auto refused = pumps.attach(nullptr);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::internal);
}
