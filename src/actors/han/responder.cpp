// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/han/responder.hpp"

#include "actors/io/multicast.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace smgw::han {
namespace {

using namespace std::chrono;
using steady = std::chrono::steady_clock;

constexpr milliseconds look_up{200};
constexpr seconds open_pause{10};

/// Counted on the thread, read by the actor.
struct tally {
  std::atomic<std::int64_t> queries{0}, answers{0}, malformed{0}, interfaces{0};
};

/// One interface: its responder, which serves both families.
struct served {
  io::link_interface on;
  mdns::responder speaks;
  std::optional<time_point> wake;
  bool silent = false;
};

class loop {
 public:
  loop(responder_parts parts, std::shared_ptr<tally> counts) : parts_(std::move(parts)), counts_(std::move(counts)) {}

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (!open()) {
        for (auto end = steady::now() + open_pause; steady::now() < end && !stop.stop_requested();)
          std::this_thread::sleep_for(look_up);
        continue;
      }
      serve(stop);
      for (const auto& s : served_)
        if (!s.silent) send(s, {s.speaks.goodbye(), false}, nullptr);
      return;
    }
  }

 private:
  bool open() {
    const auto interfaces = io::link_interfaces(parts_.listen);
    std::string trouble = "no interface of the home network can multicast";
    for (const bool v6 : {false, true}) {
      auto socket = io::mdns_socket::open(v6, interfaces);
      if (socket)
        sockets_.push_back({v6, std::move(*socket)});
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
      served_.push_back({i, mdns::responder{std::move(host), parts_.seed + i.index}, {}, false});
      take(served_.back(), served_.back().speaks.start(steady::now()), nullptr);
    }
    counts_->interfaces = static_cast<std::int64_t>(served_.size());
    return true;
  }

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> fds;
      for (const auto& s : sockets_) fds.push_back({s.second.fd(), POLLIN, 0});
      auto wait = look_up;
      for (const auto& s : served_)
        if (s.wake && !s.silent) wait = std::clamp(ceil<milliseconds>(*s.wake - steady::now()), milliseconds{0}, wait);
      ::poll(fds.data(), fds.size(), static_cast<int>(wait.count()));
      for (const auto& s : sockets_)
        while (const auto got = s.second.receive()) heard(got->first, got->second);
      for (auto& s : served_)
        if (s.wake && !s.silent && steady::now() >= *s.wake) take(s, s.speaks.tick(steady::now()), nullptr);
    }
  }

  void heard(const bytes& content, const io::datagram_source& from) {
    const auto at = std::ranges::find(served_, from.interface, [](const served& s) { return s.on.index; });
    if (at == served_.end() || at->silent) return;
    ++counts_->queries;
    auto out = at->speaks.feed(content, from.port, steady::now());
    if (out) return take(*at, std::move(*out), &from);
    ++counts_->malformed;
    if (out.error().code != errc::conflict) return;
    at->silent = true;
    parts_.announce("responder", at->on.name + ": " + out.error().what + "; silent there");
  }

  void take(served& s, mdns::responder::output out, const io::datagram_source* from) {
    s.wake = out.wake_at;
    for (const auto& p : out.transmit) send(s, p, from);
  }

  void send(const served& s, const mdns::responder::packet& p, const io::datagram_source* from) {
    ++counts_->answers;
    for (const auto& [v6, socket] : sockets_) {
      if (!p.unicast)
        socket.multicast(s.on.index, p.content);
      else if (from != nullptr && from->v6 == v6)
        socket.answer(*from, p.content);
    }
  }

  responder_parts parts_;
  std::shared_ptr<tally> counts_;
  std::vector<std::pair<bool, io::mdns_socket>> sockets_;
  std::vector<served> served_;
  bool told_ = false;
};

}  // namespace

struct responder_core {
  std::shared_ptr<tally> counts = std::make_shared<tally>();
  std::jthread thread;

  explicit responder_core(responder_parts parts)
      : thread([work = std::make_shared<loop>(std::move(parts), counts)](const std::stop_token& stop) {
          work->run(stop);
        }) {}
};

responder_actor::behavior_type responder(responder_actor::stateful_pointer<responder_state> self,
                                         responder_parts parts) {
  guard(self);
  self->state.core = std::make_shared<responder_core>(std::move(parts));
  auto* core = self->state.core.get();
  return {
      [core](const query_status&) {
        const auto& c = *core->counts;
        return status_report{"responder",
                             {{"interfaces", c.interfaces.load()},
                              {"messages", c.queries.load()},
                              {"answers", c.answers.load()},
                              {"refused", c.malformed.load()}}};
      },
      [](const wake&) {},
  };
}

}  // namespace smgw::han
