// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/link_loop.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

namespace smgw::han {
namespace {

using namespace std::chrono;
using steady = std::chrono::steady_clock;

constexpr seconds open_pause{10};

/// As one dials it: a link-local address is one only together with its interface.
template <std::size_t N>
std::string dialled(const std::array<std::uint8_t, N>& address, const io::link_interface& on) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(N == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
  return N == 4 || on.loopback ? text : text + ("%" + on.name);
}

}  // namespace

link_loop::link_loop(responder_parts parts, std::function<void(name_found)> found)
    : parts_(std::move(parts)), found_(std::move(found)), bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void link_loop::ring() const {
  const std::uint64_t one = 1;
  // It can only fail where it rings already.
  static_cast<void>(::write(bell_.get(), &one, sizeof one) == sizeof one);
}

void link_loop::look_up(std::uint64_t number, const resolve_name& wanted) {
  {
    const std::scoped_lock lock(guard_);
    wanted_.push_back({number, mdns::make_name(wanted.name), wanted.service, wanted.anew});
  }
  ring();
}

void link_loop::run(const std::stop_token& stop) {
  const std::stop_callback wake_up{stop, [this] { ring(); }};
  while (!stop.stop_requested()) {
    if (!open()) {
      take_wanted();
      wait(steady::now() + open_pause, false);
      continue;
    }
    serve(stop);
    for (const auto& s : served_)
      if (const auto last = s->node.goodbye()) send(*s, {*last, false}, nullptr);
    return;
  }
}

bool link_loop::open() {
  const auto interfaces = io::link_interfaces(parts_.listen);
  std::string trouble = "no interface of the home network can multicast";
  for (const bool v6 : {false, true}) {
    auto socket = io::mdns_socket::open(v6, interfaces);
    if (socket)
      sockets_.emplace_back(v6, std::move(*socket));
    else if (!interfaces.empty())
      trouble = socket.error().what;
  }
  if (sockets_.empty()) {
    if (!std::exchange(told_, true)) parts_.announce("responder", trouble);
    return false;
  }
  for (const auto& i : interfaces) {
    auto host = parts_.host;
    host.v4 = i.v4;
    host.v6 = i.v6;
    const auto usable = [i](const mdns::record& r) {
      if (const auto* v4 = std::get_if<mdns::ipv4>(&r.data)) return i.reaches(*v4);
      const auto* v6 = std::get_if<mdns::ipv6>(&r.data);
      return v6 != nullptr && i.reaches(*v6);
    };
    mdns::node made{std::move(host), {.seed = parts_.seed + i.index, .copies = sockets_.size(), .usable = usable}};
    served_.push_back(std::make_unique<served>(i, std::move(made)));
    take(*served_.back(), served_.back()->node.start(steady::now()), nullptr);
  }
  counts_.interfaces = static_cast<std::int64_t>(served_.size());
  return true;
}

void link_loop::wait(std::optional<time_point> until, bool with_sockets) {
  std::vector<pollfd> fds{{bell_.get(), POLLIN, 0}};
  if (with_sockets)
    for (const auto& s : sockets_) fds.push_back({s.second.fd(), POLLIN, 0});
  int left = -1;
  if (until) left = static_cast<int>(std::max(ceil<milliseconds>(*until - steady::now()), milliseconds{0}).count());
  ::poll(fds.data(), fds.size(), left);
  std::uint64_t rung = 0;
  static_cast<void>(::read(bell_.get(), &rung, sizeof rung) == sizeof rung);
}

void link_loop::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    take_wanted();
    std::optional<time_point> next;
    for (const auto& s : served_)
      if (s->wake) next = std::min(next.value_or(*s->wake), *s->wake);
    wait(next, true);
    for (const auto& s : sockets_)
      while (const auto got = s.second.receive()) heard(got->first, got->second);
    for (const auto& s : served_)
      if (s->wake && steady::now() >= *s->wake) take(*s, s->node.tick(steady::now()), nullptr);
  }
}

void link_loop::take_wanted() {
  std::vector<mdns::errand> all;
  {
    const std::scoped_lock lock(guard_);
    all.swap(wanted_);
  }
  for (const auto& e : all) begin(e);
}

/// On all interfaces; the first answer counts.
void link_loop::begin(const mdns::errand& e) {
  if (served_.empty())
    return found_({e.number, fail(errc::unavailable, "no interface of the home network can multicast")});
  searches_[e.number] = served_.size();
  for (const auto& s : served_) {
    auto out = s->node.look_up(e, steady::now());
    if (out)
      take(*s, *std::move(out), nullptr);
    else
      end(*s, {e.number, std::unexpected{out.error()}});
  }
}

void link_loop::end(const served& s, const mdns::errand_end& e) {
  const auto at = searches_.find(e.number);
  if (at == searches_.end()) return;
  if (e.where) {
    name_addresses found{.hosts = {}, .port = e.where->port};
    for (const auto& a : e.where->v6) found.hosts.push_back(dialled(a, s.on));
    for (const auto& a : e.where->v4) found.hosts.push_back(dialled(a, s.on));
    found_({e.number, std::move(found)});
    searches_.erase(at);
  } else if (--at->second == 0) {
    found_({e.number, std::unexpected{e.where.error()}});
    searches_.erase(at);
  }
}

void link_loop::heard(const bytes& content, const io::datagram_source& from) {
  const auto at = std::ranges::find(served_, from.interface, [](const auto& s) { return s->on.index; });
  if (at == served_.end()) return;
  auto& s = **at;
  // Who writes to us alone must be of this link (RFC 6762, 11); to the group only the link can write.
  if (!from.to_group && !from.is_on(s.on)) return;
  ++counts_.heard;
  auto out = s.node.feed(content, from.port, steady::now());
  if (!out) {
    ++counts_.malformed;
    return;
  }
  if (out->conflict) parts_.announce("responder", s.on.name + ": " + out->conflict->what + "; silent there");
  take(s, *std::move(out), &from);
}

void link_loop::take(served& s, mdns::node::output out, const io::datagram_source* from) {
  s.wake = out.wake_at;
  for (const auto& p : out.transmit) send(s, p, from);
  for (const auto& e : out.ended) end(s, e);
}

void link_loop::send(const served& s, const mdns::responder::packet& p, const io::datagram_source* from) {
  ++counts_.sent;
  for (const auto& [v6, socket] : sockets_) {
    if (!p.unicast)
      socket.multicast(s.on.index, p.content);
    else if (from != nullptr && from->v6 == v6)
      socket.answer(*from, p.content);
  }
}

}  // namespace smgw::han
