// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Headers between link layer and application: extended link layer (EN 13757-4, clause 13), authentication and
/// fragmentation layer and transport layer (EN 13757-7:2018, clauses 6 and 7).

#include "protocols/wmbus/frame.hpp"

#include <optional>

namespace smgw::wmbus {

/// What a CI field announces (EN 13757-7, table 2), as far as a gateway that only receives tells it apart.
enum class content : std::uint8_t {
  reserved,
  extended_link,   ///< 86, 8C to 8F
  authentication,  ///< 90
  records,         ///< full M-Bus frame: 72, 78, 7A
  compact,         ///< compact M-Bus frame: 73, 79, 7B
  format,          ///< format frame: 69, 6A, 6B
  nothing,         ///< transport layer without application data: 8A, 8B, 80
  application_error,
  alarm,
  dlms,          ///< DLMS/COSEM and OBIS-type protocols
  management,    ///< network layer, image and security transfer, selection: not for receive-only gateways
  command,       ///< from a gateway to a meter
  manufacturer,  ///< A0 to B7
};
enum class header_kind : std::uint8_t { none, short_header, long_header };
struct content_info {
  content what = content::reserved;
  header_kind header = header_kind::none;
};
[[nodiscard]] content_info describe(std::uint8_t ci) noexcept;

/// Extended link layer, all five forms.
struct ell_header {
  std::uint8_t ci = 0;
  std::uint8_t communication_control = 0;
  std::uint8_t access = 0;
  std::optional<identity> receiver;      ///< ELLA: forms III and IV
  std::optional<std::uint32_t> session;  ///< SN: forms II and IV
  std::uint16_t payload_crc = 0;         ///< as received; still encrypted if encrypted() is true
  /// ENC subfield of the session number: 0 none, 1 AES-128-CTR.
  [[nodiscard]] std::uint8_t encryption() const noexcept {
    return session ? static_cast<std::uint8_t>(*session >> 29U) : std::uint8_t{0};
  }
};

/// Authentication and fragmentation layer.
struct afl_header {
  std::uint16_t fragmentation_control = 0;
  std::optional<std::uint8_t> message_control;   ///< MCL
  std::optional<std::uint16_t> key_information;  ///< KI
  std::optional<std::uint32_t> counter;          ///< MCR
  bytes_view mac;                                ///< empty if absent
  std::optional<std::uint16_t> message_length;   ///< ML: octets of the whole message behind the AFL
  [[nodiscard]] bool more_fragments() const noexcept { return (fragmentation_control & 0x4000U) != 0; }
  [[nodiscard]] std::uint8_t fragment_id() const noexcept { return static_cast<std::uint8_t>(fragmentation_control); }
};

/// Transport layer.
struct tpl_header {
  std::uint8_t ci = 0;
  header_kind kind = header_kind::none;
  identity meter;      ///< application layer address; only for long headers
  bytes_view address;  ///< its eight octets as received (ID, M, version, type)
  std::uint8_t access = 0;
  std::uint8_t status = 0;               ///< STS
  std::uint16_t configuration = 0;       ///< CF
  std::uint16_t extension = 0;           ///< CFE: one octet for mode 7, two for mode 10
  std::uint8_t key_version = 0;          ///< KV, if CFE announces it
  std::optional<std::uint32_t> counter;  ///< MC of mode 10
  bytes_view associated_data;            ///< mode 10: CI, ACC, ST, CF, CFE, KV as received (without the address)
  /// MMMMM of the configuration field.
  [[nodiscard]] std::uint8_t mode() const noexcept { return (configuration >> 8U) & 31U; }
  /// Encrypted blocks of 16 octets (modes 5 and 7).
  [[nodiscard]] std::size_t blocks() const noexcept { return (configuration >> 4U) & 15U; }
  /// Encrypted octets (mode 10); 255: all.
  [[nodiscard]] std::size_t octets() const noexcept { return configuration & 0xFFU; }
  /// DD of the extension: 0 persistent key, 1 key derivation function A.
  [[nodiscard]] std::uint8_t derivation() const noexcept { return (extension >> 4U) & 3U; }
  [[nodiscard]] std::uint8_t key_id() const noexcept { return extension & 15U; }
  /// Authentication tag of mode 10: 4, 8, 12 or 16 octets.
  [[nodiscard]] std::size_t tag_size() const noexcept { return 4U + 4U * ((extension >> 8U) & 3U); }
};

/// Each reads one header from the front of `in`, CI included, and advances. Truncated or malformed as it says.
[[nodiscard]] expected<ell_header> take_ell(bytes_view& in);
[[nodiscard]] expected<afl_header> take_afl(bytes_view& in);
/// `scratch` receives the associated data of a long header in mode 10, which is not contiguous.
[[nodiscard]] expected<tpl_header> take_tpl(bytes_view& in, std::span<std::uint8_t, 16> scratch);

/// Octets of the MAC by the AT subfield of MCL (EN 13757-7, table 6); 0 for none or reserved.
[[nodiscard]] std::size_t mac_size(std::uint8_t message_control) noexcept;

}  // namespace smgw::wmbus
