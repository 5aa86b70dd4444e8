// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A simulated meter on a wired bus: HDLC secondary station, TLS server, SML server. Octets and time in, octets out.

#include "crypto/tls.hpp"
#include "household.hpp"
#include "protocols/hdlc/pairing.hpp"
#include "protocols/hdlc/station.hpp"
#include "protocols/sml/message.hpp"
#include "protocols/sml/transport.hpp"

#include <functional>

namespace smgw::sim {

class bus_station {
 public:
  struct options {
    device_id id;
    crypto::tls_identity identity;                       ///< the meter's; one that is paired gets it then
    crypto::tls_peer_rule gateway;                       ///< whom it lets in
    std::shared_ptr<crypto::tls_session_cache> cache{};  ///< none: no resumption
    std::uint64_t seed = 1;                              ///< of the household
    secret pairing_key{};                                ///< MK0 of a meter as it leaves the factory; empty: none
  };
  explicit bus_station(options o);

  /// The bus said this; what the meter says then.
  [[nodiscard]] bytes feed(bytes_view in, time_point steady, timestamp now);
  [[nodiscard]] bytes tick(time_point steady, timestamp now);
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept { return wake_; }
  /// The power was away.
  void reset();

  [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }
  [[nodiscard]] std::uint64_t handshakes() const noexcept { return handshakes_; }
  [[nodiscard]] std::uint64_t resumed() const noexcept { return resumed_; }
  [[nodiscard]] std::size_t longest_record() const noexcept { return longest_record_; }
  [[nodiscard]] bool paired() const noexcept { return pairable_ && pairable_->paired(); }
  /// What it shows, where it has one.
  [[nodiscard]] const std::vector<crypto::certificate>& shows() const noexcept { return options_.identity.chain; }
  [[nodiscard]] std::uint64_t certificates() const noexcept { return certificates_; }
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

 private:
  bytes act(hdlc::station::output out, timestamp now);
  void pair(bytes_view datagram, bytes& transmit);
  /// Another certificate and key from now on; false if they are none.
  bool adopt(bytes_view both);
  bool written(const sml::set_proc_parameter_request& request);
  void take(expected<crypto::tls_output> from, timestamp now);
  void answer(bytes_view request, timestamp now);
  void say(bytes_view records);

  options options_;
  household home_;
  hdlc::station station_;
  std::optional<hdlc::sym::pairable> pairable_;
  std::optional<crypto::tls_session> session_;
  sml::transport_reader reader_;
  std::optional<time_point> wake_;
  std::uint64_t answers_ = 0, handshakes_ = 0, resumed_ = 0, certificates_ = 0;
  std::size_t longest_record_ = 0;
  std::string complaint_;
};

/// What a meter does with a written object; false: it has none of that name, or cannot use the value.
using write_function = std::function<bool(const sml::set_proc_parameter_request&)>;

/// The answer of a registering meter to a request file: one GetProcParameter.Res for each register asked for that it
/// has (import and export), else an attention; for each written object an attention that tells how it went.
[[nodiscard]] bytes answer_request(const device_id& meter, const household& home, bytes_view payload, timestamp now,
                                   const write_function& written = {});

}  // namespace smgw::sim
