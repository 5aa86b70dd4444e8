// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/card/key_store.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/card/directory.hpp"
#include "crypto/card/session.hpp"
#include "crypto/detail/device.hpp"
#include "crypto/mac.hpp"

#include <algorithm>
#include <bitset>

namespace smgw::crypto::card {
namespace {

constexpr std::string_view sealing_purpose = "smgw storage key 1";
constexpr std::size_t ephemeral_slots = last_ephemeral - first_ephemeral + 1;

expected<aead> sealing_cipher(const secret& shared, bytes_view ephemeral_point) {
  SMGW_TRY(const auto key, hkdf_sha256(shared.reveal(), ephemeral_point, as_bytes(sealing_purpose), aead::key_size));
  return aead::create(key);
}

}  // namespace

struct card_key_store::impl : detail::device_connection<impl, session> {
  static constexpr std::string_view device = "the card";
  static constexpr bool has_pin = true;

  connect_function way;
  secret pin;
  // guarded by the lock
  std::string serial;  // of the card that was there first
  module_information known;
  directory names;
  std::bitset<ephemeral_slots> busy;

  [[nodiscard]] bool worn_out() const { return now->expired() && busy.none(); }
  expected<std::unique_ptr<session>> enter() {
    SMGW_TRY(auto card, way());
    SMGW_TRY(auto opened, session::open(std::move(card), pin));
    if (!serial.empty() && opened.information().serial != serial)
      return fail(errc::untrusted, "card: another one: " + opened.information().serial + ", expected " + serial);
    serial = opened.information().serial;
    known = opened.information();
    names = {};
    busy.reset();
    for (const auto file : directory_files) {
      const auto content = opened.read_file(file);
      if (!content && content.error().code == errc::unavailable) return std::unexpected(content.error());
      // A copy that was not written whole does not count.
      auto copy = content ? decode_directory(*content) : std::unexpected(content.error());
      if (copy && copy->generation > names.generation) names = *std::move(copy);
    }
    return std::make_unique<session>(std::move(opened));
  }

  /// Writes the directory over the older copy.
  expected<void> save(session& card, kept_keys keys) {
    directory next{names.generation + 1, std::move(keys)};
    SMGW_CHECK(card.write_file(directory_files[next.generation % directory_files.size()], encode(next)));
    names = std::move(next);
    return {};
  }

  expected<const kept_key*> get(std::string_view label) const {
    const auto found = names.keys.find(label);
    if (found == names.keys.end())
      return fail(errc::conflict, "no key " + std::string(label.substr(0, max_label_length)) + " in the card");
    return &found->second;
  }

