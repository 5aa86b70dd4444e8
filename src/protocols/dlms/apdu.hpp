// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The APDUs a meter pushes (IEC 62056-5-3; DLMS UA 1000-2, 9.5), as views into the input.

#include "protocols/dlms/apdu_tag.hpp"
#include "protocols/dlms/date_time.hpp"

#include <variant>

namespace smgw::dlms {

/// data-notification [15].
struct notification {
  std::uint32_t long_invoke_id = 0;  ///< id and priority, all 32 bits as sent
  bytes_view time_octets;            ///< 12 octets, or none
  std::optional<date_time> time;     ///< nothing too if the octets are no possible time: readings outlive a bad clock
  /// Kaifa sends the time as a value with its type (09 0C, octet-string; also 19, date-time) where the standard has a
  /// bare length. All are read.
  bool tagged_time = false;
  bytes_view body;  ///< one A-XDR value
};

/// event-notification-request [194]: one attribute.
struct event_notification {
  bytes_view time_octets;
  std::optional<date_time> time;
  std::uint16_t class_id = 0;
  obis instance;
  std::int8_t attribute = 0;
  bytes_view body;
};

/// general-glo-ciphering, general-ded-ciphering, general-ciphering, and the service-specific forms of a notification,
/// which have no system title of their own.
struct ciphered {
  apdu_tag tag = apdu_tag::general_glo_ciphering;
  bytes_view system_title;            ///< 8 octets, or none; general-ciphering: that of the originator
  bytes_view header;                  ///< general-ciphering: transaction-id to other-information as sent, else empty
  std::uint8_t security_control = 0;  ///< suite in bits 0-3, then authentication, encryption, …
  std::uint32_t counter = 0;          ///< the invocation counter
  bytes_view payload;                 ///< what is behind the counter: text or cipher text, then the tag if there is one

  [[nodiscard]] std::uint8_t suite() const noexcept { return security_control & 0x0F; }
  [[nodiscard]] bool authenticated() const noexcept { return (security_control & 0x10) != 0; }
  [[nodiscard]] bool encrypted() const noexcept { return (security_control & 0x20) != 0; }
  [[nodiscard]] bool broadcast() const noexcept { return (security_control & 0x40) != 0; }
  [[nodiscard]] bool compressed() const noexcept { return (security_control & 0x80) != 0; }
};

/// general-block-transfer [224].
struct block {
  bool last = false;
  bool streaming = false;
  std::uint8_t window = 0;
  std::uint16_t number = 0;
  std::uint16_t acknowledged = 0;
  bytes_view data;
};

inline constexpr std::size_t system_title_size = 8;
inline constexpr std::size_t tag_size = 12;  ///< of AES-GCM in all three suites of DLMS

using apdu = std::variant<notification, event_notification, ciphered, block>;

/// Reads one APDU that is all of `in`. truncated, malformed; unsupported: no APDU that is pushed.
[[nodiscard]] expected<apdu> read_apdu(bytes_view in);

void put_notification(bytes& out, std::uint32_t long_invoke_id, const std::optional<date_time>& time, bytes_view body,
                      bool tagged_time = false);
void put_event_notification(bytes& out, const std::optional<date_time>& time, std::uint16_t class_id,
                            const obis& instance, std::int8_t attribute, bytes_view body);
/// Appends a general ciphering APDU (or a service-specific one, then without system title) around what was protected.
void put_ciphered(bytes& out, const ciphered& c);
void put_block(bytes& out, const block& b);

}  // namespace smgw::dlms
