// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/ports/pseudo_terminal.hpp"

#include <smgw/linux_ports.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

using namespace smgw;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

void check(const testkit::findings& found) {
  for (const auto& f : found) FAIL_CHECK(f);
}

struct scratch {
  fs::path folder = [] {
    std::string pattern = (fs::temp_directory_path() / "smgw-ports-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return fs::path(pattern);
  }();
  ~scratch() { fs::remove_all(folder); }
  [[nodiscard]] std::string read(const fs::path& file) const {
    std::ifstream in(folder / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

/// A service manager: a socket, and a patience that it has for those who do not say WATCHDOG=1.
struct manager : scratch {
  static constexpr auto within = 450ms;
  io::descriptor socket{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  std::atomic<unsigned> bites{0};
  std::atomic<int> ready{0}, stopping{0};
  std::jthread keeper;

  manager() {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const auto path = (folder / "notify").string();
    path.copy(name.sun_path, sizeof name.sun_path - 1);
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "450000", 1);
    keeper = std::jthread([this](const std::stop_token& stop) { keep(stop); });
  }
  ~manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }

  void keep(const std::stop_token& stop) {
    bool watching = false;
    auto last = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      std::array<char, 256> text{};
      pollfd waiting{socket.get(), POLLIN, 0};
      const auto n = ::poll(&waiting, 1, 10) == 1 ? ::recv(socket.get(), text.data(), text.size(), 0) : 0;
      const std::string_view said{text.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
      if (said.starts_with("READY=1")) ++ready, watching = true, last = std::chrono::steady_clock::now();
      if (said == "WATCHDOG=1") last = std::chrono::steady_clock::now();
      if (said == "STOPPING=1") ++stopping, watching = false;
      if (!watching || std::chrono::steady_clock::now() - last <= within) continue;
      ++bites;
      watching = false;
    }
  }
};

/// Forwards to a good port, with a fault.
struct faulty_port : ports::serial_port {
  enum class fault { none, eats_control, spins, deaf_to_loss, one_at_a_time } what;
  std::unique_ptr<ports::serial_port> inner;
  std::mutex guard;
  faulty_port(fault f, std::unique_ptr<ports::serial_port> p) : what(f), inner(std::move(p)) {}

  expected<std::size_t> read(std::span<std::uint8_t> into, std::chrono::milliseconds patience) override {
    std::unique_lock lock(guard, std::defer_lock);
    if (what == fault::one_at_a_time) lock.lock();
    auto n = inner->read(into, what == fault::spins ? 0ms : patience);
    if (!n && what == fault::deaf_to_loss) return std::this_thread::sleep_for(patience), std::size_t{0};
    if (n && *n > 0 && what == fault::eats_control) {
      const auto kept = std::ranges::remove(into.first(*n), std::uint8_t{0x11});
      *n -= kept.size();
    }
    return n;
  }
  expected<void> write(bytes_view octets, std::chrono::milliseconds patience) override {
    const std::unique_lock lock(guard);
    return inner->write(octets, patience);
  }
};

}  // namespace

TEST_CASE("the contract of a serial port: Linux keeps it, and each fault is found") {
  using fault = faulty_port::fault;
  for (const auto what : {fault::none, fault::eats_control, fault::spins, fault::deaf_to_loss, fault::one_at_a_time}) {
    INFO(static_cast<int>(what));
    test::pseudo_terminal line;
    auto inner = linux_ports::open_serial({"lmn0", line.device(), 9600});
    REQUIRE(inner);
    faulty_port port(what, std::move(*inner));
    const auto found = testkit::check_serial_port(port, line.far_end());
    if (what == fault::none)
      check(found);
    else
      CHECK_FALSE(found.empty());
  }
}

TEST_CASE("a serial line is for one process, and says which device it is that cannot be opened") {
  const test::pseudo_terminal line;
  const auto none = linux_ports::open_serial({"lmn0", "/dev/does-not-exist", 9600});
  REQUIRE_FALSE(none);
  CHECK(none.error().what.starts_with("/dev/does-not-exist"));
  const auto odd = linux_ports::open_serial({"lmn0", line.device(), 9601});
  REQUIRE_FALSE(odd);
  CHECK(odd.error().code == errc::unsupported);
}

TEST_CASE("the contract of a clock: Linux keeps it, one that goes backwards or too fast does not") {
  check(testkit::check_clock(*linux_ports::system_clock()));
  struct fast : ports::clock {
    timestamp now() const noexcept override {
      const auto t = linux_ports::system_clock()->now();
      return t + (t - timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}) / 5;
    }
  };
  CHECK_FALSE(testkit::check_clock(fast{}).empty());
  struct jumping : ports::clock {
    mutable std::atomic<int> calls{0};
    timestamp now() const noexcept override {
      return linux_ports::system_clock()->now() - (++calls % 100 == 0 ? 1h : 0h);
    }
  };
  CHECK_FALSE(testkit::check_clock(jumping{}).empty());
}

TEST_CASE_METHOD(scratch, "the contract of a display: LEDs of the kernel's class keep it") {
  const std::array<std::string, 4> names{"pwr", "tls", "lmc", "wmt"};
  for (const auto& n : names) {
    fs::create_directories(folder / n);
    for (const auto* attribute : {"trigger", "brightness"}) std::ofstream(folder / n / attribute) << "";
  }
  // the attribute's files keep what was written at the front, as sysfs shows only the last write
  const auto lamp_of = [&](const std::string& n) {
    if (read(fs::path(n) / "trigger").starts_with("timer")) return ports::lamp::blinking;
    return read(fs::path(n) / "brightness").starts_with('1') ? ports::lamp::on : ports::lamp::off;
  };
  const auto display = linux_ports::leds({names[0], names[1], names[2], names[3]}, folder);
  check(testkit::check_display(*display, [&] {
    return ports::lamps{lamp_of(names[0]), lamp_of(names[1]), lamp_of(names[2]), lamp_of(names[3])};
  }));
  struct lazy : ports::display {
    ports::lamps shown;
    expected<void> show(const ports::lamps& now) override {
      if (now.wireless != ports::lamp::blinking) shown = now;
      return {};
    }
  } stuck;
  CHECK_FALSE(testkit::check_display(stuck, [&] { return stuck.shown; }).empty());
  const auto absent = linux_ports::leds({.power = "no-such-led"}, folder);
  CHECK_FALSE(absent->show({}));
}

TEST_CASE_METHOD(manager, "the contract of a watchdog: the service manager's keeps it") {
  const auto watchdog = linux_ports::service_watchdog();
  REQUIRE(watchdog);
  check(testkit::check_watchdog(**watchdog, [this] { return bites.load(); }));
  CHECK(ready == 2);
  for (int i = 0; i < 500 && stopping < 2; ++i) std::this_thread::sleep_for(10ms);
  CHECK(stopping == 2);
}

TEST_CASE_METHOD(manager, "a watchdog that never bites, or that cannot be disarmed, breaks its contract") {
  struct toothless : ports::watchdog {
    expected<std::chrono::milliseconds> arm() override { return 20ms; }
    void feed() override {}
    void disarm() override {}
  } none;
  CHECK_FALSE(testkit::check_watchdog(none, [] { return 0U; }).empty());
}

TEST_CASE("without a service manager there is no service watchdog; a file is no watchdog device") {
  ::unsetenv("NOTIFY_SOCKET");
  const auto none = linux_ports::service_watchdog();
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::unavailable);
  ::setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
  const auto odd = linux_ports::service_watchdog();
  ::unsetenv("NOTIFY_SOCKET");
  REQUIRE_FALSE(odd);
  CHECK(odd.error().code == errc::malformed);
  const auto device = linux_ports::device_watchdog("/dev/null", 10s);
  const auto armed = device->arm();
  REQUIRE_FALSE(armed);
  CHECK(armed.error().what.starts_with("/dev/null: not a watchdog"));
}

TEST_CASE_METHOD(manager, "a unit without WatchdogSec= hears that the gateway is up, and no more") {
  ::unsetenv("WATCHDOG_USEC");
  const auto watchdog = linux_ports::service_watchdog();
  REQUIRE(watchdog);
  const auto armed = (*watchdog)->arm();
  REQUIRE_FALSE(armed);
  CHECK(armed.error().code == errc::unavailable);
  for (int i = 0; i < 200 && ready == 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK(ready == 1);
}
