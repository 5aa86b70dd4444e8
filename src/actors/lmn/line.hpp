// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What the octets of one port mean: one class a protocol, without actors. Octets and time in; telegrams of meters,
/// octets for the port and what is to be remembered out. The LINK does the rest.

#include "actors/lmn/roster.hpp"
#include "actors/messages/common.hpp"
#include "actors/messages/metering.hpp"
#include "domain/profile/gateway.hpp"
#include "domain/profile/meter.hpp"

namespace smgw::lmn {

/// Both clocks of one instant.
struct instant {
  timestamp utc;
  time_point steady;
};

/// A small named value that must be on disk before the telegram it came with counts (message counters).
struct kept_value {
  std::string name;
  bytes value;
};

struct output {
  struct heard {
    std::size_t meter = 0;  ///< index of its profile
    meter_read read;
    std::optional<kept_value> keep;
  };
  std::optional<std::uint32_t> baud;  ///< of a serial line from now on, before `transmit`
  bytes transmit;
  std::vector<kept_value> keep_first;  ///< on disk before `transmit` leaves; if it cannot be, nothing leaves
  std::vector<heard> telegrams;
  std::vector<std::string> news;  ///< lines for people
};

class line {
 public:
  line() = default;
  line(const line&) = delete;
  line& operator=(const line&) = delete;
  virtual ~line() = default;

  /// Names of the values that are to be read from the store before anything is heard.
  [[nodiscard]] virtual std::vector<std::string> remembered() const { return {}; }
  virtual void remember(const std::string& name, bytes_view value);
  /// The port is open, anew: what was under way is forgotten.
  virtual void opened(instant now, output& out) = 0;
  virtual void feed(bytes_view in, instant now, output& out) = 0;
  virtual void tick(instant now, output& out) = 0;
  [[nodiscard]] virtual std::optional<time_point> wake_at() const = 0;
  /// Starts to look for meters that nobody knows, where the protocol can ask for them and is not at it already. Whom it
  /// finds is in `heard`.
  virtual void look_around(instant now, output& out);
  [[nodiscard]] virtual bool looking() const { return false; }
  /// Counters of the protocol, for the status.
  virtual void report(status_report& to) const = 0;
  [[nodiscard]] const roster& heard() const noexcept { return roster_; }

 protected:
  line(const profile::lmn_port& port, const std::vector<profile::meter>& meters);
  /// Tells a stranger once.
  void tell_stranger(const std::string& who, timestamp when, output& out, std::optional<int> rssi_dbm = {});
  /// A frame of the meter gave no values: counted, and told, each reason once in `roster::silence` at most.
  void refuse(std::size_t meter, frame_fault why, timestamp when, output& out);
  roster roster_;
};

/// The line of a port's protocol. unsupported: the protocol needs more than a port (HDLC: an identity, see bus_line).
[[nodiscard]] expected<std::unique_ptr<line>> make_line(const profile::lmn_port& port,
                                                        std::vector<profile::meter> meters);

// One a file.
[[nodiscard]] std::unique_ptr<line> make_sml_line(const profile::lmn_port& port, std::vector<profile::meter> meters);
[[nodiscard]] std::unique_ptr<line> make_radio_line(const profile::lmn_port& port, std::vector<profile::meter> meters);
[[nodiscard]] std::unique_ptr<line> make_push_line(const profile::lmn_port& port, std::vector<profile::meter> meters);
[[nodiscard]] std::unique_ptr<line> make_readout_line(const profile::lmn_port& port,
                                                      std::vector<profile::meter> meters);
[[nodiscard]] std::unique_ptr<line> make_mbus_line(const profile::lmn_port& port, std::vector<profile::meter> meters);

/// A message counter as it is kept: the counter, and a check value of the key it belongs to. A new key begins with a
/// new counter (3116 7.1), so one that was kept under another key is none.
[[nodiscard]] kept_value keep_counter(std::string_view protocol, const device_id& meter, const profile::meter_key& key,
                                      std::uint32_t counter);
[[nodiscard]] std::string counter_name(std::string_view protocol, const device_id& meter);
[[nodiscard]] std::optional<std::uint32_t> kept_counter(bytes_view value, const profile::meter_key& key);

}  // namespace smgw::lmn
