// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Command and response APDUs of ISO/IEC 7816-4, both directions: what a gateway sends, and what a card reads.

#include <smgw/types.hpp>

namespace smgw::crypto::card {

/// Octets of a data field; a security module's longest is a certificate.
inline constexpr std::size_t max_data = 4096;
/// Largest Le of a short APDU; more makes it an extended one.
inline constexpr std::size_t short_answer = 256;

struct command {
  std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
  bytes data;
  std::size_t expects = 0;  ///< Le: at most so many octets in the answer; 0: none
};
[[nodiscard]] bytes encode(const command& c);
/// malformed: lengths that do not fit; exhausted: more than `max_data`.
[[nodiscard]] expected<command> decode_command(bytes_view apdu);

struct response {
  bytes data;
  std::uint16_t status = 0x9000;  ///< SW1 ‖ SW2
};
[[nodiscard]] bytes encode(const response& r);
/// truncated: no status word; exhausted: more than `max_data`.
[[nodiscard]] expected<response> decode_response(bytes_view apdu);

/// Status words of ISO/IEC 7816-4, table 5, that our commands meet.
enum status : std::uint16_t {
  ok = 0x9000,
  wrong_password = 0x6300,  ///< 63CX: X tries are left
  memory_failure = 0x6581,
  wrong_length = 0x6700,
  security_not_satisfied = 0x6982,
  password_blocked = 0x6983,
  conditions_not_satisfied = 0x6985,
  secure_messaging_missing = 0x6987,
  secure_messaging_wrong = 0x6988,
  wrong_data = 0x6A80,
  unsupported_function = 0x6A81,
  file_not_found = 0x6A82,
  not_enough_memory = 0x6A84,
  wrong_parameters = 0x6A86,
  key_not_found = 0x6A88,
  wrong_instruction = 0x6D00,
  wrong_class = 0x6E00,
};

/// What a status word other than 9000 means to a key store: no such key conflict, no room exhausted, a PIN or a
/// right that is missing denied, a refused data field malformed, another curve or command unsupported, the rest
/// internal.
[[nodiscard]] error fault(std::uint16_t status, std::string_view what);

}  // namespace smgw::crypto::card
