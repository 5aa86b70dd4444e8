// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// From a frame to authenticated, decrypted application data: what a gateway that only receives does with wireless
/// M-Bus (detail specification 10; OMS vol. 2). No allocation per telegram.

#include "protocols/mbus/format.hpp"
#include "protocols/wmbus/cipher.hpp"
#include "protocols/wmbus/reassembly.hpp"

namespace smgw::wmbus {

/// What became of a telegram. Each is a different thing to tell the operator.
enum class verdict : std::uint8_t {
  accepted,
  pending,         ///< a fragment was taken; the message is not complete
  no_frame,        ///< too short or contradicting lengths
  bad_crc,         ///< damaged on the air
  no_key,          ///< encrypted, and there is no key for this meter
  wrong_key,       ///< MAC or authentication tag does not verify
  implausible,     ///< decrypted, but the check octets (2F 2F) or the payload CRC are wrong
  replayed,        ///< authentic, but its counter does not increase (REQ.WMBUS.Unidirektional.60)
  unknown_format,  ///< a compact frame whose format was never heard
  unprotected,     ///< less protection than this meter's profile asks for
  unsupported,     ///< a security mode or protocol that is not offered here; `reason` names it
};
[[nodiscard]] std::string_view name(verdict v) noexcept;
/// The error a verdict other than `accepted` and `pending` amounts to.
[[nodiscard]] errc code_of(verdict v) noexcept;

/// What a communication profile says about a meter's protection.
struct protection_policy {
  /// Modes 7 and 10 only: what TR-03109-1 asks of wireless meters. Off: modes 0 and 5 are decoded too.
  bool authenticated_only = true;
  /// Takes telegrams whose header says encrypted, but that arrive in clear with the check octets in place (some
  /// receivers decrypt). For the analysis of captures only: nothing is authenticated then.
  bool accept_decrypted = false;
  /// Compact frames whose CRC of the full frame does not fit are refused. Off for the analysis of captures only.
  bool full_frame_crc = true;
  /// Key of mode 10. Meters in the field and EN 13757-7 use Kenc; the heading of TR-03116-3 table 19 says KMAC.
  derived ccm_key = derived::encryption;
};

/// All the gateway keeps for one meter between telegrams. `counter` is to be persisted by the caller after each
/// accepted telegram (3116 7.3: after a power failure at most 12 h behind).
struct meter_state {
  std::optional<meter_cipher> key;
  std::optional<std::uint32_t> counter;  ///< of the last authentic message
  protection_policy policy;
  reassembly fragments;
};

/// The headers of one frame, before any key is used: enough to find the meter.
struct headers {
  link_frame link;
  std::optional<ell_header> ell;
  std::optional<afl_header> afl;
  std::optional<tpl_header> tpl;  ///< absent in an encrypted extended link layer and in fragments after the first
};

/// One telegram, opened. Views are valid until the receiver's next call and as long as the frame lives.
struct telegram {
  verdict result = verdict::no_frame;
  std::string_view reason;  ///< static text
  headers head;
  identity meter;  ///< application layer address if there is one, else link layer address
  content what = content::reserved;
  std::uint8_t mode = 0;                 ///< security mode of the transport layer
  std::optional<std::uint32_t> counter;  ///< message counter, if any
  bool authenticated = false;            ///< MAC or tag verified
  bool decrypted = false;                ///< something was decrypted here
  bytes_view application;  ///< plaintext behind the headers and check octets; of compact frames: the values
  bytes_view format;       ///< compact frames: the record headers
  [[nodiscard]] mbus::record_reader records() const noexcept {
    return what == content::compact ? mbus::record_reader{format, application} : mbus::record_reader{application};
  }
};

/// Opens telegrams; one per radio. Holds the work buffer.
class receiver {
 public:
  /// Reads the headers without keys. Truncated, malformed or unsupported as the layers say.
  [[nodiscard]] expected<headers> peek(bytes_view stripped);
  /// The whole way. `meter` is the state of the meter that peek() named; its counter moves only after authentication.
  /// `formats` serves compact frames (may be null).
  [[nodiscard]] telegram open(bytes_view stripped, meter_state& meter, const mbus::format_cache* formats,
                              time_point now);

 private:
  struct steps;
  std::array<std::uint8_t, max_message> buffer_{};
  std::array<std::uint8_t, 16> scratch_{};
};

}  // namespace smgw::wmbus
