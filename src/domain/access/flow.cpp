// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/access/flow.hpp"

#include <algorithm>

namespace smgw::access {
namespace {

using enum network;
using enum carrier;
constexpr bool one_way = true, both_ways = false, by_profile = true, always = false;

constexpr std::array rows{
    // From the WAN nothing but the one packet; whatever else crosses it, the gateway has opened.
    flow{party::administrator, party::gateway, service::wake_up, wan, datagram, one_way, by_profile},
    flow{party::gateway, party::administrator, service::management, wan, tls, both_ways, by_profile},
    flow{party::gateway, party::administrator, service::admin_service, wan, tls, both_ways, by_profile},
    flow{party::gateway, party::administrator, service::info_report, wan, tls, both_ways, by_profile},
    flow{party::gateway, party::administrator, service::time_sync, wan, tls, both_ways, by_profile},
    flow{party::gateway, party::market_participant, service::info_report, wan, tls, both_ways, by_profile},
    flow{party::gateway, party::market_participant, service::proxy_remote, wan, tls, both_ways, by_profile},
    // The home network asks the gateway; the gateway asks controllable systems only for a proxy channel.
    flow{party::consumer, party::gateway, service::home_web, han, tls, both_ways, by_profile},
    flow{party::technician, party::gateway, service::home_web, han, tls, both_ways, by_profile},
    flow{party::cls, party::gateway, service::home_web, han, tls, both_ways, by_profile},
    flow{party::cls, party::gateway, service::proxy_local, han, tls, both_ways, by_profile},
    flow{party::gateway, party::cls, service::proxy_local, han, tls, both_ways, by_profile},
    flow{party::cls, party::gateway, service::home_time, han, tls, both_ways, by_profile},
    flow{party::consumer, party::gateway, service::discovery, han, datagram, both_ways, always},
    flow{party::technician, party::gateway, service::discovery, han, datagram, both_ways, always},
    flow{party::cls, party::gateway, service::discovery, han, datagram, both_ways, always},
    flow{party::gateway, party::cls, service::discovery, han, datagram, both_ways, always},
    // Meters push, or answer what the gateway asks as primary station.
    flow{party::meter, party::gateway, service::meter_data, lmn, line, one_way, by_profile},
    flow{party::gateway, party::meter, service::meter_poll, lmn, line, both_ways, by_profile},
    flow{party::meter, party::gateway, service::home_time, lmn, line, both_ways, by_profile},
};

}  // namespace

std::span<const flow> flows() noexcept { return rows; }

const flow* find(party from, party to, service what) noexcept {
  const auto found =
      std::ranges::find_if(rows, [&](const flow& f) { return f.from == from && f.to == to && f.what == what; });
  return found == rows.end() ? nullptr : &*found;
}

std::string_view to_string(party p) noexcept {
  switch (p) {
    case party::gateway: return "gateway";
    case party::administrator: return "administrator";
    case party::market_participant: return "market participant";
    case party::consumer: return "consumer";
    case party::technician: return "technician";
    case party::cls: return "controllable system";
    case party::meter: return "meter";
  }
  return "unknown";
}

std::string_view to_string(service s) noexcept {
  switch (s) {
    case service::wake_up: return "wake-up";
    case service::management: return "management";
    case service::admin_service: return "admin service";
    case service::info_report: return "info report";
    case service::time_sync: return "time";
    case service::home_web: return "home web";
    case service::home_time: return "home time";
    case service::discovery: return "discovery";
    case service::proxy_local: return "proxy, local leg";
    case service::proxy_remote: return "proxy, remote leg";
    case service::meter_data: return "meter data";
    case service::meter_poll: return "meter poll";
  }
  return "unknown";
}

}  // namespace smgw::access
