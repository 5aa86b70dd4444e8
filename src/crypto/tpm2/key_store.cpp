// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/tpm2/key_store.hpp"

#include "base/check.hpp"
#include "crypto/detail/device.hpp"
#include "crypto/detail/tpm2/key_file.hpp"

namespace smgw::crypto::tpm2 {

struct tpm_key_store::impl : detail::device_connection<impl, context> {
  static constexpr std::string_view device = "the TPM";
  static constexpr bool has_pin = false;

  address where;
  // guarded by the lock
  std::string serial;
  std::vector<curve> curves;
  key_file file;
  wrapped_keys keys;
  /// The key used last rests in a slot: a handshake signs with the same one again and again.
  struct resting {
    std::string label;
    ESYS_TR handle = ESYS_TR_NONE;
  };
  std::optional<resting> last;

  [[nodiscard]] static bool worn_out() noexcept { return false; }
  expected<std::unique_ptr<context>> enter() {
    SMGW_TRY(auto opened, context::open(where.tcti));
    if (!serial.empty() && opened->serial() != serial)
      return fail(errc::untrusted,
                  "TPM: another one, or cleared: root key " + opened->serial() + ", expected " + serial);
    serial = opened->serial();
    last.reset();
    return opened;
  }
  expected<secret> agree_once(ESYS_TR key, curve on, bytes_view peer_point) { return now->agree(key, on, peer_point); }
  void release(ESYS_TR key) noexcept { now->flush(key); }

  void make_room() {
    if (last) now->flush(last->handle);
    last.reset();
  }
  /// A command that needs a slot: the resting key gives way.
  template <class Command>
  auto with_room(Command&& command) -> decltype(command()) {
    auto result = command();
    if (result || result.error().code != errc::exhausted || !last) return result;
    make_room();
    return command();
  }

