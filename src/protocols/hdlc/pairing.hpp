// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The symmetric procedure's two sides (detail specification 8.3): the gateway pairs a meter or takes the pairing back,
/// the meter answers. Messages in and out; the gateway asks and repeats, so that a lost message costs only time.

#include "protocols/hdlc/sym.hpp"

namespace smgw::hdlc::sym {

/// The gateway's side of one attempt. The meter key pair is the gateway's make (REQ.SYMHDLC.SMGW.InitialPairing.10).
class pairing {
 public:
  struct material {
    secret master;  ///< MK0, from the meter's profile
    server_id meter{};
    counters last;
    abilities own;
    bytes gateway_certificate;         ///< DER
    secret meter_certificate_and_key;  ///< DER, then RFC 5915
  };
  enum class goal : std::uint8_t { pair, remove };
  enum class verdict : std::uint8_t { next, done };

  pairing(goal what, material given) : given_(std::move(given)), at_(what == goal::pair ? type::hello : type::reset) {}

  /// What is to be said now; also once more, when no answer came. exhausted: no counter value is left for this key.
  [[nodiscard]] expected<bytes> say();
  /// The type that `say` gives next.
  [[nodiscard]] type saying() const noexcept { return at_; }
  /// An answer. untrusted: the key is not the meter's; conflict: an old one, or the meter belongs to a gateway;
  /// malformed: not an answer to what was said, it may still come.
  [[nodiscard]] expected<verdict> take(bytes_view in);

  /// Both are to be on disk before what `say` gave is sent, and before what `take` said counts.
  [[nodiscard]] const counters& counted() const noexcept { return given_.last; }
  [[nodiscard]] const abilities& of_meter() const noexcept { return of_meter_; }

 private:
  [[nodiscard]] bytes_view content() const noexcept;
  [[nodiscard]] expected<verdict> advance(const message& m);

  material given_;
  bytes hello_ = encode(given_.own);
  type at_;
  abilities of_meter_;
};

/// The meter's side: for simulators and tests.
class pairable {
 public:
  pairable(secret master, server_id own, abilities offers)
      : master_(std::move(master)), own_(own), offers_(std::move(offers)) {}

  /// The answer; nothing for what is not for this meter.
  [[nodiscard]] std::optional<bytes> answer(bytes_view in);
  [[nodiscard]] bool paired() const noexcept { return stage_ == stage::keyed; }
  [[nodiscard]] const bytes& gateway_certificate() const noexcept { return gateway_; }
  [[nodiscard]] const secret& certificate_and_key() const noexcept { return key_; }
  [[nodiscard]] const counters& counted() const noexcept { return last_; }

 private:
  enum class stage : std::uint8_t { new_, greeted, introduced, keyed };
  [[nodiscard]] std::variant<refusal, std::pair<type, bytes>> act(const message& m);

  secret master_;
  server_id own_;
  abilities offers_;
  counters last_;
  stage stage_ = stage::new_;
  bytes gateway_;
  secret key_;
};

}  // namespace smgw::hdlc::sym
