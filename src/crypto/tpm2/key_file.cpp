// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/tpm2/key_file.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/aead.hpp"
#include "crypto/detail/soft_key_file.hpp"

namespace smgw::crypto::tpm2 {
namespace {

constexpr std::string_view magic = "SMGWTPM1";

expected<wrapped_key> take_key(bytes_view& in) {
  SMGW_TRY(const auto label_size, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto label, take(in, label_size));
  SMGW_TRY(const auto on, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto purpose, take_be<std::uint8_t>(in));
  SMGW_TRY(const auto size, take_be<std::uint16_t>(in));
  SMGW_TRY(const auto octets, take(in, size));
  if (on >= all_curves.size() || purpose >= static_cast<std::uint8_t>(key_purpose::ephemeral))
    return fail(errc::malformed, "key file: curve or purpose");
  SMGW_TRY(auto wrapped, decode_blob(octets));
  key_info info{.label = std::string(as_text(label)),
                .on = static_cast<curve>(on),
                .purpose = static_cast<key_purpose>(purpose),
                .public_point = {}};
  SMGW_CHECK(check_label(info.label));
  SMGW_TRY(info.public_point, point_of(wrapped, info.on));
  return wrapped_key{std::move(info), std::move(wrapped)};
}

expected<wrapped_keys> decode(bytes_view in) {
  wrapped_keys keys;
  SMGW_TRY(const auto count, take_be<std::uint16_t>(in));
  if (count > max_keys) return fail(errc::exhausted, "key file: too many keys");
  for (unsigned i = 0; i < count; ++i) {
    SMGW_TRY(auto key, take_key(in));
    auto label = key.info.label;
    keys.emplace(std::move(label), std::move(key));
  }
  if (!in.empty() || keys.size() != count) return fail(errc::malformed, "key file: more than its keys");
  return keys;
}

}  // namespace

expected<key_file> make_key_file(context& tpm) {
  key_file file{.header = {}, .key = secret(aead::key_size)};
  SMGW_CHECK(tpm.random(file.key.writable()));
  // Not bound to PCRs: after an update the keys are still there, while what is sealed has to be sealed anew.
  SMGW_TRY(const auto sealed, tpm.seal(file.key.reveal(), {}));
  const auto octets = encode(sealed);
  put(file.header, magic);
  put_be(file.header, static_cast<std::uint16_t>(octets.size()));
  put(file.header, octets);
  return file;
}

expected<key_file> open_key_file(context& tpm, const std::filesystem::path& path, wrapped_keys& keys) {
  SMGW_TRY(const auto content, detail::read_whole_file(path));
  bytes_view in{content};
  SMGW_TRY(const auto head, take(in, magic.size()));
  if (as_text(head) != magic) return fail(errc::malformed, path.string() + ": not a key file of a TPM");
  SMGW_TRY(const auto size, take_be<std::uint16_t>(in));
  SMGW_TRY(const auto octets, take(in, size));
  SMGW_TRY(const auto sealed, decode_blob(octets));
  key_file file;
  const auto before = bytes_view{content}.first(content.size() - in.size());
  file.header.assign(before.begin(), before.end());
  auto key = tpm.unseal(sealed, {});
  if (!key && key.error().code == errc::unavailable) return std::unexpected(key.error());
  if (!key) return fail(errc::untrusted, path.string() + ": made with another TPM, or altered: " + key.error().what);
  file.key = *std::move(key);
  SMGW_TRY(auto cipher, aead::create(file.key));
  const auto plain = cipher.open(file.header, in);
  if (!plain) return fail(errc::untrusted, path.string() + ": altered");
  SMGW_TRY(keys, decode(*plain));
  return file;
}

expected<void> save_key_file(const key_file& file, const std::filesystem::path& path, const wrapped_keys& keys) {
  bytes plain;
  put_be(plain, static_cast<std::uint16_t>(keys.size()));
  for (const auto& [label, key] : keys) {
    const auto octets = encode(key.wrapped);
    put_be(plain, static_cast<std::uint8_t>(label.size()));
    put(plain, label);
    put_be(plain, static_cast<std::uint8_t>(key.info.on));
    put_be(plain, static_cast<std::uint8_t>(key.info.purpose));
    put_be(plain, static_cast<std::uint16_t>(octets.size()));
    put(plain, octets);
  }
  SMGW_TRY(auto cipher, aead::create(file.key));
  SMGW_TRY(const auto sealed, cipher.seal(file.header, plain));
  auto content = file.header;
  put(content, sealed);
  return detail::replace_file(path, content);
}

}  // namespace smgw::crypto::tpm2
