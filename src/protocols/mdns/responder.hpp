// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/mdns/message.hpp"
#include "protocols/mdns/share.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>

namespace smgw::mdns {

inline constexpr std::uint32_t host_ttl = 120;      ///< RFC 6762, 10: names of hosts
inline constexpr std::uint32_t service_ttl = 4500;  ///< 75 minutes: everything else
inline constexpr unsigned probes = 3;               ///< RFC 6762, 8.1
inline constexpr std::chrono::milliseconds probe_interval{250};
/// How long who loses a name at the same time waits before it probes again (RFC 6762, 8.2).
inline constexpr std::chrono::milliseconds probe_deferral{1000};
inline constexpr unsigned announcements = 2;  ///< RFC 6762, 8.3
inline constexpr std::chrono::milliseconds announce_interval{1000};
/// The same record is not multicast again within this time (RFC 6762, 6).
inline constexpr std::chrono::milliseconds repeat_pause{1000};
/// A query whose known answers go on in the next message (RFC 6762, 7.2).
inline constexpr std::chrono::milliseconds truncated_wait{450};
inline constexpr std::size_t max_waiting = 64;  ///< answers that wait for their moment (ours)

/// What the gateway is called (detail specification 12).
struct host {
  std::string id;                  ///< `ebsi0012345678`: of the unique name `<id>.local.`
  std::string shared = "smgw";     ///< of the shared name `smgw.local.`
  std::string service = "_https";  ///< `_https._tcp.local.`
  std::uint16_t port = 443;
  std::vector<std::string> about;  ///< of the TXT record: `path=/`
  std::vector<ipv4> v4;            ///< of this interface
  std::vector<ipv6> v6;
};

/// A responder on one interface, without sockets and without a clock: probes for its name, announces it, answers. A
/// name that somebody else has ends it with an error; it never takes another one.
class responder {
 public:
  struct packet {
    bytes content;
    bool unicast = false;  ///< to the one who asked; else to the group
  };
  struct output {
    std::vector<packet> transmit;
    std::optional<time_point> wake_at;
  };
  /// `seed`: of the random waits; `share`: of the link, with whoever else speaks there for the gateway.
  responder(host h, std::uint32_t seed, std::shared_ptr<multicast_share> share = std::make_shared<multicast_share>());

  /// Begins to probe.
  [[nodiscard]] output start(time_point now);
  /// A message came. `from_port`: of its sender; another than 5353 is a simple resolver's, which is answered directly.
  /// conflict: the unique name belongs to somebody else. Messages that break the format are told as malformed and else
  /// ignored.
  [[nodiscard]] expected<output> feed(bytes_view in, std::uint16_t from_port, time_point now);
  [[nodiscard]] expected<output> feed(const message& m, std::uint16_t from_port, time_point now);
  [[nodiscard]] output tick(time_point now);
  /// The records end: with a life of zero (RFC 6762, 10.1).
  [[nodiscard]] bytes goodbye() const;
  [[nodiscard]] bool announced() const noexcept { return stage_ == stage::running; }

 private:
  enum class stage : std::uint8_t { probing, announcing, running };
  struct waiting {
    time_point at;
    std::vector<record> answers;
  };
  [[nodiscard]] std::vector<record> own_records() const;
  [[nodiscard]] std::vector<record> answers_to(const question& q) const;
  [[nodiscard]] bool is_conflict(const message& m) const;
  void answer_query(const message& m, std::uint16_t from_port, time_point now, output& out);
  void multicast(std::vector<record> answers, time_point now, output& out);
  [[nodiscard]] message probe() const;
  void come_up(time_point now, output& out);
  void meet_probe(const message& m, time_point now);
  [[nodiscard]] output finish(output out) const;

  host host_;
  name unique_, shared_, service_, instance_, all_services_;
  random_waits random_;
  std::shared_ptr<multicast_share> share_;
  stage stage_ = stage::probing;
  unsigned sent_ = 0;
  std::optional<time_point> next_;
  std::deque<waiting> waiting_;
  std::map<bytes, time_point> last_;  ///< when a record was multicast, by its octets
};

}  // namespace smgw::mdns
