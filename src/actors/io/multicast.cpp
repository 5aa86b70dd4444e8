// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/io/multicast.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace smgw::io {
namespace {

constexpr in_addr_t group_v4 = 0xE00000FB;  // 224.0.0.251
constexpr std::array<std::uint8_t, 16> group_v6{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb};
constexpr int whole_hops = 255;  // RFC 6762, 11
constexpr std::size_t max_datagram = 9000;

template <class T>
bool set(int fd, int level, int option, const T& value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool is_unspecified(const std::string& host) { return host.empty() || host == "0.0.0.0" || host == "::"; }

bool join(int fd, bool v6, const link_interface& on) {
  if (v6) {
    ipv6_mreq group{};
    std::memcpy(&group.ipv6mr_multiaddr, group_v6.data(), group_v6.size());
    group.ipv6mr_interface = on.index;
    return set(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, group);
  }
  ip_mreqn group{};
  group.imr_multiaddr.s_addr = htonl(group_v4);
  group.imr_ifindex = static_cast<int>(on.index);
  return set(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, group);
}

struct control {
  alignas(cmsghdr) std::array<char, 128> octets{};
};

void send_to(int fd, sockaddr* to, socklen_t size, bytes_view content) {
  iovec part{const_cast<std::uint8_t*>(content.data()), content.size()};
  msghdr m{};
  m.msg_name = to;
  m.msg_namelen = size;
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  static_cast<void>(::sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace

bool link_interface::reaches(const std::array<std::uint8_t, 4>& address) const noexcept {
  const auto word = [](const std::array<std::uint8_t, 4>& a) { return std::bit_cast<std::uint32_t>(a); };
  for (std::size_t i = 0; i < v4.size(); ++i)
    if (((word(v4[i]) ^ word(address)) & v4_masks[i]) == 0) return true;
  return false;
}

bool link_interface::reaches(const std::array<std::uint8_t, 16>& address) const noexcept {
  constexpr std::array<std::uint8_t, 16> self{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (loopback) return address == self;
  return address[0] == 0xFE && (address[1] & 0xC0U) == 0x80;
}

bool datagram_source::is_on(const link_interface& link) const noexcept {
  if (v6) return link.reaches(address);
  const std::array<std::uint8_t, 4> v4{address[0], address[1], address[2], address[3]};
  return link.reaches(v4);
}

std::vector<link_interface> link_interfaces(const std::string& only) {
  ifaddrs* raw = nullptr;
  std::vector<link_interface> all;
  if (::getifaddrs(&raw) != 0) return all;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list{raw, &::freeifaddrs};
  std::vector<unsigned> wanted;
  for (const auto* i = raw; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || (i->ifa_flags & IFF_UP) == 0) continue;
    const int family = i->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const unsigned index = ::if_nametoindex(i->ifa_name);
    auto at = std::ranges::find(all, index, &link_interface::index);
    if (at == all.end())
      at = all.insert(at, {.index = index, .name = i->ifa_name, .loopback = (i->ifa_flags & IFF_LOOPBACK) != 0});
    char text[INET6_ADDRSTRLEN] = "";
    if (family == AF_INET) {
      const auto& a = reinterpret_cast<const sockaddr_in*>(i->ifa_addr)->sin_addr;
      std::array<std::uint8_t, 4> v{};
      std::memcpy(v.data(), &a, v.size());
      at->v4.push_back(v);
      const auto* mask = reinterpret_cast<const sockaddr_in*>(i->ifa_netmask);
      at->v4_masks.push_back(mask != nullptr ? mask->sin_addr.s_addr : 0xFFFF'FFFF);
      ::inet_ntop(AF_INET, &a, text, sizeof text);
    } else {
      const auto& a = reinterpret_cast<const sockaddr_in6*>(i->ifa_addr)->sin6_addr;
      std::array<std::uint8_t, 16> v{};
      std::memcpy(v.data(), &a, v.size());
      if (IN6_IS_ADDR_LINKLOCAL(&a)) at->v6.push_back(v);
      ::inet_ntop(AF_INET6, &a, text, sizeof text);
    }
    const bool multicasts = (i->ifa_flags & IFF_MULTICAST) != 0 && (i->ifa_flags & IFF_LOOPBACK) == 0;
    if (only == text || (is_unspecified(only) && multicasts)) wanted.push_back(index);
  }
  std::erase_if(all, [&](const link_interface& l) { return std::ranges::find(wanted, l.index) == wanted.end(); });
  return all;
}

expected<mdns_socket> mdns_socket::open(bool v6, const std::vector<link_interface>& on) {
  const auto refuse = [](const char* what) {
    return fail(errc::unavailable, std::string("mDNS: ") + what + ": " + std::generic_category().message(errno));
  };
  descriptor fd{::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (fd.get() < 0) return refuse("socket");
  const int yes = 1, no = 0;
  set(fd.get(), SOL_SOCKET, SO_REUSEADDR, yes);
  set(fd.get(), SOL_SOCKET, SO_REUSEPORT, yes);
  bool bound = false;
  if (v6) {
    set(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, yes);
    set(fd.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, yes);
    set(fd.get(), IPPROTO_IPV6, IPV6_MULTICAST_HOPS, whole_hops);
    set(fd.get(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, whole_hops);
    sockaddr_in6 own{};
    own.sin6_family = AF_INET6;
    own.sin6_port = htons(mdns_port);
    bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
  } else {
    set(fd.get(), IPPROTO_IP, IP_PKTINFO, yes);
    set(fd.get(), IPPROTO_IP, IP_MULTICAST_TTL, whole_hops);
    set(fd.get(), IPPROTO_IP, IP_TTL, whole_hops);
    set(fd.get(), IPPROTO_IP, IP_MULTICAST_ALL, no);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_port = htons(mdns_port);
    bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
  }
  if (!bound) return refuse("port 5353");
  bool joined = false;
  for (const auto& i : on) joined = join(fd.get(), v6, i) || joined;
  if (!joined) return refuse("no interface joins the group");
  return mdns_socket(std::move(fd), v6);
}

std::optional<std::pair<bytes, datagram_source>> mdns_socket::receive() const {
  bytes content(max_datagram);
  sockaddr_storage from{};
  control extra;
  iovec part{content.data(), content.size()};
  msghdr m{};
  m.msg_name = &from;
  m.msg_namelen = sizeof from;
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = extra.octets.data();
  m.msg_controllen = extra.octets.size();
  const auto n = ::recvmsg(fd_.get(), &m, MSG_DONTWAIT);
  if (n < 0) return std::nullopt;
  content.resize(static_cast<std::size_t>(n));
  datagram_source s{.v6 = v6_};
  for (auto* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      const auto& at = *reinterpret_cast<const in_pktinfo*>(CMSG_DATA(c));
      s.interface = static_cast<unsigned>(at.ipi_ifindex);
      s.to_group = at.ipi_addr.s_addr == htonl(group_v4);
    }
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      const auto& at = *reinterpret_cast<const in6_pktinfo*>(CMSG_DATA(c));
      s.interface = at.ipi6_ifindex;
      s.to_group = std::ranges::equal(at.ipi6_addr.s6_addr, group_v6);
    }
  }
  if (v6_) {
    const auto& a = reinterpret_cast<const sockaddr_in6&>(from);
    s.port = ntohs(a.sin6_port);
    std::memcpy(s.address.data(), &a.sin6_addr, 16);
  } else {
    const auto& a = reinterpret_cast<const sockaddr_in&>(from);
    s.port = ntohs(a.sin_port);
    std::memcpy(s.address.data(), &a.sin_addr, 4);
  }
  return std::pair{std::move(content), s};
}

void mdns_socket::multicast(unsigned interface, bytes_view content) const {
  datagram_source group{.v6 = v6_, .interface = interface, .port = mdns_port, .address = group_v6};
  if (!v6_) {
    ip_mreqn out{};
    out.imr_ifindex = static_cast<int>(interface);
    set(fd_.get(), IPPROTO_IP, IP_MULTICAST_IF, out);
    const in_addr_t to = htonl(group_v4);
    std::memcpy(group.address.data(), &to, sizeof to);
  } else {
    set(fd_.get(), IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface));
  }
  answer(group, content);
}

void mdns_socket::answer(const datagram_source& to, bytes_view content) const {
  if (v6_) {
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6;
    a.sin6_port = htons(to.port);
    a.sin6_scope_id = to.interface;
    std::memcpy(&a.sin6_addr, to.address.data(), 16);
    return send_to(fd_.get(), reinterpret_cast<sockaddr*>(&a), sizeof a, content);
  }
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(to.port);
  std::memcpy(&a.sin_addr, to.address.data(), 4);
  send_to(fd_.get(), reinterpret_cast<sockaddr*>(&a), sizeof a, content);
}

}  // namespace smgw::io
