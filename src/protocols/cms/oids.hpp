// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Object identifiers of the CMS profile, as DER elements (detail specification 5.2 to 5.4; inner use of this module).

#include "protocols/cms/suite.hpp"

#include <array>
#include <optional>

namespace smgw::cms::oids {

/// An OBJECT IDENTIFIER element from its content octets.
template <class... Octet>
consteval auto element(Octet... octets) {
  return std::array<std::uint8_t, sizeof...(octets) + 2>{0x06, sizeof...(octets), static_cast<std::uint8_t>(octets)...};
}

inline constexpr auto data = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01);
inline constexpr auto signed_data = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02);
inline constexpr auto auth_enveloped_data = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17);
inline constexpr auto compressed_data = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x09);
/// CertReqMsgsWithOuterSignature of TR-03109-4: 0.4.0.127.0.7.4.1.1.2.
inline constexpr auto certificate_requests = element(0x04, 0x00, 0x7F, 0x00, 0x07, 0x04, 0x01, 0x01, 0x02);
inline constexpr auto zlib_compress = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x03, 0x08);
inline constexpr auto attribute_content_type = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03);
inline constexpr auto attribute_message_digest = element(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04);
/// 0.4.0.127.0.7.1.3.1.1.1: the arc algorithms(1) is missing where it is printed, its siblings have it.
inline constexpr auto attribute_cbc_cmac_parameters =
    element(0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x03, 0x01, 0x01, 0x01);
inline constexpr auto ec_public_key = element(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01);

[[nodiscard]] bytes_view of(content_type type) noexcept;
[[nodiscard]] bytes_view of(curve c) noexcept;
[[nodiscard]] bytes_view of(digest d) noexcept;
[[nodiscard]] bytes_view of(key_wrap w) noexcept;
[[nodiscard]] bytes_view of(cipher c) noexcept;
/// ecdsa-with-SHAnnn.
[[nodiscard]] bytes_view signature(digest d) noexcept;
/// The key agreement with this KDF hash.
[[nodiscard]] bytes_view of(key_agreement a, digest kdf) noexcept;

/// The inverse lookups take an OBJECT IDENTIFIER element; nothing if it is not one of ours.
[[nodiscard]] std::optional<content_type> to_content_type(bytes_view element) noexcept;
[[nodiscard]] std::optional<digest> to_digest(bytes_view element) noexcept;
[[nodiscard]] std::optional<digest> to_signature(bytes_view element) noexcept;
[[nodiscard]] std::optional<key_wrap> to_key_wrap(bytes_view element) noexcept;
[[nodiscard]] std::optional<cipher> to_cipher(bytes_view element) noexcept;
[[nodiscard]] std::optional<digest> to_kdf(key_agreement a, bytes_view element) noexcept;

}  // namespace smgw::cms::oids
