// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tls_keys.hpp"

#include "crypto/hash.hpp"

#include <botan/asn1_obj.h>
#include <botan/ec_scalar.h>
#include <botan/ecdsa.h>
#include <botan/hash.h>
#include <botan/pk_ops.h>
#include <botan/tls_alert.h>
#include <botan/tls_exceptn.h>

#include <algorithm>

namespace smgw::crypto::detail {
namespace {

class store_rng final : public Botan::RandomNumberGenerator {
 public:
  store_rng(std::shared_ptr<key_store> keys, std::shared_ptr<key_store_fault> fault)
      : keys_(std::move(keys)), fault_(std::move(fault)) {}
  ~store_rng() override { wipe(pool_); }
  store_rng(const store_rng&) = delete;
  store_rng& operator=(const store_rng&) = delete;
  [[nodiscard]] std::string name() const override { return "key store"; }
  void clear() override {}
  [[nodiscard]] bool accepts_input() const override { return false; }
  [[nodiscard]] bool is_seeded() const override { return true; }

 protected:
  void fill_bytes_with_input(std::span<std::uint8_t> out, std::span<const std::uint8_t>) override {
    for (auto& octet : out) {
      if (used_ == pool_.size()) refill();
      octet = std::exchange(pool_[used_++], std::uint8_t{0});
    }
  }

 private:
  void refill() {
    if (const auto filled = keys_->random(pool_); !filled) fault_->raise(filled.error());
    used_ = 0;
  }
  std::shared_ptr<key_store> keys_;
  std::shared_ptr<key_store_fault> fault_;
  std::array<std::uint8_t, 128> pool_{};
  std::size_t used_ = pool_.size();
};

/// Hashes here, signs there. Gives r‖s; the library turns that into DER where it is wanted.
class sign_operation final : public Botan::PK_Ops::Signature {
 public:
  sign_operation(std::shared_ptr<key_store> keys, std::shared_ptr<key_store_fault> fault, key_info key,
                 std::string_view hash)
      : keys_(std::move(keys)),
        fault_(std::move(fault)),
        key_(std::move(key)),
        hash_(Botan::HashFunction::create_or_throw(hash)) {}
  void update(std::span<const std::uint8_t> input) override { hash_->update(input); }
  std::vector<std::uint8_t> sign(Botan::RandomNumberGenerator&) override {
    auto raw = keys_->sign_digest(key_.label, hash_->final_stdvec());
    if (!raw) fault_->raise(raw.error());
    if (raw->size() != signature_length())
      fault_->raise({errc::internal, "the key store made a signature of another length"});
    return *std::move(raw);
  }
  [[nodiscard]] std::size_t signature_length() const override { return 2 * field_size(key_.on); }
  [[nodiscard]] Botan::AlgorithmIdentifier algorithm_identifier() const override {
    return {Botan::OID::from_string("ECDSA/" + hash_->name()), Botan::AlgorithmIdentifier::USE_EMPTY_PARAM};
  }
  [[nodiscard]] std::string hash_function() const override { return hash_->name(); }

 private:
  std::shared_ptr<key_store> keys_;
  std::shared_ptr<key_store_fault> fault_;
  key_info key_;
  std::unique_ptr<Botan::HashFunction> hash_;
};

BOTAN_DIAGNOSTIC_PUSH
BOTAN_DIAGNOSTIC_IGNORE_INHERITED_VIA_DOMINANCE
class store_key final : public Botan::ECDSA_PublicKey, public virtual Botan::Private_Key {
 public:
  store_key(std::shared_ptr<key_store> keys, std::shared_ptr<key_store_fault> fault, key_info key,
            const Botan::EC_AffinePoint& point)
      : Botan::EC_PublicKey(group_of(key.on), point),
        Botan::ECDSA_PublicKey(group_of(key.on), point),
        keys_(std::move(keys)),
        fault_(std::move(fault)),
        key_(std::move(key)) {}
  [[nodiscard]] Botan::secure_vector<std::uint8_t> private_key_bits() const override {
    throw Botan::Not_Implemented("the key stays in its store");
  }
  [[nodiscard]] std::unique_ptr<Botan::Public_Key> public_key() const override {
    return std::make_unique<Botan::ECDSA_PublicKey>(domain(), _public_ec_point());
  }
  std::unique_ptr<Botan::PK_Ops::Signature> create_signature_op(Botan::RandomNumberGenerator&, std::string_view params,
                                                                std::string_view) const override {
    return std::make_unique<sign_operation>(keys_, fault_, key_, params);
  }

