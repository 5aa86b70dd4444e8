// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/streams.hpp"
#include "base/check.hpp"

#include <smgw/linux_ports.hpp>

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

namespace smgw::linux_ports {
namespace {

using std::chrono::milliseconds;

std::string reason(int code) { return std::generic_category().message(code); }

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before the actors start
  return value == nullptr ? std::string{} : std::string{value};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The protocol of sd_notify(3): datagrams of lines to a UNIX socket.
class service_manager final : public ports::watchdog {
 public:
  service_manager(io::descriptor fd, sockaddr_un to, socklen_t size, milliseconds within)
      : fd_(std::move(fd)), to_(to), size_(size), within_(within) {}

  expected<milliseconds> arm() override {
    say("READY=1\nSTATUS=running");
    if (within_ == milliseconds{0}) return fail(errc::unavailable, "the unit sets no WatchdogSec=");
    return within_;
  }
  void feed() override { say("WATCHDOG=1"); }
  void disarm() override { say("STOPPING=1"); }

 private:
  /// A service manager that does not listen will find out by itself.
  void say(std::string_view text) const {
    (void)::sendto(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                   reinterpret_cast<const sockaddr*>(&to_), size_);
  }

  io::descriptor fd_;
  sockaddr_un to_;
  socklen_t size_;
  milliseconds within_;
};

/// The time that the unit grants this process; 0: it is not watched.
milliseconds granted() {
  const auto whom = number(variable("WATCHDOG_PID"));
  if (whom && *whom != static_cast<std::uint64_t>(::getpid())) return milliseconds{0};
  const auto microseconds = number(variable("WATCHDOG_USEC"));
  return milliseconds{microseconds ? *microseconds / 1000 : 0};
}

/// The kernel's device: one ioctl sets the time, any octet feeds, a 'V' before closing disarms.
class device final : public ports::watchdog {
 public:
  device(std::filesystem::path path, std::chrono::seconds timeout) : path_(std::move(path)), timeout_(timeout) {}

  expected<milliseconds> arm() override {
    io::descriptor fd{::open(path_.c_str(), O_WRONLY | O_CLOEXEC)};
    if (fd.get() < 0) return fail(errc::unavailable, path_.string() + ": " + reason(errno));
    int seconds = static_cast<int>(timeout_.count());
    if (::ioctl(fd.get(), WDIOC_SETTIMEOUT, &seconds) != 0)
      return fail(errc::unavailable, path_.string() + ": not a watchdog, or not with this time: " + reason(errno));
    fd_ = std::move(fd);
    return std::chrono::seconds{seconds};
  }
  void feed() override { say('\0'); }
  void disarm() override {
    say('V');
    fd_ = {};
  }

 private:
  void say(char what) const { (void)!::write(fd_.get(), &what, 1); }

  std::filesystem::path path_;
  std::chrono::seconds timeout_;
  io::descriptor fd_;
};

}  // namespace

expected<std::shared_ptr<ports::watchdog>> service_watchdog() {
  const auto path = variable("NOTIFY_SOCKET");
  if (path.empty()) return fail(errc::unavailable, "NOTIFY_SOCKET is not set: no service manager asks");
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if ((path[0] != '/' && path[0] != '@') || path.size() >= sizeof to.sun_path)
    return fail(errc::malformed, "NOTIFY_SOCKET is no socket of sd_notify(3): " + path);
  std::memcpy(to.sun_path, path.data(), path.size());
  if (path[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  io::descriptor fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (fd.get() < 0) return fail(errc::exhausted, "a socket to the service manager: " + reason(errno));
  return std::make_shared<service_manager>(std::move(fd), to, size, granted());
}

std::shared_ptr<ports::watchdog> device_watchdog(std::filesystem::path device_path, std::chrono::seconds timeout) {
  return std::make_shared<device>(std::move(device_path), timeout);
}

}  // namespace smgw::linux_ports
