// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What binds a meter of a wired bus to this gateway: the certificates that it is known by, and the symmetric procedure
/// that brings them about (scenario LKS1.PSK). A meter whose profile has a key and names no certificate is paired; one
/// whose profile is not active is released (REQ.SYMHDLC.SMGW.InitialPairing.10, RemovePairingInMtr.10).

#include "actors/lmn/bus_line.hpp"
#include "protocols/hdlc/pairing.hpp"

namespace smgw::lmn {

class bus_pairing {
 public:
  struct output {
    std::vector<bytes> datagrams;  ///< for the meter, once `keep` is on disk
    std::vector<kept_value> keep;
    std::string news;
    std::optional<error> failed;
    bool done = false;
  };
  bus_pairing(const profile::meter& meter, const bus_parts& parts);

  [[nodiscard]] std::vector<std::string> remembered() const;
  void remember(const std::string& name, bytes_view value);

  /// The procedure has to run before there can be a secure channel (or, for a meter that is released, at all).
  [[nodiscard]] bool needed() const noexcept;
  /// The profile is not active: the meter belongs to nobody any more, or soon.
  [[nodiscard]] bool releases() const noexcept { return !meter_.active; }
  [[nodiscard]] bool under_way() const noexcept { return attempt_.has_value(); }
  /// Begins; `own` is the gateway's LMN certificate.
  [[nodiscard]] output begin(const crypto::certificate& own, instant now);
  [[nodiscard]] output feed(bytes_view datagram, instant now);
  [[nodiscard]] output tick(instant now);
  [[nodiscard]] std::optional<time_point> wake_at() const noexcept { return attempt_ ? due_ : std::nullopt; }
  void stop() { attempt_.reset(); }

  /// Certificates that the meter may show: none unless it is paired.
  [[nodiscard]] std::vector<crypto::certificate> trusted() const;
  /// A channel stands, and the meter showed this: of several certificates the newest that works stays.
  [[nodiscard]] output shown(const crypto::certificate& peer);
  /// There was no channel: a pairing that nobody confirmed may not have come to its end, and is tried once more.
  void not_shown();

  /// The certificate ends soon, and no renewal was tried lately.
  [[nodiscard]] bool renewal_due(timestamp now) const;
  struct renewal {
    crypto::meter_key_pair next;
    output before;  ///< to be kept before it is sent
  };
  [[nodiscard]] expected<renewal> renew(timestamp now);
  /// The meter did not take it.
  [[nodiscard]] output not_renewed();

 private:
  struct held {
    crypto::certificate what;
    bool confirmed = false;
  };
  [[nodiscard]] expected<crypto::meter_key_pair> make_key_pair(timestamp now) const;
  void say(instant now, output& out);
  void keep_counters(output& out);
  void keep_certificates(output& out) const;
  void finish(output& out);

  const profile::meter& meter_;
  const bus_parts& parts_;
  hdlc::sym::server_id server_id_;
  std::vector<held> certificates_;  // oldest first
  hdlc::sym::counters counters_;
  std::optional<hdlc::sym::pairing> attempt_;
  std::optional<crypto::certificate> next_;  // of the attempt
  unsigned tries_ = 0;
  std::optional<time_point> due_;
  bool released_ = false;
  bool doubtful_ = false;  ///< nobody confirmed the certificate, and no channel came about with it
  timestamp renewed_at_{};
};

}  // namespace smgw::lmn