 private:
  std::shared_ptr<key_store> keys_;
  std::shared_ptr<key_store_fault> fault_;
  key_info key_;
};
BOTAN_DIAGNOSTIC_POP

/// The library's TLS 1.2 server insists on the final class ECDH_PrivateKey. This one is a shell: its scalar is 1, which
/// is no secret, and its public half is replaced by that of the key in the store. If anything used the scalar, the
/// handshake would fail; a test holds the shell against newer versions of the library. It is copied, because the
/// library multiplies to make one.
const Botan::ECDH_PrivateKey& shell_on(curve on) {
  static const auto shells = [] {
    std::vector<Botan::ECDH_PrivateKey> all;
    for (const auto c : all_curves) all.emplace_back(group_of(c), Botan::EC_Scalar::one(group_of(c)));
    return all;
  }();
  return shells.at(static_cast<std::size_t>(std::ranges::find(all_curves, on) - all_curves.begin()));
}

}  // namespace

void key_store_fault::raise(const error& e) {
  if (!first) first = e;
  throw Botan::TLS::TLS_Exception(Botan::TLS::AlertType::InternalError, "key store: " + e.what);
}

std::shared_ptr<Botan::RandomNumberGenerator> make_store_rng(std::shared_ptr<key_store> keys,
                                                             std::shared_ptr<key_store_fault> fault) {
  return std::make_shared<store_rng>(std::move(keys), std::move(fault));
}

std::unique_ptr<Botan::Private_Key> make_store_key(std::shared_ptr<key_store> keys, const key_info& key,
                                                   std::shared_ptr<key_store_fault> fault) {
  const auto point = point_of(key.on, key.public_point);
  if (!point) fault->raise({errc::internal, "the public point of " + key.label + " is not on its curve"});
  return std::make_unique<store_key>(std::move(keys), std::move(fault), key, *point);
}

std::unique_ptr<Botan::PK_Key_Agreement_Key> ephemerals::generate(curve on) {
  auto made = keys_->generate_ephemeral(on);
  if (!made) fault_->raise(made.error());
  const auto view = (*made)->public_point();
  const bytes id{view.begin(), view.end()};
  const auto point = point_of(on, id);
  if (!point) fault_->raise({errc::internal, "the key store made a point that is not on the curve"});
  live_[id] = *std::move(made);
  auto shell = std::make_unique<Botan::ECDH_PrivateKey>(shell_on(on));
  static_cast<Botan::ECDH_PublicKey&>(*shell) = Botan::ECDH_PublicKey(group_of(on), *point);
  return shell;
}

Botan::secure_vector<std::uint8_t> ephemerals::agree(curve on, const Botan::PK_Key_Agreement_Key& mine,
                                                     bytes_view peer_point) {
  const auto it = live_.find(mine.public_value());
  if (it == live_.end()) fault_->raise({errc::internal, "an ephemeral key of no session"});
  const auto key = std::move(it->second);
  live_.erase(it);
  // Checked here, so that no store is ever given a point that is not on the curve.
  if (!point_of(on, peer_point))
    throw Botan::TLS::TLS_Exception(Botan::TLS::AlertType::IllegalParameter, "the peer's point is not on the curve");
  const auto shared = key->agree(peer_point);
  if (!shared) fault_->raise(shared.error());
  const auto view = shared->reveal();
  return {view.begin(), view.end()};
}

}  // namespace smgw::crypto::detail
