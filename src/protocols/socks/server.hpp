// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "protocols/socks/frame.hpp"
#include "protocols/socks/request.hpp"

namespace smgw::socks {

/// The gateway's side of one connection below and above its TLS session, without a socket and without TLS itself:
/// greeting, frames, CONNECT. Whoever owns it carries records between it and the TLS session.
class server {
 public:
  struct below {
    bytes transmit;             ///< to the peer, as it is
    std::vector<frame> frames;  ///< for the TLS session, one after the other; ask admit() before each
  };
  /// Octets of the transport. denied: no acceptable method; farewell() says so to the peer. malformed: a broken frame.
  [[nodiscard]] expected<below> feed(bytes_view in);
  /// What to send before the transport is cut after an error of feed(); may be empty.
  [[nodiscard]] const bytes& farewell() const noexcept { return farewell_; }
  /// Whether a frame of this state has its place now: the handshake before, data after it, closing always
  /// (REQ.TA.SOCKSTLS.Connect.40). malformed.
  [[nodiscard]] expected<void> admit(frame_state s) const;
  /// The TLS session is established: from now on data flows. What this side still said in the handshake is wrapped
  /// before.
  void established() noexcept { established_ = true; }

  struct above {
    std::optional<connect_request> asked;
    std::optional<request_refusal> refused;
    bytes payload;  ///< what follows the request, for the other side
  };
  /// Decrypted octets: the request, then payload.
  [[nodiscard]] above decrypted(bytes_view in);

  /// Records of the TLS session as frames: those of the handshake, of data, or of the end.
  [[nodiscard]] bytes encrypted(bytes_view records, bool closing) const;

 private:
  frame_reader frames_;
  bytes pending_;  ///< of the greeting, then of the request
  bytes farewell_;
  bool greeted_ = false;
  bool established_ = false;
  bool asked_ = false;
};

}  // namespace smgw::socks
