// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Reading a meter over the optical port or a D0 line: the dialogue of IEC 62056-21 clause 6, both sides, without IO.

#include "protocols/d0/encode.hpp"
#include "protocols/d0/reader.hpp"

namespace smgw::d0 {

inline constexpr std::uint32_t opening_baud = 300;  ///< IEC 62056-21, 6.4.3

/// The reaction time that the standard wants between the last octet of one side and the first of the other.
inline constexpr std::chrono::milliseconds reaction_time{200};

/// What the port has to do now, in this order: wait for `not_before`, change to `baud`, send `transmit`, and after its
/// last octet change to `then_baud`. The line has 7 data bits, even parity and one stop bit throughout.
struct session_output {
  std::optional<time_point> not_before;
  std::optional<std::uint32_t> baud;
  bytes transmit;
  std::optional<std::uint32_t> then_baud;
  std::optional<time_point> wake_at;  ///< call tick() then
  std::optional<readout> received;    ///< valid until the session is used again
  bool done = false;                  ///< the dialogue is over
};

/// The reading side: request, identification, acknowledgement with a change of rate, readout; modes A, B and C.
class session {
 public:
  struct options {
    std::string address;             ///< device address of the request, at most 32 characters; empty: any meter
    std::uint32_t fastest = 19'200;  ///< no rate above it is agreed (optical heads limit it)
    std::chrono::milliseconds answer{1500 + 200};    ///< until the meter must have answered (200 to 1500 ms)
    std::chrono::milliseconds readout{10 * 60'000};  ///< until the whole readout must be here, at 300 baud too
    unsigned tries = 3;
  };
  explicit session(options o) : options_(std::move(o)), reader_({.pause = std::chrono::hours{1}}) {}

  /// Begins the dialogue. conflict: begun already; malformed: an address that cannot be sent.
  [[nodiscard]] expected<session_output> start(time_point now);
  /// The meter sent this. malformed: a broken readout after the last try.
  [[nodiscard]] expected<session_output> feed(bytes_view in, time_point now);
  /// The deadline passed. expired: the meter did not answer to the last try.
  [[nodiscard]] expected<session_output> tick(time_point now);

 private:
  enum class state : std::uint8_t { before, identification, readout, after };
  [[nodiscard]] bytes_view seven_bits(bytes_view in);
  [[nodiscard]] session_output quiet() const;
  [[nodiscard]] session_output send_request(time_point now);
  [[nodiscard]] expected<session_output> take_identification(time_point now);
  [[nodiscard]] expected<session_output> take_readout(bytes_view in, time_point now);
  [[nodiscard]] expected<session_output> again(error why, time_point now);

  options options_;
  reader reader_;
  state state_ = state::before;
  bytes line_;
  bytes input_;
  unsigned tried_ = 0;
  std::optional<time_point> deadline_;
};

/// The meter's side, for simulators: answers a request that is for it, agrees on a rate, sends the readout.
class responder {
 public:
  explicit responder(std::string address, readout_to_send content);
  /// New values for the next readout.
  void update(readout_to_send content) { content_ = std::move(content); }
  [[nodiscard]] session_output feed(bytes_view in, time_point now);
  /// No acknowledgement came: the readout goes out at the opening rate (mode C, IEC 62056-21, 6.4.3).
  [[nodiscard]] session_output tick(time_point now);

 private:
  enum class state : std::uint8_t { idle, identified };
  [[nodiscard]] bool is_for_me(std::string_view line) const noexcept;
  [[nodiscard]] session_output quiet() const;
  [[nodiscard]] session_output send_block();
  [[nodiscard]] session_output take_line(std::string_view line, time_point now);

  std::string address_;
  readout_to_send content_;
  state state_ = state::idle;
  bytes line_;
  std::optional<time_point> deadline_;
};

}  // namespace smgw::d0