  [[nodiscard]] std::optional<std::uint8_t> free_slot() const {
    for (std::uint8_t slot = first_static; slot < storage_slot; ++slot)
      if (std::ranges::none_of(names.keys, [&](const auto& k) { return k.second.slot == slot; })) return slot;
    return std::nullopt;
  }
  [[nodiscard]] expected<void> has(curve on) const {
    if (std::ranges::find(known.curves, on) != known.curves.end()) return {};
    return fail(errc::unsupported, "the card does not have the curve " + std::string(to_string(on)));
  }
  expected<secret> agree_once(std::uint8_t slot, curve on, bytes_view peer_point) {
    return now->agree(slot, on, peer_point);
  }
  void release(std::uint8_t slot) noexcept {
    (void)now->destroy(slot);
    busy.reset(slot - first_ephemeral);
  }
};

card_key_store::card_key_store(std::shared_ptr<impl> state) : impl_(std::move(state)) {}
card_key_store::~card_key_store() = default;

expected<std::unique_ptr<card_key_store>> card_key_store::open(const address& where, secret pin) {
  return open([reader = where.reader] { return open_reader(reader); }, where.serial, std::move(pin));
}

expected<std::unique_ptr<card_key_store>> card_key_store::open(connect_function connect, std::string serial,
                                                               secret pin) {
  auto state = std::make_shared<impl>();
  state->way = std::move(connect);
  state->serial = std::move(serial);
  state->pin = std::move(pin);
  SMGW_CHECK(state->connect());
  return std::unique_ptr<card_key_store>(new card_key_store(std::move(state)));
}

key_store_identity card_key_store::identify() const {
  const std::scoped_lock held{impl_->lock};
  return {.kind = "smartcard", .serial = impl_->serial};
}

key_store_state card_key_store::state() const {
  const std::scoped_lock held{impl_->lock};
  return impl_->state;
}

key_store_capabilities card_key_store::capabilities() const {
  const std::scoped_lock held{impl_->lock};
  return {.curves = impl_->known.curves,
          .ephemeral_slots = ephemeral_slots,
          .typical_operation = std::chrono::milliseconds{impl_->known.milliseconds}};
}

expected<void> card_key_store::random(std::span<std::uint8_t> out) {
  return impl_->run([&](session& card) { return card.random(out); });
}

expected<key_info> card_key_store::generate(std::string_view label, curve on, key_purpose purpose) {
  SMGW_CHECK(check_label(label));
  if (purpose == key_purpose::ephemeral) return fail(errc::denied, "ephemeral keys have no label");
  return impl_->run([&](session& card) -> expected<key_info> {
    SMGW_CHECK(impl_->has(on));
    if (impl_->names.keys.contains(label))
      return fail(errc::conflict, "there is a key " + std::string(label) + " already");
    const auto slot = impl_->free_slot();
    if (!slot) return fail(errc::exhausted, "the card has no free key slot");
    const std::uint8_t use = usage_sign | (purpose == key_purpose::encryption ? usage_agree : 0);
    SMGW_TRY(auto point, card.generate(*slot, on, use));
    key_info info{.label = std::string(label), .on = on, .purpose = purpose, .public_point = std::move(point)};
    auto keys = impl_->names.keys;
    keys.emplace(info.label, kept_key{*slot, info});
    SMGW_CHECK(impl_->save(card, std::move(keys)));
    return info;
  });
}

expected<std::vector<key_info>> card_key_store::list() const {
  return impl_->run([&](session&) -> expected<std::vector<key_info>> {
    std::vector<key_info> all;
    for (const auto& [label, key] : impl_->names.keys) all.push_back(key.info);
    return all;
  });
}

expected<key_info> card_key_store::find(std::string_view label) const {
  return impl_->run([&](session&) -> expected<key_info> {
    SMGW_TRY(const auto key, impl_->get(label));
    return key->info;
  });
}

expected<void> card_key_store::destroy(std::string_view label) {
  return impl_->run([&](session& card) -> expected<void> {
    SMGW_TRY(const auto key, impl_->get(label));
    // The key first: if the card goes in between, its name is still there and can be destroyed again.
    const auto gone = card.destroy(key->slot);
    if (!gone && gone.error().code != errc::conflict) return gone;
    auto keys = impl_->names.keys;
    keys.erase(key->info.label);
    return impl_->save(card, std::move(keys));
  });
}

expected<bytes> card_key_store::sign_digest(std::string_view label, bytes_view digest) {
  if (digest.size() != 32 && digest.size() != 48 && digest.size() != 64)
    return fail(errc::malformed, "not a SHA-2 digest");
  return impl_->run([&](session& card) -> expected<bytes> {
    SMGW_TRY(const auto key, impl_->get(label));
    return card.sign(key->slot, key->info.on, digest);
  });
}

expected<secret> card_key_store::agree(std::string_view label, bytes_view peer_point) {
  return impl_->run([&](session& card) -> expected<secret> {
    SMGW_TRY(const auto key, impl_->get(label));
    if (key->info.purpose != key_purpose::encryption) return fail(errc::denied, "this key is not for agreement");
    if (!detail::point_of(key->info.on, peer_point))
      return fail(errc::malformed, "the peer's point is not on the curve");
    return card.agree(key->slot, key->info.on, peer_point);
  });
}

expected<std::unique_ptr<ephemeral_key>> card_key_store::generate_ephemeral(curve on) {
  return impl_->run([&](session& card) -> expected<std::unique_ptr<ephemeral_key>> {
    SMGW_CHECK(impl_->has(on));
    std::size_t at = 0;
    while (at < ephemeral_slots && impl_->busy.test(at)) ++at;
    if (at == ephemeral_slots) return fail(errc::exhausted, "the card has no free slot for an ephemeral key");
    const auto slot = static_cast<std::uint8_t>(first_ephemeral + at);
    SMGW_TRY(auto point, card.generate(slot, on, usage_agree | usage_ephemeral));
    impl_->busy.set(at);
    return std::make_unique<detail::device_ephemeral<impl, std::uint8_t>>(impl_, on, slot, std::move(point));
  });
}

/// ephemeral point ‖ AES-256-GCM under what the card's storage key agrees with that point: the card alone can agree so
/// again. The ephemeral private key is destroyed unused.
expected<bytes> card_key_store::seal(bytes_view plaintext) {
  if (plaintext.size() > max_sealed) return fail(errc::exhausted, "too much to seal");
  return impl_->run([&](session& card) -> expected<bytes> {
    const auto on = impl_->known.curves.front();
    SMGW_TRY(const auto point, card.generate(sealing_slot, on, usage_agree | usage_ephemeral));
    SMGW_CHECK(card.destroy(sealing_slot));
    auto there = card.run(choose_agreement_key(storage_slot), "choosing the storage key");
    if (!there && there.error().code == errc::conflict)
      SMGW_CHECK(card.generate(storage_slot, on, usage_agree));
    else if (!there)
      return std::unexpected(there.error());
    SMGW_TRY(const auto shared, card.agree(storage_slot, on, point));
    SMGW_TRY(auto cipher, sealing_cipher(shared, point));
    bytes sealed = point;
    SMGW_TRY(const auto text, cipher.seal(as_bytes(impl_->serial), plaintext));
    put(sealed, text);
    return sealed;
  });
}

expected<secret> card_key_store::unseal(bytes_view sealed) {
  return impl_->run([&](session& card) -> expected<secret> {
    const auto on = impl_->known.curves.front();
    auto rest = sealed;
    const auto point = take(rest, point_size(on));
    if (!point || rest.size() > max_sealed + aead::overhead) return fail(errc::malformed, "not sealed here");
    if (!detail::point_of(on, *point)) return fail(errc::untrusted, "sealed elsewhere, or altered");
    const auto shared = card.agree(storage_slot, on, *point);
    if (!shared && shared.error().code == errc::unavailable) return std::unexpected(shared.error());
    if (!shared) return fail(errc::untrusted, "sealed by another card: " + shared.error().what);
    SMGW_TRY(auto cipher, sealing_cipher(*shared, *point));
    auto plain = cipher.open(as_bytes(impl_->serial), rest);
    if (!plain) return fail(errc::untrusted, "sealed elsewhere, or altered");
    secret out{bytes_view{*plain}};
    wipe(*plain);
    return out;
  });
}

}  // namespace smgw::crypto::card
