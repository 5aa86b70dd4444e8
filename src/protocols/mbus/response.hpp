// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a wired meter answers: the header of variable data, the old fixed data structure, application errors
/// (EN 13757-3:2018, clauses 6, 10; EN 1434-3 for the fixed structure).

#include "protocols/mbus/identity.hpp"
#include "protocols/mbus/record.hpp"
#include "protocols/mbus/wired_frame.hpp"

#include <array>
#include <optional>

namespace smgw::mbus {

/// One counter of the fixed data structure.
struct fixed_counter {
  std::uint8_t unit_code = 0;  ///< six bits
  quantity what = quantity::reserved;
  unit measured = unit::none;
  bool historic = false;  ///< the same unit as counter 1, but at the stored date
  bool available = true;  ///< false: digits that are none
  decimal value;
};

enum class response_kind : std::uint8_t { variable, fixed, application_error, other };
struct response {
  response_kind kind = response_kind::other;
  std::uint8_t ci = 0;
  bool identified = false;  ///< the answer says whose it is: not with a short header or none (CI 7A, 78)
  identity meter;           ///< for the fixed structure without manufacturer and version
  std::uint8_t access = 0;
  std::uint8_t status = 0;
  std::uint16_t signature = 0;  ///< the configuration field of EN 13757-7
  bytes_view records;           ///< variable: for record_reader
  std::array<fixed_counter, 2> counters;
  std::uint8_t error_code = 0;  ///< application errors: 0 unspecified … 8 busy
};
/// Reads the user data of a long or control frame. Truncated: shorter than its header; unsupported: encrypted
/// (security mode other than 0), or of mode 2 (high octet first; see mode2.hpp).
[[nodiscard]] expected<response> read_response(const wired_frame& frame);
/// Who answers, whatever follows the header: encrypted records and errors too. Nothing if the answer does not say.
[[nodiscard]] std::optional<identity> sender_of(const wired_frame& frame);
/// `application busy` and so on (EN 13757-3, table 23).
[[nodiscard]] std::string_view application_error_name(std::uint8_t code) noexcept;

}  // namespace smgw::mbus