  expected<const wrapped_key*> get(std::string_view label) const {
    const auto found = keys.find(label);
    if (found == keys.end()) return fail(errc::conflict, "no key " + std::string(label.substr(0, max_label_length)));
    return &found->second;
  }
  expected<ESYS_TR> load(const wrapped_key& key) {
    if (last && last->label == key.info.label) return last->handle;
    make_room();
    SMGW_TRY(const auto handle, now->load(key.wrapped));
    last = resting{key.info.label, handle};
    return handle;
  }
};

tpm_key_store::tpm_key_store(std::shared_ptr<impl> state) : impl_(std::move(state)) {}

tpm_key_store::~tpm_key_store() {
  const std::scoped_lock held{impl_->lock};
  if (impl_->now) impl_->make_room();
}

expected<std::unique_ptr<tpm_key_store>> tpm_key_store::open(const address& where) {
  auto state = std::make_shared<impl>();
  state->where = where;
  SMGW_CHECK(state->connect());
  SMGW_TRY(state->curves, state->now->curves());
  auto opened = open_key_file(*state->now, where.file, state->keys);
  if (!opened && opened.error().code == errc::conflict) {
    opened = make_key_file(*state->now);
    if (opened) SMGW_CHECK(save_key_file(*opened, where.file, {}));
  }
  if (!opened) return std::unexpected(opened.error());
  state->file = *std::move(opened);
  return std::unique_ptr<tpm_key_store>(new tpm_key_store(std::move(state)));
}

key_store_identity tpm_key_store::identify() const {
  const std::scoped_lock held{impl_->lock};
  return {.kind = "tpm2", .serial = impl_->serial};
}

key_store_state tpm_key_store::state() const {
  const std::scoped_lock held{impl_->lock};
  return impl_->state;
}

key_store_capabilities tpm_key_store::capabilities() const {
  // Three slots are what a TPM without resource manager has; one is for the key that signs.
  constexpr std::size_t ephemeral_slots = 2;
  constexpr std::chrono::milliseconds typical{200};  // median of TPMs in the field
  return {.curves = impl_->curves, .ephemeral_slots = ephemeral_slots, .typical_operation = typical};
}

expected<void> tpm_key_store::random(std::span<std::uint8_t> out) {
  return impl_->run([&](context& tpm) { return tpm.random(out); });
}

expected<key_info> tpm_key_store::generate(std::string_view label, curve on, key_purpose purpose) {
  SMGW_CHECK(check_label(label));
  if (purpose == key_purpose::ephemeral) return fail(errc::denied, "ephemeral keys have no label");
  return impl_->run([&](context& tpm) -> expected<key_info> {
    if (impl_->keys.contains(label)) return fail(errc::conflict, "there is a key " + std::string(label) + " already");
    if (impl_->keys.size() >= max_keys) return fail(errc::exhausted, "the key store is full");
    const key_use use{.signs = true, .agrees = purpose == key_purpose::encryption};
    SMGW_TRY(auto wrapped, impl_->with_room([&] { return tpm.create_key(on, use); }));
    key_info info{.label = std::string(label), .on = on, .purpose = purpose, .public_point = {}};
    SMGW_TRY(info.public_point, point_of(wrapped, on));
    const auto [added, fresh] = impl_->keys.emplace(info.label, wrapped_key{info, std::move(wrapped)});
    if (auto saved = save_key_file(impl_->file, impl_->where.file, impl_->keys); !saved) {
      impl_->keys.erase(added);
      return std::unexpected(saved.error());
    }
    return info;
  });
}

expected<std::vector<key_info>> tpm_key_store::list() const {
  const std::scoped_lock held{impl_->lock};
  std::vector<key_info> all;
  for (const auto& [label, key] : impl_->keys) all.push_back(key.info);
  return all;
}

expected<key_info> tpm_key_store::find(std::string_view label) const {
  const std::scoped_lock held{impl_->lock};
  SMGW_TRY(const auto key, impl_->get(label));
  return key->info;
}

expected<void> tpm_key_store::destroy(std::string_view label) {
  const std::scoped_lock held{impl_->lock};
  SMGW_CHECK(impl_->get(label));
  auto taken = impl_->keys.extract(std::string(label));
  if (auto saved = save_key_file(impl_->file, impl_->where.file, impl_->keys); !saved) {
    impl_->keys.insert(std::move(taken));  // still in the file, so still there
    return saved;
  }
  if (impl_->now && impl_->last && impl_->last->label == label) impl_->make_room();
  return {};
}

expected<bytes> tpm_key_store::sign_digest(std::string_view label, bytes_view digest) {
  if (digest.size() != 32 && digest.size() != 48 && digest.size() != 64)
    return fail(errc::malformed, "not a SHA-2 digest");
  return impl_->run([&](context& tpm) -> expected<bytes> {
    SMGW_TRY(const auto key, impl_->get(label));
    SMGW_TRY(const auto handle, impl_->load(*key));
    return tpm.sign(handle, key->info.on, digest);
  });
}

expected<secret> tpm_key_store::agree(std::string_view label, bytes_view peer_point) {
  return impl_->run([&](context& tpm) -> expected<secret> {
    SMGW_TRY(const auto key, impl_->get(label));
    if (key->info.purpose != key_purpose::encryption) return fail(errc::denied, "this key is not for agreement");
    if (!detail::point_of(key->info.on, peer_point))
      return fail(errc::malformed, "the peer's point is not on the curve");
    SMGW_TRY(const auto handle, impl_->load(*key));
    return tpm.agree(handle, key->info.on, peer_point);
  });
}

expected<std::unique_ptr<ephemeral_key>> tpm_key_store::generate_ephemeral(curve on) {
  return impl_->run([&](context& tpm) -> expected<std::unique_ptr<ephemeral_key>> {
    SMGW_TRY(auto made, impl_->with_room([&] { return tpm.create_ephemeral(on); }));
    return std::make_unique<detail::device_ephemeral<impl, ESYS_TR>>(impl_, on, made.handle,
                                                                     std::move(made.public_point));
  });
}

expected<bytes> tpm_key_store::seal(bytes_view plaintext) {
  if (plaintext.size() > max_sealed) return fail(errc::exhausted, "too much to seal");
  return impl_->run([&](context& tpm) -> expected<bytes> {
    SMGW_TRY(const auto sealed, impl_->with_room([&] { return tpm.seal(plaintext, impl_->where.pcrs); }));
    return encode(sealed);
  });
}

expected<secret> tpm_key_store::unseal(bytes_view sealed) {
  SMGW_TRY(const auto object, decode_blob(sealed));
  return impl_->run([&](context& tpm) -> expected<secret> {
    impl_->make_room();
    auto plain = tpm.unseal(object, impl_->where.pcrs);
    if (plain) return plain;
    switch (plain.error().code) {
      case errc::unavailable:
      case errc::exhausted: return plain;
      case errc::denied:
        return fail(errc::denied, "the machine is not in the state in which this was sealed: " + plain.error().what);
      default: return fail(errc::untrusted, "sealed by another TPM, or altered: " + plain.error().what);
    }
  });
}

expected<std::uint64_t> tpm_key_store::counter() {
  return impl_->run([](context& tpm) { return tpm.counter(); });
}

expected<std::uint64_t> tpm_key_store::advance_counter() {
  return impl_->run([](context& tpm) { return tpm.advance_counter(); });
}

expected<std::size_t> tpm_key_store::transient_objects() const {
  return impl_->run([&](context& tpm) -> expected<std::size_t> {
    SMGW_TRY(const auto all, tpm.transient_objects());
    return all - (impl_->last ? 1 : 0);
  });
}

}  // namespace smgw::crypto::tpm2
