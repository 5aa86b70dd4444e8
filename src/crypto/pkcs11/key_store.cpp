// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/pkcs11/key_store.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/device.hpp"
#include "crypto/detail/pkcs11/session.hpp"

#include <algorithm>
#include <array>

namespace smgw::crypto::pkcs11 {
namespace {

/// CKA_ID of our objects: other keys of the token are none of our business.
constexpr std::string_view id_prefix = "smgw/";
constexpr std::string_view storage_id = "smgw/storage";
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::array kept_purposes{key_purpose::tls, key_purpose::signature, key_purpose::encryption, key_purpose::lmn};

/// `smgw/PURPOSE/LABEL`.
bytes id_of(std::string_view label, key_purpose purpose) {
  const auto text = std::string(id_prefix) + std::string(to_string(purpose)) + "/" + std::string(label);
  const auto octets = as_bytes(text);
  return {octets.begin(), octets.end()};
}

struct named {
  std::string label;
  key_purpose purpose;
};
std::optional<named> name_of(bytes_view id) {
  const auto text = as_text(id);
  for (const auto purpose : kept_purposes) {
    const auto prefix = std::string(id_prefix) + std::string(to_string(purpose)) + "/";
    if (text.starts_with(prefix) && text.size() > prefix.size())
      return named{std::string(text.substr(prefix.size())), purpose};
  }
  return std::nullopt;
}

}  // namespace

struct token_key_store::impl : detail::device_connection<impl, session> {
  static constexpr std::string_view device = "the token";
  static constexpr bool has_pin = true;

  address where;
  secret pin;
  std::shared_ptr<module> library;
  // guarded by the lock
  std::string serial;  // of the token that was there first
  std::optional<key_store_capabilities> known;

  [[nodiscard]] static bool worn_out() noexcept { return false; }
  expected<std::unique_ptr<session>> enter() {
    SMGW_TRY(auto opened, session::open(library, where, pin, serial));
    serial = opened.serial();
    return std::make_unique<session>(std::move(opened));
  }
  expected<secret> agree_once(object key, curve on, bytes_view peer_point) { return now->derive(key, on, peer_point); }
  void release(object key) noexcept { (void)now->destroy(key); }

  struct stored {
    object key = 0;
    key_info info;
  };
  /// The public half tells everything; `kind` says which half's handle is wanted.
  expected<stored> get(session& s, std::string_view label, CK_OBJECT_CLASS kind) const {
    SMGW_CHECK(check_label(label));
    for (const auto purpose : kept_purposes) {
      const auto id = id_of(label, purpose);
      SMGW_TRY(const auto halves, s.find(CKO_PUBLIC_KEY, id, true, 1));
      if (halves.empty()) continue;
      SMGW_TRY(auto info, describe(s, halves.front()));
      if (kind == CKO_PUBLIC_KEY) return stored{halves.front(), std::move(info)};
      SMGW_TRY(const auto wanted, s.find(kind, id, true, 1));
      if (wanted.empty()) return fail(errc::internal, "PKCS#11 token: the private half of " + info.label + " is gone");
      return stored{wanted.front(), std::move(info)};
    }
    return fail(errc::conflict, "no key " + std::string(label) + " in the token");
  }

  static expected<key_info> describe(session& s, object public_half) {
    SMGW_TRY(const auto id, s.attribute(public_half, CKA_ID));
    SMGW_TRY(const auto parameters, s.attribute(public_half, CKA_EC_PARAMS));
    const auto name = name_of(id);
    if (!name) return fail(errc::conflict, "PKCS#11: not a key of ours");
    return detail::guarded(errc::internal, "PKCS#11 token: curve of " + name->label, [&]() -> expected<key_info> {
      const auto on = detail::curve_of(Botan::EC_Group(parameters));
      if (!on) return fail(errc::internal, "PKCS#11 token: " + name->label + " is on a curve that is not ours");
      SMGW_TRY(auto point, s.point_of(public_half, *on));
      return key_info{.label = name->label, .on = *on, .purpose = name->purpose, .public_point = std::move(point)};
    });
  }

