// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

/// Who may open what to whom: information flow control as data (PP-0073 FDP_IFC.2/FW, overview 1.2). What no row
/// allows is denied.
namespace smgw::access {

enum class party : std::uint8_t {
  gateway,
  administrator,       ///< GWA, WAN
  market_participant,  ///< EMT, WAN
  consumer,            ///< CON, HAN
  technician,          ///< SRV, HAN
  cls,                 ///< controllable local system, HAN
  meter,               ///< MTR, LMN
};
inline constexpr std::array all_parties{party::gateway,  party::administrator, party::market_participant,
                                        party::consumer, party::technician,    party::cls,
                                        party::meter};

enum class service : std::uint8_t {
  wake_up,        ///< one packet, no connection, no answer
  management,     ///< the gateway dials, then answers requests
  admin_service,  ///< alarms, later answers, downloads
  info_report,    ///< values
  time_sync,      ///< NTP inside TLS
  home_web,       ///< the consumer's and the technician's web service
  home_time,      ///< NTP for controllable systems and meters
  discovery,      ///< mDNS on the home network's own link
  proxy_local,    ///< the leg of a proxy channel between gateway and controllable system
  proxy_remote,   ///< the leg between gateway and market participant
  meter_data,     ///< telegrams a meter sends by itself
  meter_poll,     ///< requests of the gateway, and the key exchange
};
inline constexpr std::array all_services{service::wake_up,      service::management, service::admin_service,
                                         service::info_report,  service::time_sync,  service::home_web,
                                         service::home_time,    service::discovery,  service::proxy_local,
                                         service::proxy_remote, service::meter_data, service::meter_poll};

enum class network : std::uint8_t { wan, han, lmn };
enum class carrier : std::uint8_t { tls, datagram, line };

/// One permission: `from` may open `what` to `to`. Data goes both ways once it is open, but for what `one_way` says.
struct flow {
  party from;
  party to;
  service what;
  network where;
  carrier over;
  bool one_way = false;     ///< nothing is ever sent back
  bool by_profile = false;  ///< only where a profile of the administrator names the other side
};

[[nodiscard]] std::span<const flow> flows() noexcept;
/// Null: denied.
[[nodiscard]] const flow* find(party from, party to, service what) noexcept;
[[nodiscard]] std::string_view to_string(party p) noexcept;
[[nodiscard]] std::string_view to_string(service s) noexcept;

}  // namespace smgw::access
