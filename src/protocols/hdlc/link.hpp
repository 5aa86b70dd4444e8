// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The primary station's side of one link of the wired LMN (REQ.TLSHDLC.SMGW.20, .30): normal response mode,
/// connection oriented and connectionless, modulo 8, window 1. A secondary speaks only when it is asked, so the link
/// polls. The bus is half duplex: one link of a bus at a time may wait for an answer, see `waiting()`.

#include "protocols/hdlc/frame.hpp"

#include <deque>
#include <vector>

namespace smgw::hdlc {

/// Link addresses the gateway may give (DS 8.1): 2, and 3..126.
inline constexpr std::uint8_t first_station = 2;
inline constexpr std::uint8_t last_station = 126;

struct link_options {
  /// The standard's timers are not in our sources: a meter that has not answered in this time is asked again, …
  std::chrono::milliseconds response{200};
  unsigned retries = 3;                 ///< … this often, then it is lost
  std::chrono::milliseconds poll{250};  ///< between questions while there is nothing to send
  std::size_t max_queued = 32;          ///< units of information that wait for their turn
};

class link {
 public:
  enum class state : std::uint8_t { disconnected, connecting, connected, disconnecting };
  /// What the caller does next.
  struct output {
    bytes transmit;                     ///< frames for the line
    std::vector<bytes> received;        ///< information in order (TLS records)
    std::vector<bytes> datagrams;       ///< information of UI frames (SYM messages)
    std::optional<time_point> wake_at;  ///< call `tick` then
    bool lost = false;                  ///< the meter no longer answers, or has dropped the link
  };

  link(address own, address peer, link_options options = {}) : own_(own), peer_(peer), options_(options) {}

  /// Sets the link up (SNRM). Refuses if it is up or under way (conflict).
  [[nodiscard]] expected<output> connect(time_point now);
  /// Takes the link down (DISC).
  [[nodiscard]] expected<output> disconnect(time_point now);
  /// Queues one unit of information. Refuses if the link is down (conflict), if it is empty or too long (malformed,
  /// exhausted) or the queue is full (exhausted).
  [[nodiscard]] expected<output> send(bytes information, time_point now);
  /// Sends a UI frame, in any state; no answer is waited for.
  [[nodiscard]] expected<output> send_datagram(bytes_view information, time_point now);
  /// Sends a UI frame with the poll bit and waits for the UI frame that answers it. What does not come in time is not
  /// asked for again here: messages that bear a counter are never sent twice. Refuses while another answer is
  /// outstanding (conflict) and what is too long (exhausted).
  [[nodiscard]] expected<output> ask_datagram(bytes_view information, time_point now);
  /// A frame came. One for or from another station is ignored.
  [[nodiscard]] output feed(const frame& f, time_point now);
  /// The deadline passed.
  [[nodiscard]] output tick(time_point now);

  [[nodiscard]] state current() const noexcept { return state_; }
  /// Whether an answer is outstanding: nobody else may speak on the bus.
  [[nodiscard]] bool waiting() const noexcept { return response_due_.has_value(); }
  [[nodiscard]] std::uint8_t send_number() const noexcept { return v_s_; }
  [[nodiscard]] std::uint8_t receive_number() const noexcept { return v_r_; }

 private:
  void transmit(output& out, std::uint8_t control, bytes_view information = {});
  void ask(output& out, std::uint8_t control, time_point now, bytes_view information = {});
  void ask_next(output& out, time_point now);
  bool acknowledge(unsigned n_r);
  void lose(output& out);
  void up(time_point now);
  void numbered(const frame& f, output& out, time_point now);
  [[nodiscard]] output finish(output out) const;

  address own_, peer_;
  link_options options_;
  state state_ = state::disconnected;
  std::uint8_t v_s_ = 0, v_r_ = 0;
  std::deque<bytes> queue_;  // its front is on the way while in_flight_
  bool in_flight_ = false;
  bool peer_busy_ = false;
  unsigned tries_ = 0;
  std::optional<time_point> response_due_;
  bool asked_datagram_ = false;  ///< it is the answer to a UI frame that is due
  time_point poll_due_{};
};

}  // namespace smgw::hdlc