  expected<object> storage_key(session& s, bool make) const {
    const auto id = as_bytes(storage_id);
    SMGW_TRY(const auto found, s.find(CKO_SECRET_KEY, id, true, 1));
    if (!found.empty()) return found.front();
    if (!make) return fail(errc::untrusted, "sealed by another token: this one has no storage key");
    return s.generate_aes_key(id, storage_id);
  }
};

token_key_store::token_key_store(std::shared_ptr<impl> state) : impl_(std::move(state)) {}
token_key_store::~token_key_store() = default;

expected<std::unique_ptr<token_key_store>> token_key_store::open(const address& where, secret pin) {
  auto state = std::make_shared<impl>();
  state->where = where;
  state->pin = std::move(pin);
  SMGW_TRY(state->library, module::load(where.module_path));
  SMGW_CHECK(state->connect());
  return std::unique_ptr<token_key_store>(new token_key_store(std::move(state)));
}

key_store_identity token_key_store::identify() const {
  const std::scoped_lock held{impl_->lock};
  return {.kind = "pkcs11", .serial = impl_->serial};
}

key_store_state token_key_store::state() const {
  const std::scoped_lock held{impl_->lock};
  return impl_->state;
}

key_store_capabilities token_key_store::capabilities() const {
  {
    const std::scoped_lock held{impl_->lock};
    if (impl_->known) return *impl_->known;
  }
  key_store_capabilities found;
  std::chrono::steady_clock::duration spent{};
  for (const auto on : all_curves) {
    const auto from = std::chrono::steady_clock::now();
    const auto tried = impl_->run([&](session& s) -> expected<void> {
      SMGW_TRY(const auto made, s.generate_pair({.on = on, .agrees = true}));
      SMGW_CHECK(s.destroy(made.public_key));
      return s.destroy(made.private_key);
    });
    if (!tried && tried.error().code == errc::unavailable) return found;  // not now; asked again next time
    if (!tried) continue;
    spent += std::chrono::steady_clock::now() - from;
    found.curves.push_back(on);
  }
  if (!found.curves.empty())
    found.typical_operation = std::chrono::duration_cast<std::chrono::microseconds>(spent / found.curves.size());
  const std::scoped_lock held{impl_->lock};
  impl_->known = found;
  return found;
}

expected<void> token_key_store::random(std::span<std::uint8_t> out) {
  return impl_->run([&](session& s) { return s.random(out); });
}

expected<key_info> token_key_store::generate(std::string_view label, curve on, key_purpose purpose) {
  SMGW_CHECK(check_label(label));
  if (purpose == key_purpose::ephemeral) return fail(errc::denied, "ephemeral keys have no label");
  return impl_->run([&](session& s) -> expected<key_info> {
    const auto there = impl_->get(s, label, CKO_PUBLIC_KEY);
    if (there) return fail(errc::conflict, "there is a key " + std::string(label) + " already");
    if (there.error().code != errc::conflict) return std::unexpected(there.error());
    SMGW_TRY(auto made, s.generate_pair({.on = on,
                                         .id = id_of(label, purpose),
                                         .label = std::string(label),
                                         .signs = true,
                                         .agrees = purpose == key_purpose::encryption}));
    return key_info{
        .label = std::string(label), .on = on, .purpose = purpose, .public_point = std::move(made.public_point)};
  });
}

expected<std::vector<key_info>> token_key_store::list() const {
  return impl_->run([&](session& s) -> expected<std::vector<key_info>> {
    SMGW_TRY(const auto halves, s.find(CKO_PUBLIC_KEY, {}, true, 4 * max_keys));
    std::vector<key_info> found;
    for (const auto half : halves) {
      SMGW_TRY(const auto id, s.attribute(half, CKA_ID));
      if (!name_of(id)) continue;
      SMGW_TRY(auto info, impl::describe(s, half));
      found.push_back(std::move(info));
    }
    std::ranges::sort(found, {}, &key_info::label);
    return found;
  });
}

expected<key_info> token_key_store::find(std::string_view label) const {
  return impl_->run([&](session& s) -> expected<key_info> {
    SMGW_TRY(auto found, impl_->get(s, label, CKO_PUBLIC_KEY));
    return std::move(found.info);
  });
}

expected<void> token_key_store::destroy(std::string_view label) {
  return impl_->run([&](session& s) -> expected<void> {
    SMGW_TRY(const auto found, impl_->get(s, label, CKO_PUBLIC_KEY));
    SMGW_TRY(const auto halves, s.find(CKO_PRIVATE_KEY, id_of(label, found.info.purpose), true, 1));
    // The private half first: if the token goes in between, the key is still found and can be destroyed again.
    for (const auto half : halves) SMGW_CHECK(s.destroy(half));
    return s.destroy(found.key);
  });
}

expected<bytes> token_key_store::sign_digest(std::string_view label, bytes_view digest) {
  if (digest.size() < 32 || digest.size() > 64) return fail(errc::malformed, "not a SHA-2 digest");
  return impl_->run([&](session& s) -> expected<bytes> {
    SMGW_TRY(const auto found, impl_->get(s, label, CKO_PRIVATE_KEY));
    // ECDSA's own rule (FIPS 186-5, 6.4.1): the leftmost bits, as many as the order has. Tokens differ, so it is done
    // here.
    const auto size = field_size(found.info.on);
    SMGW_TRY(auto raw, s.sign(found.key, digest.first(std::min(digest.size(), size))));
    if (raw.size() != 2 * size) return fail(errc::internal, "PKCS#11 token: signature of another length");
    return raw;
  });
}

expected<secret> token_key_store::agree(std::string_view label, bytes_view peer_point) {
  return impl_->run([&](session& s) -> expected<secret> {
    SMGW_TRY(const auto found, impl_->get(s, label, CKO_PRIVATE_KEY));
    if (found.info.purpose != key_purpose::encryption) return fail(errc::denied, "this key is not for agreement");
    if (!detail::point_of(found.info.on, peer_point))
      return fail(errc::malformed, "the peer's point is not on the curve");
    return s.derive(found.key, found.info.on, peer_point);
  });
}

expected<std::unique_ptr<ephemeral_key>> token_key_store::generate_ephemeral(curve on) {
  return impl_->run([&](session& s) -> expected<std::unique_ptr<ephemeral_key>> {
    SMGW_TRY(auto made, s.generate_pair({.on = on, .agrees = true}));
    (void)s.destroy(made.public_key);
    return std::make_unique<detail::device_ephemeral<impl, object>>(impl_, on, made.private_key,
                                                                    std::move(made.public_point));
  });
}

expected<bytes> token_key_store::seal(bytes_view plaintext) {
  if (plaintext.size() > max_sealed) return fail(errc::exhausted, "too much to seal");
  return impl_->run([&](session& s) -> expected<bytes> {
    SMGW_TRY(const auto key, impl_->storage_key(s, true));
    bytes sealed(nonce_size);
    SMGW_CHECK(s.random(sealed));
    SMGW_TRY(const auto text, s.encrypt(key, sealed, as_bytes(impl_->serial), plaintext));
    sealed.insert(sealed.end(), text.begin(), text.end());
    return sealed;
  });
}

expected<secret> token_key_store::unseal(bytes_view sealed) {
  if (sealed.size() < nonce_size + tag_size || sealed.size() > nonce_size + max_sealed + tag_size)
    return fail(errc::malformed, "not sealed here");
  return impl_->run([&](session& s) -> expected<secret> {
    SMGW_TRY(const auto key, impl_->storage_key(s, false));
    auto plain = s.decrypt(key, sealed.first(nonce_size), as_bytes(impl_->serial), sealed.subspan(nonce_size));
    if (!plain) {
      if (plain.error().code == errc::unavailable) return std::unexpected(plain.error());
      // Tokens do not agree on the answer to a wrong tag.
      return fail(errc::untrusted, "sealed elsewhere, or altered");
    }
    secret out{bytes_view{*plain}};
    wipe(*plain);
    return out;
  });
}

expected<std::size_t> token_key_store::session_objects() const {
  return impl_->run([&](session& s) -> expected<std::size_t> {
    SMGW_TRY(const auto found, s.find(std::nullopt, {}, false, max_keys));
    return found.size();
  });
}

}  // namespace smgw::crypto::pkcs11
