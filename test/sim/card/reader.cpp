// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "card/reader.hpp"

#include "base/octets.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace smgw::sim {
namespace {

/// Contact card, T=1 only, no historical octets.
constexpr std::array<std::uint8_t, 5> answer_to_reset{0x3B, 0x80, 0x80, 0x01, 0x01};
/// Control octets of the reader's protocol: a message of one octet.
enum control : std::uint8_t { power_off = 0, power_on = 1, reset = 2, get_atr = 4 };

}  // namespace

expected<std::unique_ptr<inserted_card>> inserted_card::insert(card_module& card, std::uint16_t port,
                                                               std::chrono::milliseconds patience) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0)
      return std::unique_ptr<inserted_card>(new inserted_card(card, fd));
    ::close(fd);
    if (std::chrono::steady_clock::now() >= until)
      return fail(errc::unavailable, "no virtual reader listens on port " + std::to_string(port));
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

inserted_card::inserted_card(card_module& card, int fd) : card_(card), fd_(fd), thread_([this] { serve(); }) {}

inserted_card::~inserted_card() {
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
  card_.power_off();
}

bool inserted_card::receive(std::span<std::uint8_t> into) const {
  while (!into.empty()) {
    // The reader writes length and content apart; without this the second waits for a delayed acknowledgement.
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    const auto n = ::recv(fd_, into.data(), into.size(), 0);
    if (n <= 0) return false;
    into = into.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool inserted_card::send(bytes_view content) const {
  bytes message;
  put_be(message, static_cast<std::uint16_t>(content.size()));
  put(message, content);
  return ::send(fd_, message.data(), message.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(message.size());
}

void inserted_card::serve() {
  std::array<std::uint8_t, 2> head{};
  while (receive(head)) {
    bytes content(load_be<std::uint16_t>(head.data()));
    if (!receive(content)) break;
    if (content.size() == 1) {
      if (content[0] == get_atr) {
        if (!send(answer_to_reset)) break;
      } else {
        card_.power_off();
      }
      continue;
    }
    if (!send(card_.transmit(content))) break;
  }
  connected_ = false;
}

}  // namespace smgw::sim
