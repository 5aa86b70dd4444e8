// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A logged-in session with a token, and the few operations on objects that a key store needs.

#include "base/secret.hpp"
#include "crypto/curve.hpp"
#include "crypto/detail/pkcs11/module.hpp"
#include "crypto/pkcs11/key_store.hpp"

#include <optional>
#include <vector>

namespace smgw::crypto::pkcs11 {

using object = CK_OBJECT_HANDLE;

/// A key pair in the token. `id` is CKA_ID of both halves; empty for those that live as long as the session.
struct pair_request {
  curve on = curve::brainpool_p256r1;
  bytes id;
  std::string label;
  bool signs = false;
  bool agrees = false;
};
struct made_pair {
  object private_key = 0;
  object public_key = 0;
  bytes public_point;
};

/// Not thread-safe. Closed with the object; what the session made goes with it.
class session {
 public:
  /// `expected_serial`: refuse another token (untrusted). The PIN is offered once.
  [[nodiscard]] static expected<session> open(std::shared_ptr<module> library, const address& where, const secret& pin,
                                              const std::string& expected_serial);
  session(session&& other) noexcept;
  session& operator=(session&&) = delete;
  ~session();

  [[nodiscard]] const std::string& serial() const noexcept { return serial_; }

  [[nodiscard]] expected<void> random(std::span<std::uint8_t> out);
  [[nodiscard]] expected<made_pair> generate_pair(const pair_request& wanted);
  [[nodiscard]] expected<bytes> sign(object key, bytes_view digest);
  /// The shared x coordinate.
  [[nodiscard]] expected<secret> derive(object key, curve on, bytes_view peer_point);
  [[nodiscard]] expected<void> destroy(object what);
  /// At most `most` objects of the class; `id` empty: any. `in_token`: kept ones or those of sessions.
  [[nodiscard]] expected<std::vector<object>> find(std::optional<CK_OBJECT_CLASS> kind, bytes_view id, bool in_token,
                                                   std::size_t most);
  [[nodiscard]] expected<bytes> attribute(object of, CK_ATTRIBUTE_TYPE which);
  /// Uncompressed, and checked to be on the curve.
  [[nodiscard]] expected<bytes> point_of(object public_key, curve on);

  [[nodiscard]] expected<object> generate_aes_key(bytes_view id, std::string_view label);
  /// AES-GCM with a tag of 16 octets behind the text.
  [[nodiscard]] expected<bytes> encrypt(object key, bytes_view nonce, bytes_view aad, bytes_view text);
  [[nodiscard]] expected<bytes> decrypt(object key, bytes_view nonce, bytes_view aad, bytes_view text);

 private:
  expected<object> derived(object key, curve on, bytes_view peer_point);
  session(std::shared_ptr<module> library, CK_SESSION_HANDLE handle, std::string serial)
      : library_(std::move(library)), handle_(handle), serial_(std::move(serial)) {}
  [[nodiscard]] const CK_FUNCTION_LIST& call() const noexcept { return library_->call(); }
  std::shared_ptr<module> library_;
  CK_SESSION_HANDLE handle_ = 0;
  std::string serial_;
};

}  // namespace smgw::crypto::pkcs11
