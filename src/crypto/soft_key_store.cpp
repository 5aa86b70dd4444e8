// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/soft_key_store.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/detail/soft_key_file.hpp"

#include <botan/auto_rng.h>
#include <botan/ec_scalar.h>
#include <botan/ecdh.h>
#include <botan/ecdsa.h>
#include <botan/pubkey.h>

#include <atomic>
#include <map>
#include <mutex>

namespace smgw::crypto {
namespace {

/// A private scalar with its public point. Shared, so that a key destroyed meanwhile lives until its last use ends.
struct key_pair {
  curve on;
  key_purpose purpose;
  Botan::EC_Scalar scalar;
  bytes point;
  std::optional<Botan::ECDSA_PrivateKey> signing;  // absent for ephemerals
};

expected<secret> agree_with(const key_pair& key, bytes_view peer_point) {
  return detail::guarded(errc::malformed, "agreement", [&]() -> expected<secret> {
    const auto peer = detail::point_of(key.on, peer_point);
    if (!peer) return fail(errc::malformed, "the peer's point is not on the curve");
    return detail::multiply_x(*peer, key.scalar, detail::blinding_rng());
  });
}

}  // namespace

struct soft_key_store::impl {
  Botan::AutoSeeded_RNG rng;  // of whatever ends up in a key; locks inside
  std::atomic<std::uint64_t> signed_digests{0}, agreed{0}, made{0}, alive{0};

  mutable std::mutex lock;  // guards what follows
  std::filesystem::path file;
  std::optional<detail::soft_key_lock> file_lock;
  secret storage_key;
  std::string serial;
  std::map<std::string, std::shared_ptr<const key_pair>, std::less<>> keys;

  [[nodiscard]] expected<std::shared_ptr<const key_pair>> get(std::string_view label) const {
    const std::scoped_lock held{lock};
    const auto it = keys.find(label);
    if (it == keys.end()) return fail(errc::conflict, "no key " + std::string{label.substr(0, max_label_length)});
    return it->second;
  }

  /// Called with the lock held.
  [[nodiscard]] expected<void> save(const detail::soft_key_lock& with) const {
    detail::soft_key_content content{.storage_key = storage_key.clone(), .serial = serial, .keys = {}};
    for (const auto& [label, key] : keys)
      content.keys.push_back(
          {.label = label,
           .on = key->on,
           .purpose = key->purpose,
           .scalar = detail::to_secret(key->scalar.serialize<Botan::secure_vector<std::uint8_t>>())});
    SMGW_TRY(const auto sealed, detail::seal_soft_keys(content, with));
    return detail::replace_file(file, sealed);
  }
  [[nodiscard]] expected<void> save() const { return file_lock ? save(*file_lock) : expected<void>{}; }

