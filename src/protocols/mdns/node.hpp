// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Both roles of the gateway on one interface. Who asks answers, too (REQ.TA.mDNS.Querying.20 to .40).

#include "protocols/mdns/querier.hpp"
#include "protocols/mdns/responder.hpp"

namespace smgw::mdns {

struct node_options {
  std::uint32_t seed = 1;
  std::size_t copies = 1;                     ///< how many times each message goes out, one for each family
  std::function<bool(const record&)> usable;  ///< whether an address is one of this link
};

/// One interface's responder and querier, which share what may be said there.
class node {
 public:
  struct output {
    std::vector<responder::packet> transmit;
    std::vector<errand_end> ended;
    std::optional<error> conflict;  ///< the gateway's name is somebody else's: from now on it only asks
    std::optional<time_point> wake_at;
  };
  node(host h, const node_options& o) : node(std::move(h), o, std::make_shared<multicast_share>(o.copies)) {}

  /// Begins to probe for the gateway's name.
  [[nodiscard]] output start(time_point now);
  [[nodiscard]] expected<output> look_up(errand e, time_point now);
  /// A message came from this port. malformed, truncated, exhausted: it breaks the format, and nothing is done.
  [[nodiscard]] expected<output> feed(bytes_view in, std::uint16_t from_port, time_point now);
  [[nodiscard]] output tick(time_point now);
  /// The records end; nothing: the name is somebody else's.
  [[nodiscard]] std::optional<bytes> goodbye() const;

 private:
  node(host h, const node_options& o, const std::shared_ptr<multicast_share>& share);
  void join(output& out, responder::output said);
  void join(output& out, querier::output said);
  [[nodiscard]] output finish(output out) const;

  responder answers_;
  querier asks_;
  bool silent_ = false;
  std::optional<time_point> answer_at_, ask_at_;
};

}  // namespace smgw::mdns
