// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/wmbus/receiver.hpp"

namespace smgw::wmbus {

/// One telegram on its way through the layers. Each step returns true to go on; else the verdict stands in `t`.
struct receiver::steps {
  receiver& self;
  meter_state& meter;
  const mbus::format_cache* formats;
  time_point now;
  telegram t;
  bytes_view in;     ///< what is left to read
  bytes_view whole;  ///< transport layer and all behind it: what a MAC covers

  bool stop(verdict v, std::string_view why) {
    t.result = v;
    t.reason = why;
    t.application = {};
    return false;
  }
  bool stop(const error& e) {
    return e.code == errc::unsupported ? stop(verdict::unsupported, "layer of this form")
                                       : stop(verdict::no_frame, "a header contradicts its length");
  }
  /// Makes what is left writable.
  std::span<std::uint8_t> writable();

  // In this order.
  bool link(bytes_view frame);
  bool extended_link();
  bool authentication();
  bool transport();
  bool mac();
  bool fresh();  ///< the counter moves with authentic messages only, and only upwards (3116 7.3)
  bool enough();
  bool security();
  bool application();

 private:
  bool take_blocks(std::size_t blocks, derived which, const block& iv);
  bool mode5();
  bool mode7();
  bool mode10();
};

/// MACs and tags of fewer octets do not count (REQ.WMBUS.Unidirektional.72: 8, 12 and 16; TR-03116-3, table 19).
inline constexpr std::size_t shortest_tag = 8;

}  // namespace smgw::wmbus
