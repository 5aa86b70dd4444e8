// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/mac.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/botan.hpp"

#include <botan/kdf.h>
#include <botan/mac.h>

#include <algorithm>

namespace smgw::crypto {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t max_x963_length = 1024;
constexpr std::size_t max_hkdf_length = 255 * 32;

expected<std::unique_ptr<Botan::MessageAuthenticationCode>> make_cmac(bytes_view key) {
  if (key.size() != 16 && key.size() != 24 && key.size() != 32) return fail(errc::malformed, "not an AES key");
  return detail::guarded(errc::internal, "CMAC", [&]() -> expected<std::unique_ptr<Botan::MessageAuthenticationCode>> {
    auto mac = Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-" + std::to_string(key.size() * 8) + ")");
    mac->set_key(key);
    return mac;
  });
}

template <std::size_t N>
std::array<std::uint8_t, N> finish_mac(Botan::MessageAuthenticationCode& mac) {
  std::array<std::uint8_t, N> out{};
  SMGW_ASSERT(mac.output_length() == N);
  mac.final(std::span<std::uint8_t>{out});
  return out;
}

expected<secret> derive(const std::string& name, bytes_view key, bytes_view salt, bytes_view label,
                        std::size_t length) {
  return detail::guarded(errc::internal, name, [&]() -> expected<secret> {
    const auto kdf = Botan::KDF::create_or_throw(name);
    secret out{length};
    kdf->derive_key(out.writable(), key, salt, label);
    return out;
  });
}

}  // namespace

std::array<std::uint8_t, 32> hmac_sha256(bytes_view key, bytes_view data) {
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
  mac->set_key(key);
  mac->update(data);
  return finish_mac<32>(*mac);
}

expected<std::array<std::uint8_t, 16>> aes_cmac(bytes_view key, bytes_view data) {
  SMGW_TRY(const auto mac, make_cmac(key));
  mac->update(data);
  return finish_mac<block>(*mac);
}

struct cmac::impl {
  std::unique_ptr<Botan::MessageAuthenticationCode> mac;
};

cmac::cmac(std::unique_ptr<impl> state) : impl_(std::move(state)) {}
cmac::~cmac() = default;
cmac::cmac(cmac&&) noexcept = default;
cmac& cmac::operator=(cmac&&) noexcept = default;

expected<cmac> cmac::create(const secret& key) {
  SMGW_TRY(auto mac, make_cmac(key.reveal()));
  return cmac{std::make_unique<impl>(std::move(mac))};
}
void cmac::update(bytes_view data) { impl_->mac->update(data); }
std::array<std::uint8_t, 16> cmac::finish() { return finish_mac<block>(*impl_->mac); }

expected<secret> hkdf_sha256(bytes_view key, bytes_view salt, bytes_view info, std::size_t length) {
  if (length > max_hkdf_length) return fail(errc::malformed, "HKDF gives at most 8160 octets");
  return derive("HKDF(SHA-256)", key, salt, info, length);
}

expected<secret> x963_kdf(hash h, bytes_view z, bytes_view info, std::size_t length) {
  if (length > max_x963_length) return fail(errc::malformed, "X9.63 KDF: length");
  return derive("KDF2(" + detail::botan_name(h) + ")", z, {}, info, length);
}

expected<lmn_keys> derive_lmn_keys(const secret& master, bytes_view counter, bytes_view meter_id) {
  if (master.size() != block) return fail(errc::malformed, "the master key has 128 bits");
  SMGW_TRY(const auto mac, make_cmac(master.reveal()));
  // pad(m) of 7.2: n octets of value n, n = 16 - (|m| mod 16).
  bytes message{0};
  put(message, counter);
  put(message, meter_id);
  const auto fill = block - message.size() % block;
  message.insert(message.end(), fill, static_cast<std::uint8_t>(fill));

  const auto one = [&](std::uint8_t constant) {
    message[0] = constant;
    mac->update(message);
    auto value = finish_mac<block>(*mac);
    secret key{bytes_view{value}};
    wipe(value);
    return key;
  };
  return lmn_keys{
      .meter_encrypt = one(0x00), .meter_mac = one(0x01), .gateway_encrypt = one(0x10), .gateway_mac = one(0x11)};
}

}  // namespace smgw::crypto
