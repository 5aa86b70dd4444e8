// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// One meter of a wired bus: its pairing, its TLS session, and what the gateway asks in it. Octets and time in and out.

#include "actors/lmn/bus_answers.hpp"
#include "actors/lmn/bus_pairing.hpp"

namespace smgw::lmn {

class bus_meter {
 public:
  struct output {
    std::vector<bytes> information;    ///< HDLC frames' content for the meter: whole TLS records
    std::vector<bytes> datagrams;      ///< the same of UI frames: the symmetric procedure
    std::vector<kept_value> keep;      ///< on disk before any of both leaves
    std::vector<meter_read> reads;     ///< by instant, oldest first
    std::optional<frame_fault> fault;  ///< why this call gave none
    std::string news;                  ///< for people; empty: none
    std::optional<error> over;         ///< the session ended; `tick` begins the next one
  };
  bus_meter(profile::meter profile, const bus_parts& parts);

  [[nodiscard]] std::vector<std::string> remembered() const { return pairing_.remembered(); }
  void remember(const std::string& name, bytes_view value) { pairing_.remember(name, value); }

  /// The meter has joined the bus, or left it.
  void joined(instant now);
  void left();
  [[nodiscard]] output feed(bytes_view information, instant now);
  [[nodiscard]] output feed_datagram(bytes_view datagram, instant now);
  [[nodiscard]] output tick(instant now);
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept { return wake_; }
  [[nodiscard]] const profile::meter& profile() const noexcept { return profile_; }
  [[nodiscard]] std::string state() const;
  [[nodiscard]] const sml::quirk_counts& quirks_used() const noexcept { return answers_.quirks_used(); }

 private:
  void begin(instant now, output& out);
  void begin_pairing(const crypto::tls_config& config, instant now, output& out);
  void take(bus_pairing::output from, instant now, output& out);
  void established(instant now, output& out);
  void renew(instant now, output& out);
  void renewed(bool taken, instant now, output& out);
  void say(bytes_view file, instant now, output& out);
  void take(expected<crypto::tls_output> from, instant now, output& out);
  void end(const error& why, instant now, output& out);
  void ask(instant now, output& out);
  void take(const expected<bus_answers::file>& answer, instant now, output& out);
  void schedule(instant now);

  profile::meter profile_;
  const bus_parts& parts_;
  bus_pairing pairing_;
  bool renewing_ = false;  ///< the next answer is that to a renewal
  std::vector<obis> registers_;
  std::optional<crypto::tls_session> session_;
  bus_answers answers_;
  std::uint32_t transaction_ = 1;
  bool on_bus_ = false;
  std::optional<time_point> answer_due_;
  std::optional<time_point> wake_;
  std::chrono::milliseconds pause_;
  std::string last_error_;
};

}  // namespace smgw::lmn
