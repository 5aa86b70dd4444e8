// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Keys of a key store as the TLS library wants to see them: randomness, a signing key, ephemeral keys.

#include "crypto/detail/botan.hpp"
#include "crypto/key_store.hpp"

#include <botan/ecdh.h>
#include <botan/pk_keys.h>
#include <botan/rng.h>

#include <map>
#include <memory>

namespace smgw::crypto::detail {

/// Remembers what a key store answered when it failed: the library's exceptions carry no code of ours.
struct key_store_fault {
  std::optional<error> first;
  /// Throws a TLS exception with internal_error. Never a plain exception: the library's TLS 1.2 server takes any other
  /// one for a broken premaster secret and goes on with a random one.
  [[noreturn]] void raise(const error& e);
};

/// Random numbers of the store, fetched 128 octets at a time.
[[nodiscard]] std::shared_ptr<Botan::RandomNumberGenerator> make_store_rng(std::shared_ptr<key_store> keys,
                                                                           std::shared_ptr<key_store_fault> fault);

/// An ECDSA key that signs in the store. Its private bits cannot be asked for.
[[nodiscard]] std::unique_ptr<Botan::Private_Key> make_store_key(std::shared_ptr<key_store> keys, const key_info& key,
                                                                 std::shared_ptr<key_store_fault> fault);

/// The ephemeral keys of one session. What was never used is destroyed with this object.
class ephemerals {
 public:
  ephemerals(std::shared_ptr<key_store> keys, std::shared_ptr<key_store_fault> fault)
      : keys_(std::move(keys)), fault_(std::move(fault)) {}
  [[nodiscard]] std::unique_ptr<Botan::PK_Key_Agreement_Key> generate(curve on);
  [[nodiscard]] Botan::secure_vector<std::uint8_t> agree(curve on, const Botan::PK_Key_Agreement_Key& mine,
                                                         bytes_view peer_point);
  void clear() { live_.clear(); }

 private:
  std::shared_ptr<key_store> keys_;
  std::shared_ptr<key_store_fault> fault_;
  std::map<bytes, std::unique_ptr<ephemeral_key>> live_;  // by public point
};

}  // namespace smgw::crypto::detail
