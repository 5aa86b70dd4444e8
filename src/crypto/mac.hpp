// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "base/secret.hpp"
#include "crypto/curve.hpp"

#include <memory>

namespace smgw::crypto {

[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(bytes_view key, bytes_view data);
/// AES-CMAC (RFC 4493) with a key of 16, 24 or 32 octets; another length is malformed.
[[nodiscard]] expected<std::array<std::uint8_t, 16>> aes_cmac(bytes_view key, bytes_view data);

/// AES-CMAC with a kept key schedule, for many messages under one key.
class cmac {
 public:
  [[nodiscard]] static expected<cmac> create(const secret& key);
  ~cmac();
  cmac(cmac&&) noexcept;
  cmac& operator=(cmac&&) noexcept;
  void update(bytes_view data);
  [[nodiscard]] std::array<std::uint8_t, 16> finish();  ///< and starts anew
 private:
  struct impl;
  explicit cmac(std::unique_ptr<impl> state);
  std::unique_ptr<impl> impl_;
};

/// HKDF (RFC 5869) over HMAC-SHA-256; `length` at most 255 · 32.
[[nodiscard]] expected<secret> hkdf_sha256(bytes_view key, bytes_view salt, bytes_view info, std::size_t length);
/// The X9.63 KDF of TR-03111 4.3.3: H(Z ‖ counter ‖ info), cut to `length` (at most 1024).
[[nodiscard]] expected<secret> x963_kdf(hash h, bytes_view z, bytes_view info, std::size_t length);

/// The four keys of one data set in the symmetric LMN (TR-03116-3 7.2, table 18). The counter's byte order and the
/// meter id's form belong to the protocol, so both come as octets.
struct lmn_keys {
  secret meter_encrypt, meter_mac, gateway_encrypt, gateway_mac;  ///< Kenc, KMAC, Lenc, LMAC
};
[[nodiscard]] expected<lmn_keys> derive_lmn_keys(const secret& master, bytes_view counter, bytes_view meter_id);

}  // namespace smgw::crypto
