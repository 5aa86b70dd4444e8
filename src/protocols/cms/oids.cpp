// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/cms/oids.hpp"

#include <algorithm>

namespace smgw::cms::oids {
namespace {

constexpr std::array content_types{bytes_view{data}, bytes_view{signed_data}, bytes_view{auth_enveloped_data},
                                   bytes_view{compressed_data}, bytes_view{certificate_requests}};

constexpr auto brainpool(std::uint8_t last) {
  return std::array<std::uint8_t, 11>{0x06, 0x09, 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, last};
}
constexpr auto brainpool_p256r1 = brainpool(0x07), brainpool_p384r1 = brainpool(0x0B),
               brainpool_p512r1 = brainpool(0x0D);
constexpr auto secp256r1 = element(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07);
constexpr auto secp384r1 = element(0x2B, 0x81, 0x04, 0x00, 0x22);
constexpr std::array curves{bytes_view{brainpool_p256r1}, bytes_view{brainpool_p384r1}, bytes_view{brainpool_p512r1},
                            bytes_view{secp256r1}, bytes_view{secp384r1}};

/// 2.16.840.1.101.3.4.x.y
constexpr auto nist(std::uint8_t arc, std::uint8_t last) {
  return std::array<std::uint8_t, 11>{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, arc, last};
}
constexpr auto sha256 = nist(2, 1), sha384 = nist(2, 2), sha512 = nist(2, 3);
constexpr std::array digests{bytes_view{sha256}, bytes_view{sha384}, bytes_view{sha512}};

constexpr auto wrap128 = nist(1, 0x05), wrap192 = nist(1, 0x19), wrap256 = nist(1, 0x2D);
constexpr std::array wraps{bytes_view{wrap128}, bytes_view{wrap192}, bytes_view{wrap256}};

constexpr auto gcm128 = nist(1, 0x06), gcm192 = nist(1, 0x1A), gcm256 = nist(1, 0x2E);
constexpr auto cbc_cmac(std::uint8_t last) {
  return std::array<std::uint8_t, 12>{0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x03, 0x01, 0x01, last};
}
constexpr auto cbc_cmac128 = cbc_cmac(2), cbc_cmac192 = cbc_cmac(3), cbc_cmac256 = cbc_cmac(4);
constexpr std::array ciphers{bytes_view{gcm128},      bytes_view{gcm192},      bytes_view{gcm256},
                             bytes_view{cbc_cmac128}, bytes_view{cbc_cmac192}, bytes_view{cbc_cmac256}};

constexpr auto ecdsa(std::uint8_t last) {
  return std::array<std::uint8_t, 10>{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, last};
}
constexpr auto ecdsa256 = ecdsa(2), ecdsa384 = ecdsa(3), ecdsa512 = ecdsa(4);
constexpr std::array signatures{bytes_view{ecdsa256}, bytes_view{ecdsa384}, bytes_view{ecdsa512}};

constexpr auto ecka_eg(std::uint8_t last) {
  return std::array<std::uint8_t, 13>{0x06, 0x0B, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x05, 0x01, 0x01, last};
}
constexpr auto ecka256 = ecka_eg(3), ecka384 = ecka_eg(4), ecka512 = ecka_eg(5);
constexpr std::array ecka{bytes_view{ecka256}, bytes_view{ecka384}, bytes_view{ecka512}};
/// dhSinglePass-stdDH-shaNNNkdf-scheme, 1.3.132.1.11.n (RFC 5753, 7.1.4)
constexpr auto dh256 = element(0x2B, 0x81, 0x04, 0x01, 0x0B, 0x01), dh384 = element(0x2B, 0x81, 0x04, 0x01, 0x0B, 0x02),
               dh512 = element(0x2B, 0x81, 0x04, 0x01, 0x0B, 0x03);
constexpr std::array dh{bytes_view{dh256}, bytes_view{dh384}, bytes_view{dh512}};

template <class Value, std::size_t N>
bytes_view in(const std::array<bytes_view, N>& table, Value v) noexcept {
  return table[static_cast<std::size_t>(v)];
}

template <class Value, std::size_t N>
std::optional<Value> find(const std::array<bytes_view, N>& table, bytes_view element) noexcept {
  for (std::size_t i = 0; i < N; ++i)
    if (std::ranges::equal(table[i], element)) return static_cast<Value>(i);
  return std::nullopt;
}

}  // namespace

bytes_view of(content_type type) noexcept { return in(content_types, type); }
bytes_view of(curve c) noexcept { return in(curves, c); }
bytes_view of(digest d) noexcept { return in(digests, d); }
bytes_view of(key_wrap w) noexcept { return in(wraps, w); }
bytes_view of(cipher c) noexcept { return in(ciphers, c); }
bytes_view signature(digest d) noexcept { return in(signatures, d); }
bytes_view of(key_agreement a, digest kdf) noexcept { return in(a == key_agreement::ecka_eg ? ecka : dh, kdf); }

std::optional<content_type> to_content_type(bytes_view e) noexcept { return find<content_type>(content_types, e); }
std::optional<digest> to_digest(bytes_view e) noexcept { return find<digest>(digests, e); }
std::optional<digest> to_signature(bytes_view e) noexcept { return find<digest>(signatures, e); }
std::optional<key_wrap> to_key_wrap(bytes_view e) noexcept { return find<key_wrap>(wraps, e); }
std::optional<cipher> to_cipher(bytes_view e) noexcept { return find<cipher>(ciphers, e); }
std::optional<digest> to_kdf(key_agreement a, bytes_view e) noexcept {
  return find<digest>(a == key_agreement::ecka_eg ? ecka : dh, e);
}

}  // namespace smgw::cms::oids
