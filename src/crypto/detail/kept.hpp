// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What a handshake would compute anew though it was computed for the one before: a gateway meets the same few
/// certificates again and again. All of it is public, bounded, and a function of its input alone.

#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"

#include <botan/pk_keys.h>
#include <botan/pubkey.h>
#include <botan/x509cert.h>

#include <list>
#include <map>
#include <mutex>
#include <set>

namespace smgw::crypto::detail {

/// The library's form of certificates. Thread-safe.
class kept_certificates {
 public:
  static constexpr std::size_t most = 64;
  /// Parsed once; throws what the library throws.
  [[nodiscard]] Botan::X509_Certificate get(const certificate& c);

 private:
  std::mutex lock_;
  std::map<bytes, Botan::X509_Certificate> by_der_;
};

/// Signatures that were verified; those that were refused are looked at again. Thread-safe.
class kept_signatures {
 public:
  static constexpr std::size_t most = 256;
  /// What a signature's validity depends on.
  [[nodiscard]] static sha256_digest name(bytes_view signed_object, curve on, bytes_view public_point);
  [[nodiscard]] bool contains(const sha256_digest& name);
  void add(const sha256_digest& name);

 private:
  std::mutex lock_;
  std::set<sha256_digest> good_;
};

/// Verifiers of peers' keys, each with its table of multiples, which the library else computes for one signature and
/// forgets. Thread-safe: one that works is not in the list.
class kept_verifiers {
 public:
  static constexpr std::size_t most = 16;  // a table has 16 to 64 KiB
  [[nodiscard]] bool verify(const Botan::Public_Key& key, std::string_view padding, Botan::Signature_Format format,
                            bytes_view message, bytes_view signature);

 private:
  struct entry {
    bytes key;
    std::string padding;
    Botan::Signature_Format format{};
    std::unique_ptr<Botan::PK_Verifier> verifier;
  };
  [[nodiscard]] std::unique_ptr<Botan::PK_Verifier> take(const entry& like);
  void put_back(entry used);

  std::mutex lock_;
  std::list<entry> idle_;  // used last first
};

/// Those of this process.
[[nodiscard]] kept_certificates& known_certificates();
[[nodiscard]] kept_signatures& known_signatures();
[[nodiscard]] kept_verifiers& known_verifiers();

}  // namespace smgw::crypto::detail
