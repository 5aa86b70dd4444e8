// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The thread of multicast DNS: sockets, and a node on each interface of the home network.

#include "actors/han/responder.hpp"
#include "actors/io/multicast.hpp"
#include "protocols/mdns/node.hpp"

#include <atomic>
#include <mutex>
#include <stop_token>

namespace smgw::han {

/// Counted on the thread, read by the actor.
struct tally {
  std::atomic<std::int64_t> heard{0}, sent{0}, malformed{0}, interfaces{0};
};

class link_loop {
 public:
  /// `found` is called on the thread, once for each look-up.
  link_loop(responder_parts parts, std::function<void(name_found)> found);

  /// False: the system has no descriptor left to wake the thread with.
  [[nodiscard]] bool can_run() const noexcept { return bell_.get() >= 0; }
  void run(const std::stop_token& stop);
  /// From any thread.
  void look_up(std::uint64_t number, const resolve_name& wanted);
  [[nodiscard]] const tally& counts() const noexcept { return counts_; }

 private:
  /// One interface: both roles, both families.
  struct served {
    io::link_interface on;
    mdns::node node;
    std::optional<time_point> wake;
  };
  bool open();
  void serve(const std::stop_token& stop);
  void wait(std::optional<time_point> until, bool with_sockets);
  void take_wanted();
  void begin(const mdns::errand& e);
  void heard(const bytes& content, const io::datagram_source& from);
  void take(served& s, mdns::node::output out, const io::datagram_source* from);
  void end(const served& s, const mdns::errand_end& e);
  void send(const served& s, const mdns::responder::packet& p, const io::datagram_source* from);
  void ring() const;

  responder_parts parts_;
  std::function<void(name_found)> found_;
  tally counts_;
  io::descriptor bell_;  ///< rung for a look-up, and for the end
  std::mutex guard_;
  std::vector<mdns::errand> wanted_;
  std::vector<std::pair<bool, io::mdns_socket>> sockets_;
  std::vector<std::unique_ptr<served>> served_;
  std::map<std::uint64_t, std::size_t> searches_;  ///< how many interfaces have not said yet where it is
  bool told_ = false;
};

}  // namespace smgw::han
