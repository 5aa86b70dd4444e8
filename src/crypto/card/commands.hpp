// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The commands of the security module (BSI TR-03109-2).
///
/// PROPOSED: that guideline's text is not public here. Instructions, P1 and P2 and the control reference templates are
/// those that secondary sources name; where they are silent, this file decides: the usage octet 95, key numbers of one
/// octet, file identifiers, the content of the module's information file. Another card's dialect would be written here
/// and in the card simulator of the tests, and nowhere else.

#include "crypto/card/apdu.hpp"
#include "crypto/curve.hpp"

#include <vector>

namespace smgw::crypto::card {

/// Application identifier of the module, in the range for proprietary ones.
inline constexpr std::array<std::uint8_t, 8> application{0xF0, 'S', 'M', 'G', 'W', 'S', 'M', 0x01};

/// Key numbers. Ephemeral ones have slots of their own, and are gone after their one agreement or a reset.
inline constexpr std::uint8_t first_static = 0x01, last_static = 0x3F;
inline constexpr std::uint8_t first_ephemeral = 0x40, last_ephemeral = 0x47;
/// An ephemeral one whose public point is all that sealing needs.
inline constexpr std::uint8_t sealing_slot = 0x48;
/// The module's own key that the storage key is sealed with; no label names it.
inline constexpr std::uint8_t storage_slot = 0x3F;

/// File identifiers: module information; two copies of the key directory, of which the newer whole one counts.
inline constexpr std::uint16_t information_file = 0x2F01;
inline constexpr std::array<std::uint16_t, 2> directory_files{0x4701, 0x4702};
/// Octets one READ or UPDATE BINARY moves.
inline constexpr std::size_t file_chunk = 1024;

/// Usage octet of a key, in 95 of its template.
enum usage : std::uint8_t { usage_sign = 0x01, usage_agree = 0x02, usage_ephemeral = 0x04 };

[[nodiscard]] command select_application();
[[nodiscard]] command select_file(std::uint16_t file);
[[nodiscard]] command read_binary(std::uint16_t offset, std::size_t length);
[[nodiscard]] command update_binary(std::uint16_t offset, bytes_view content);
[[nodiscard]] command get_challenge(std::uint8_t octets);
[[nodiscard]] command generate_key(std::uint8_t slot, curve on, std::uint8_t usage);
[[nodiscard]] command delete_key(std::uint8_t slot);
[[nodiscard]] command choose_signing_key(std::uint8_t slot);
[[nodiscard]] command compute_signature(bytes_view digest);
[[nodiscard]] command choose_agreement_key(std::uint8_t slot);
[[nodiscard]] command agree(bytes_view peer_point);

/// The public key that GENERATE ASYMMETRIC KEY PAIR gives.
[[nodiscard]] expected<bytes> public_point_of(const response& answer, curve on);
/// The shared x coordinate that GENERAL AUTHENTICATE gives.
[[nodiscard]] expected<bytes> shared_of(const response& answer, curve on);

/// Content of the information file.
struct module_information {
  std::string serial;  ///< hex digits
  std::vector<curve> curves;
  std::uint16_t milliseconds = 0;  ///< one signature
};
[[nodiscard]] bytes encode(const module_information& m);
[[nodiscard]] expected<module_information> decode_information(bytes_view content);

/// Object identifier of a curve, content octets; and back.
[[nodiscard]] bytes curve_oid(curve on);
[[nodiscard]] expected<curve> curve_of_oid(bytes_view oid);

}  // namespace smgw::crypto::card
