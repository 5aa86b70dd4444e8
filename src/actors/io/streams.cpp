// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/streams.hpp"

#include "base/check.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <system_error>

namespace smgw::io {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

struct speed {
  std::uint32_t baud;
  speed_t code;
};
constexpr std::array speeds{
    speed{300, B300},       speed{600, B600},       speed{1200, B1200},     speed{1800, B1800},    speed{2400, B2400},
    speed{4800, B4800},     speed{9600, B9600},     speed{19200, B19200},   speed{38400, B38400},  speed{57600, B57600},
    speed{115200, B115200}, speed{230400, B230400}, speed{460800, B460800}, speed{921600, B921600}};

expected<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc{} || stop != text.data() + text.size() || port == 0)
    return fail(errc::malformed, "not a TCP port: '" + std::string(text) + "' (1 to 65535)");
  return port;
}

/// Waits until a started connect has an end; 0 or the error number.
int finish_connect(int fd, std::chrono::milliseconds budget, const std::stop_token& leave) {
  pollfd waiting{fd, POLLOUT, 0};
  int ready = 0;
  for (; ready == 0 && budget > budget.zero() && !leave.stop_requested(); budget -= leave_latency)
    ready = ::poll(&waiting, 1, static_cast<int>(std::min(budget, leave_latency).count()));
  if (ready == 0) return leave.stop_requested() ? ECANCELED : ETIMEDOUT;
  if (ready < 0) return errno;
  int code = 0;
  socklen_t size = sizeof code;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

expected<descriptor> connect_one(const addrinfo& to, std::chrono::milliseconds budget, const std::stop_token& leave) {
  descriptor fd{::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (fd.get() < 0) return fail(errc::unavailable, reason(errno));
  int code = ::connect(fd.get(), to.ai_addr, to.ai_addrlen) == 0 ? 0 : errno;
  if (code == EINPROGRESS) code = finish_connect(fd.get(), budget, leave);
  if (code != 0) return fail(errc::unavailable, reason(code));
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}
descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

expected<stream_address> parse_stream_address(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(errc::malformed, "'" + std::string(text) + "': " + std::string(why) +
                                     "; write serial:/dev/ttyUSB0?baud=9600 or tcp:host:port");
  };
  stream_address address;
  if (text.starts_with("serial:")) {
    address.what = stream_address::kind::serial;
    auto device = text.substr(7);
    if (const auto query = device.find('?'); query != device.npos) {
      const auto option = device.substr(query + 1);
      if (!option.starts_with("baud=")) return refuse("the only option is baud");
      const auto digits = option.substr(5);
      const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), address.baud);
      if (failure != std::errc{} || stop != digits.data() + digits.size()) return refuse("baud is a number");
      device = device.substr(0, query);
    }
    if (!device.starts_with('/')) return refuse("the device is an absolute path");
    address.target = device;
    return address;
  }
  if (!text.starts_with("tcp:")) return refuse("unknown kind of stream");
  auto rest = text.substr(4);
  const auto colon = rest.rfind(':');
  if (colon == rest.npos || colon == 0) return refuse("the port is missing");
  SMGW_TRY(address.port, parse_port(rest.substr(colon + 1)));
  rest = rest.substr(0, colon);
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  address.target = rest;
  return address;
}

expected<descriptor> open_pipe(const std::string& path) {
  // Held for writing too, so that the end of one writer is not the end of the stream.
  descriptor fd{::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)};
  if (fd.get() < 0) return fail(errc::unavailable, path + ": " + reason(errno));
  struct stat what{};
  if (::fstat(fd.get(), &what) != 0 || !S_ISFIFO(what.st_mode))
    return fail(errc::unsupported, path + ": not a pipe; make one with mkfifo");
  return fd;
}