  [[nodiscard]] expected<key_info> add(std::string_view label, key_pair key);
  [[nodiscard]] std::shared_ptr<const key_pair> make(curve on, key_purpose purpose, Botan::EC_Scalar scalar) {
    return std::make_shared<const key_pair>(pair(on, purpose, std::move(scalar)));
  }
  [[nodiscard]] key_pair pair(curve on, key_purpose purpose, Botan::EC_Scalar scalar) {
    auto point = detail::multiply_generator(scalar, detail::blinding_rng());
    std::optional<Botan::ECDSA_PrivateKey> signing;
    if (purpose != key_purpose::ephemeral) signing.emplace(detail::group_of(on), scalar);
    return {on, purpose, std::move(scalar), std::move(point), std::move(signing)};
  }
};

namespace {

key_info info_of(std::string_view label, const key_pair& key) {
  return {.label = std::string{label}, .on = key.on, .purpose = key.purpose, .public_point = key.point};
}

}  // namespace

expected<key_info> soft_key_store::impl::add(std::string_view label, key_pair key) {
  auto shared = std::make_shared<const key_pair>(std::move(key));
  const std::scoped_lock held{lock};
  if (keys.size() >= max_keys) return fail(errc::exhausted, "the key store is full");
  const auto [it, inserted] = keys.emplace(label, shared);
  if (!inserted) return fail(errc::conflict, "there is a key " + it->first + " already");
  if (auto saved = save(); !saved) {
    keys.erase(it);
    return std::unexpected{saved.error()};
  }
  return info_of(label, *shared);
}

soft_key_store::soft_key_store(std::shared_ptr<impl> state) : impl_(std::move(state)) {}
soft_key_store::~soft_key_store() = default;

std::unique_ptr<soft_key_store> soft_key_store::in_memory() {
  auto state = std::make_shared<impl>();
  state->storage_key = secret{aead::key_size};
  state->rng.randomize(state->storage_key.writable());
  std::array<std::uint8_t, 8> serial{};
  state->rng.randomize(serial);
  state->serial = to_hex(serial);
  return std::unique_ptr<soft_key_store>{new soft_key_store{std::move(state)}};
}

expected<std::unique_ptr<soft_key_store>> soft_key_store::open(const std::filesystem::path& file,
                                                               const secret& passphrase,
                                                               soft_key_store_options options) {
  if (passphrase.empty()) return fail(errc::malformed, "the passphrase is empty");
  auto store = in_memory();
  auto& state = *store->impl_;
  state.file = file;
  auto content = detail::read_whole_file(file);
  if (!content && content.error().code != errc::conflict) return std::unexpected{content.error()};
  if (!content) {
    SMGW_TRY(state.file_lock, detail::make_lock(passphrase, options));
    SMGW_CHECK(state.save());
    return store;
  }
  SMGW_TRY(auto opened, detail::open_soft_keys(*content, passphrase));
  state.file_lock = std::move(opened.lock);
  state.storage_key = std::move(opened.content.storage_key);
  state.serial = std::move(opened.content.serial);
  return detail::guarded(errc::malformed, "key file", [&]() -> expected<std::unique_ptr<soft_key_store>> {
    for (auto& record : opened.content.keys) {
      auto scalar = Botan::EC_Scalar::deserialize(detail::group_of(record.on), record.scalar.reveal());
      if (!scalar || scalar->is_zero()) return fail(errc::malformed, "key file: not a scalar of its curve");
      state.keys[record.label] = state.make(record.on, record.purpose, *std::move(scalar));
    }
    return std::move(store);
  });
}

key_store_identity soft_key_store::identify() const { return {.kind = "soft", .serial = impl_->serial}; }
key_store_state soft_key_store::state() const { return key_store_state::ready; }
key_store_capabilities soft_key_store::capabilities() const {
  return {.curves = {all_curves.begin(), all_curves.end()},
          .ephemeral_slots = 0,
          .typical_operation = std::chrono::microseconds{300}};
}

expected<void> soft_key_store::random(std::span<std::uint8_t> out) {
  return detail::guarded(errc::internal, "random", [&]() -> expected<void> {
    impl_->rng.randomize(out);
    return {};
  });
}

expected<key_info> soft_key_store::generate(std::string_view label, curve on, key_purpose purpose) {
  SMGW_CHECK(check_label(label));
  if (purpose == key_purpose::ephemeral) return fail(errc::denied, "ephemeral keys have no label");
  return detail::guarded(errc::internal, "key generation", [&] {
    return impl_->add(label, impl_->pair(on, purpose, Botan::EC_Scalar::random(detail::group_of(on), impl_->rng)));
  });
}

expected<std::vector<key_info>> soft_key_store::list() const {
  const std::scoped_lock held{impl_->lock};
  std::vector<key_info> out;
  for (const auto& [label, key] : impl_->keys) out.push_back(info_of(label, *key));
  return out;
}

expected<key_info> soft_key_store::find(std::string_view label) const {
  SMGW_TRY(const auto key, impl_->get(label));
  return info_of(label, *key);
}

expected<void> soft_key_store::destroy(std::string_view label) {
  const std::scoped_lock held{impl_->lock};
  const auto it = impl_->keys.find(label);
  if (it == impl_->keys.end()) return fail(errc::conflict, "no key of this label");
  auto node = impl_->keys.extract(it);
  if (auto saved = impl_->save(); !saved) {
    impl_->keys.insert(std::move(node));  // still on disk, so still there
    return saved;
  }
  return {};
}

expected<bytes> soft_key_store::sign_digest(std::string_view label, bytes_view digest) {
  SMGW_TRY(const auto key, impl_->get(label));
  if (digest.size() < 32 || digest.size() > 64) return fail(errc::malformed, "not a SHA-2 digest");
  return detail::guarded(errc::internal, "signature", [&]() -> expected<bytes> {
    // The nonce follows from key and digest (RFC 6979), or else comes from the kernel as the blinding does.
    auto& rng = detail::blinding_rng();
    Botan::PK_Signer signer{*key->signing, rng, "Raw", Botan::Signature_Format::Standard};
    auto raw = signer.sign_message(digest, rng);
    ++impl_->signed_digests;
    return raw;
  });
}

expected<secret> soft_key_store::agree(std::string_view label, bytes_view peer_point) {
  SMGW_TRY(const auto key, impl_->get(label));
  if (key->purpose != key_purpose::encryption) return fail(errc::denied, "this key is not for agreement");
  ++impl_->agreed;
  return agree_with(*key, peer_point);
}

namespace {

/// Holds the state of its store alive and counts itself there.
class soft_ephemeral final : public ephemeral_key {
 public:
  soft_ephemeral(std::shared_ptr<const void> home, std::atomic<std::uint64_t>& alive,
                 std::atomic<std::uint64_t>& agreed, std::shared_ptr<const key_pair> key)
      : home_(std::move(home)), alive_(alive), agreed_(agreed), point_(key->point), key_(std::move(key)) {
    ++alive_;
  }
  ~soft_ephemeral() override { drop(); }

