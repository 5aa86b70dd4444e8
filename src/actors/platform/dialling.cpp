// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "actors/platform/dialling.hpp"

#include "actors/io/channel.hpp"
#include "actors/io/wire.hpp"
#include "actors/ports/file_port.hpp"
#include "actors/ports/radio_line.hpp"
#include "actors/wan/time_sync.hpp"
#include "base/check.hpp"

namespace smgw::platform {
namespace {

constexpr std::chrono::seconds connect_budget{10};

open_function opener(const io::stream_address& address, clock_function now, std::stop_token leave) {
  return [address, now = std::move(now), leave = std::move(leave)](caf::actor_system& system,
                                                                   wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto fd, io::open_stream(address, connect_budget, leave));
    const auto kind = address.what == io::stream_address::kind::tcp ? io::stream_kind::socket : io::stream_kind::device;
    return io::spawn_wire(system, std::move(fd), kind, std::move(user), now);
  };
}

io::stream_address address_of(const profile::lmn_port& port) {
  if (port.tcp) return {io::stream_address::kind::tcp, port.tcp->host, 0, port.tcp->port};
  static_assert(static_cast<int>(profile::line_form::e71) == static_cast<int>(io::character_form::e71));
  if (!port.pipe.empty()) return {io::stream_address::kind::pipe, port.pipe, 0, 0};
  return {io::stream_address::kind::serial, port.serial, port.baud, 0, static_cast<io::character_form>(port.form)};
}

}  // namespace

dial_function dialler(const profile::wan& w, const credentials& c, clock_function now, std::function<bool()> time_valid,
                      std::shared_ptr<crypto::tls_session_cache> cache, std::stop_token leave) {
  channel_parts parts{
      .tls = {.role = crypto::tls_role::client,
              .interface = crypto::tls_interface::wan,
              .identity = c.identity,
              .peer = c.peers.at(w.id),
              .server_name = w.tls_sni,
              .cache = std::move(cache)},
      .open = opener({io::stream_address::kind::tcp, w.peer.host, 0, w.peer.port}, now, std::move(leave)),
      .now = now};
  const bool for_time = w.id == time_peer;
  return [parts, for_time, time_valid = std::move(time_valid)](caf::actor_system& system, channel_user user) {
    auto made = parts;
    // While no time is trusted, that of a certificate cannot be checked, and nobody else can be reached (REQ.TA.TLS.
    // Handshake.160): for the time server alone the check is left out.
    if (for_time && !time_valid()) {
      made.tls.peer.check_time = false;
      made.tls.cache = nullptr;
    }
    return system.spawn<caf::detached>(secure_channel, made, std::move(user));
  };
}

open_function line_opener(const profile::lmn_port& port, clock_function now, std::stop_token leave) {
  return opener(address_of(port), std::move(now), std::move(leave));
}

open_function oem_opener(const ports::open_serial_port& open, const profile::lmn_port& port,
                         std::shared_ptr<line_pumps> pumps, clock_function now) {
  return [open, line = ports::serial_line{port.id, port.serial, port.baud}, pumps = std::move(pumps),
          now = std::move(now)](caf::actor_system& system, wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto opened, open(line));
    SMGW_TRY(auto fd, pumps->attach(std::move(opened)));
    return io::spawn_wire(system, std::move(fd), io::stream_kind::socket, std::move(user), now);
  };
}

open_function oem_radio_opener(const ports::open_radio& open, const profile::lmn_port& port,
                               std::shared_ptr<line_pumps> pumps, clock_function now) {
  return [open, id = port.id, pumps = std::move(pumps), now = std::move(now)](caf::actor_system& system,
                                                                              wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto opened, open(id));
    if (!opened) return fail(errc::internal, "the radio port opens nothing, and does not say why");
    SMGW_TRY(auto fd, pumps->attach(radio_as_line(std::move(opened))));
    return io::spawn_wire(system, std::move(fd), io::stream_kind::socket, std::move(user), now);
  };
}

open_function file_opener(const std::string& file, std::shared_ptr<line_pumps> pumps, clock_function now) {
  return [file, pumps = std::move(pumps), now = std::move(now)](caf::actor_system& system,
                                                                wire_user user) -> expected<wire_actor> {
    SMGW_TRY(auto opened, open_file_port(file));
    SMGW_TRY(auto fd, pumps->attach(std::move(opened)));
    return io::spawn_wire(system, std::move(fd), io::stream_kind::socket, std::move(user), now);
  };
}

}  // namespace smgw::platform