expected<descriptor> open_serial(const std::string& device, std::uint32_t baud, character_form form) {
  const auto* known = std::ranges::find(speeds, baud, &speed::baud);
  if (known == speeds.end())
    return fail(errc::unsupported, device + ": no serial line runs at " + std::to_string(baud) + " baud");
  descriptor fd{::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  if (fd.get() < 0) return fail(errc::unavailable, device + ": " + reason(errno));
  termios line{};
  if (::tcgetattr(fd.get(), &line) != 0) return fail(errc::unavailable, device + ": not a serial line");
  ::cfmakeraw(&line);
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | PARODD | CRTSCTS);
  if (form != character_form::n81) line.c_cflag |= PARENB;
  if (form == character_form::e71) {
    line.c_cflag &= ~static_cast<tcflag_t>(CSIZE);
    line.c_cflag |= CS7;
  }
  ::cfsetspeed(&line, known->code);
  if (::tcsetattr(fd.get(), TCSANOW, &line) != 0) return fail(errc::unavailable, device + ": " + reason(errno));
  if (::ioctl(fd.get(), TIOCEXCL) != 0) return fail(errc::unavailable, device + ": " + reason(errno));
  return fd;
}

expected<void> change_baud(int serial_line, std::uint32_t baud) {
  const auto* known = std::ranges::find(speeds, baud, &speed::baud);
  if (known == speeds.end()) return fail(errc::unsupported, "no serial line runs at " + std::to_string(baud) + " baud");
  termios line{};
  if (::tcgetattr(serial_line, &line) != 0) return fail(errc::unavailable, "not a serial line");
  ::cfsetspeed(&line, known->code);
  if (::tcsetattr(serial_line, TCSANOW, &line) != 0) return fail(errc::unavailable, reason(errno));
  return {};
}

expected<descriptor> dial_tcp(const std::string& host, std::uint16_t port, std::chrono::milliseconds budget,
                              const std::stop_token& leave) {
  const auto where = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    return fail(errc::unavailable, where + ": " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, &::freeaddrinfo};
  error last{errc::unavailable, "no address"};
  const auto until = std::chrono::steady_clock::now() + budget;
  for (const auto* to = found; to != nullptr; to = to->ai_next) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0 || leave.stop_requested()) break;
    auto fd = connect_one(*to, left, leave);
    if (fd) return fd;
    last = fd.error();
  }
  return fail(last.code, where + ": " + last.what);
}

expected<descriptor> open_stream(const stream_address& address, std::chrono::milliseconds budget,
                                 const std::stop_token& leave) {
  if (address.what == stream_address::kind::pipe) return open_pipe(address.target);
  return address.what == stream_address::kind::serial ? open_serial(address.target, address.baud, address.form)
                                                      : dial_tcp(address.target, address.port, budget, leave);
}

expected<descriptor> listen_tcp(const std::string& host, std::uint16_t port) {
  const auto where = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
    return fail(errc::malformed, where + ": " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address{found, &::freeaddrinfo};
  descriptor fd{::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (fd.get() < 0) return fail(errc::exhausted, where + ": " + reason(errno));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd.get(), 64) != 0)
    return fail(errc::unavailable, where + ": " + reason(errno));
  return fd;
}

std::uint16_t local_port(const descriptor& listener) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0) return 0;
  return ntohs(own.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&own)->sin6_port
                                         : reinterpret_cast<const sockaddr_in*>(&own)->sin_port);
}

expected<descriptor> listen_unix(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path) return fail(errc::malformed, path + ": too long for a UNIX socket");
  std::memcpy(name.sun_path, path.data(), path.size());
  descriptor fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (fd.get() < 0) return fail(errc::exhausted, path + ": " + reason(errno));
  ::unlink(path.c_str());
  const auto mask = ::umask(0177);
  const bool bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
  const int code = errno;
  ::umask(mask);
  if (!bound || ::listen(fd.get(), 4) != 0) return fail(errc::unavailable, path + ": " + reason(bound ? errno : code));
  return fd;
}

}  // namespace smgw::io
