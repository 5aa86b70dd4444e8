// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Multicast DNS sockets: one per address family, and on which interface a datagram came.

#include "actors/io/streams.hpp"

#include <array>
#include <optional>
#include <vector>

namespace smgw::io {

/// An interface of the home network with its addresses.
struct link_interface {
  unsigned index = 0;
  std::string name;
  std::vector<std::array<std::uint8_t, 4>> v4;
  std::vector<std::array<std::uint8_t, 16>> v6;  ///< link-local ones
  std::vector<std::uint32_t> v4_masks;           ///< of `v4`, one for each
  bool loopback = false;

  /// Whether an address is one of this link: of its networks, link-local, or of this machine on its loopback.
  [[nodiscard]] bool reaches(const std::array<std::uint8_t, 4>& address) const noexcept;
  [[nodiscard]] bool reaches(const std::array<std::uint8_t, 16>& address) const noexcept;
};
/// Interfaces that are up and can multicast; `only`: the one with this address (empty or unspecified: all).
[[nodiscard]] std::vector<link_interface> link_interfaces(const std::string& only);

inline constexpr std::uint16_t mdns_port = 5353;

/// Who sent a datagram, and where it came in.
struct datagram_source {
  bool v6 = false;
  unsigned interface = 0;
  std::uint16_t port = 0;
  std::array<std::uint8_t, 16> address{};  ///< IPv4 in the first four
  bool to_group = false;                   ///< it was sent to all, not to us alone

  [[nodiscard]] bool is_on(const link_interface& link) const noexcept;
};

/// The group 224.0.0.251 or ff02::fb on these interfaces. unavailable: the system does not give it.
class mdns_socket {
 public:
  [[nodiscard]] static expected<mdns_socket> open(bool v6, const std::vector<link_interface>& on);
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// The next datagram; nothing: none is there.
  [[nodiscard]] std::optional<std::pair<bytes, datagram_source>> receive() const;
  /// To the group on an interface. What is lost is asked for again.
  void multicast(unsigned interface, bytes_view content) const;
  void answer(const datagram_source& to, bytes_view content) const;

 private:
  mdns_socket(descriptor fd, bool v6) : fd_(std::move(fd)), v6_(v6) {}
  descriptor fd_;
  bool v6_ = false;
};

}  // namespace smgw::io