  [[nodiscard]] bytes_view public_point() const noexcept override { return point_; }
  [[nodiscard]] expected<secret> agree(bytes_view peer_point) override {
    if (!key_) return fail(errc::conflict, "an ephemeral key is used once");
    ++agreed_;
    auto shared = agree_with(*key_, peer_point);
    drop();
    return shared;
  }

 private:
  void drop() noexcept {
    if (key_) --alive_;
    key_.reset();
  }
  std::shared_ptr<const void> home_;  // keeps the counters alive
  std::atomic<std::uint64_t>& alive_;
  std::atomic<std::uint64_t>& agreed_;
  bytes point_;
  std::shared_ptr<const key_pair> key_;
};

}  // namespace

expected<std::unique_ptr<ephemeral_key>> soft_key_store::generate_ephemeral(curve on) {
  return detail::guarded(errc::internal, "ephemeral key", [&]() -> expected<std::unique_ptr<ephemeral_key>> {
    auto key = impl_->make(on, key_purpose::ephemeral, Botan::EC_Scalar::random(detail::group_of(on), impl_->rng));
    ++impl_->made;
    return std::make_unique<soft_ephemeral>(impl_, impl_->alive, impl_->agreed, std::move(key));
  });
}

expected<bytes> soft_key_store::seal(bytes_view plaintext) {
  if (plaintext.size() > max_sealed) return fail(errc::exhausted, "too much to seal");
  const std::scoped_lock held{impl_->lock};
  SMGW_TRY(auto cipher, aead::create(impl_->storage_key));
  return cipher.seal(as_bytes(impl_->serial), plaintext);
}

expected<secret> soft_key_store::unseal(bytes_view sealed) {
  if (sealed.size() > max_sealed + aead::overhead) return fail(errc::malformed, "not sealed here");
  const std::scoped_lock held{impl_->lock};
  SMGW_TRY(auto cipher, aead::create(impl_->storage_key));
  auto plain = cipher.open(as_bytes(impl_->serial), sealed);
  if (!plain) return fail(errc::untrusted, "sealed elsewhere, or altered");
  secret out{bytes_view{*plain}};
  wipe(*plain);
  return out;
}

expected<void> soft_key_store::change_passphrase(const secret& passphrase) {
  if (passphrase.empty()) return fail(errc::malformed, "the passphrase is empty");
  const std::scoped_lock held{impl_->lock};
  if (!impl_->file_lock) return fail(errc::conflict, "this store is in memory only");
  SMGW_TRY(auto next, detail::make_lock(passphrase, impl_->file_lock->options));
  SMGW_CHECK(impl_->save(next));
  impl_->file_lock = std::move(next);
  return {};
}

expected<key_info> soft_key_store::import_scalar(std::string_view label, curve on, key_purpose purpose,
                                                 const secret& scalar) {
  SMGW_CHECK(check_label(label));
  if (purpose == key_purpose::ephemeral) return fail(errc::denied, "ephemeral keys have no label");
  if (scalar.size() != field_size(on)) return fail(errc::malformed, "not a scalar of this curve: length");
  return detail::guarded(errc::malformed, "key import", [&]() -> expected<key_info> {
    auto value = Botan::EC_Scalar::deserialize(detail::group_of(on), scalar.reveal());
    if (!value || value->is_zero()) return fail(errc::malformed, "not a scalar of this curve");
    return impl_->add(label, impl_->pair(on, purpose, *std::move(value)));
  });
}

expected<secret> soft_key_store::export_scalar(std::string_view label) const {
  SMGW_TRY(const auto key, impl_->get(label));
  if (impl_->file_lock || key->purpose != key_purpose::lmn) return fail(errc::denied, "this key stays where it is");
  return detail::to_secret(key->scalar.serialize<Botan::secure_vector<std::uint8_t>>());
}

key_store_counters soft_key_store::counters() const {
  return {.signed_digests = impl_->signed_digests,
          .agreed = impl_->agreed,
          .ephemerals_made = impl_->made,
          .ephemerals_alive = impl_->alive};
}

}  // namespace smgw::crypto
