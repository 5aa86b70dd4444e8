// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The querying role (detail specification 12; RFC 6762, 5 to 7): where a host of the home network is.

#include "protocols/mdns/cache.hpp"
#include "protocols/mdns/share.hpp"

#include <functional>
#include <memory>

namespace smgw::mdns {

inline constexpr unsigned max_queries = 3;      ///< of one question: at once, after 1 s, after 2 s more (5.2)
inline constexpr std::size_t max_errands = 16;  ///< at the same time (ours)
inline constexpr std::size_t max_known = 16;    ///< known answers of one query (ours)
/// How long an answer is waited for. Three questions fit, and the last has time to be answered.
inline constexpr std::chrono::seconds errand_budget{5};
inline constexpr std::chrono::milliseconds first_interval{1000};  ///< each next one is twice as long (5.2)
/// Who is about to ask hears somebody else ask the same (7.3).
inline constexpr std::chrono::milliseconds about_to_ask{500};

/// A name that somebody wants to reach: of a host (`controlbox.local`), or of a service that a host offers (RFC 6763,
/// 4: `controlbox._ship._tcp.local`).
struct errand {
  std::uint64_t number = 0;  ///< the asker's own
  name about;
  bool service = false;
  bool anew = false;  ///< what is known has proved wrong (10.4)
};
/// Where it is.
struct location {
  std::vector<ipv4> v4;
  std::vector<ipv6> v6;
  std::uint16_t port = 0;  ///< of a service
};
struct errand_end {
  std::uint64_t number = 0;
  expected<location> where;  ///< expired: nobody says so; unavailable: it has no address
};

/// A querier on one interface, without sockets and without a clock. It asks only for what is wanted now, takes only
/// what concerns that, and looks for nothing by itself.
class querier {
 public:
  struct output {
    std::vector<bytes> transmit;  ///< to the group
    std::vector<errand_end> ended;
    std::optional<time_point> wake_at;
  };
  /// `usable`: whether an address may be used; others are known, but lead nowhere.
  querier(std::function<bool(const record&)> usable, std::uint32_t seed,
          std::shared_ptr<multicast_share> share = std::make_shared<multicast_share>());

  /// exhausted: too many at a time.
  [[nodiscard]] expected<output> look_up(errand e, time_point now);
  /// A response, or the query of somebody else.
  [[nodiscard]] output heard(const message& m, time_point now);
  [[nodiscard]] output tick(time_point now);

 private:
  struct task {
    errand what;
    time_point until;
  };
  /// A question and when it is put; two types of one name go together.
  struct series {
    name about;
    std::vector<type> what;
    time_point next;
    unsigned sent = 0;
  };
  [[nodiscard]] std::optional<service> offer(const task& t, time_point now) const;
  [[nodiscard]] std::optional<expected<location>> answer(const task& t, time_point now) const;
  [[nodiscard]] series needed(const task& t, time_point now) const;
  [[nodiscard]] bool wanted(const series& s, time_point now) const;
  void plan(time_point now);
  void take(const std::vector<record>& heard, time_point now);
  void overhear(const message& m, time_point now);
  void ask(time_point now, output& out);
  output finish(time_point now, output out);

  std::function<bool(const record&)> usable_;
  random_waits random_;
  std::shared_ptr<multicast_share> share_;
  cache cache_;
  std::vector<task> tasks_;
  std::vector<series> asking_;
};

}  // namespace smgw::mdns
