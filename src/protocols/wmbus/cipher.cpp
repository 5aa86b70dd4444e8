// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/cipher.hpp"

#include "base/check.hpp"
#include "protocols/wmbus/block_modes.hpp"

#include <botan/block_cipher.h>

#include <algorithm>
#include <exception>

namespace smgw::wmbus {

// What depends on a key is made when the key is set, and kept.
struct meter_cipher::impl {
  std::unique_ptr<Botan::BlockCipher> master = Botan::BlockCipher::create_or_throw("AES-128");
  std::unique_ptr<Botan::BlockCipher> session = Botan::BlockCipher::create_or_throw("AES-128");
  block master_subkey{};   // of CMAC
  block session_subkey{};  // likewise
  block key{};             // of the session cipher
  bool session_keyed = false;
  bool session_subkeyed = false;
  bool master_current = true;

  ~impl() {
    wipe(master_subkey);
    wipe(session_subkey);
    wipe(key);
  }

  Botan::BlockCipher& cipher() {
    if (master_current) return *master;
    if (!session_keyed) session->set_key(key.data(), key.size());
    session_keyed = true;
    return *session;
  }
  const block& subkey() {
    if (master_current) return master_subkey;
    if (!session_subkeyed) session_subkey = cmac_subkey(cipher());
    session_subkeyed = true;
    return session_subkey;
  }
};

meter_cipher::meter_cipher(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
meter_cipher::meter_cipher(meter_cipher&&) noexcept = default;
meter_cipher& meter_cipher::operator=(meter_cipher&&) noexcept = default;
meter_cipher::~meter_cipher() = default;

expected<meter_cipher> meter_cipher::make(const secret& master_key) {
  if (master_key.size() != key_size) return fail(errc::malformed, "a meter key has 16 octets");
  try {
    auto i = std::make_unique<impl>();
    const auto key = master_key.reveal();
    i->master->set_key(key.data(), key.size());
    i->master_subkey = cmac_subkey(*i->master);
    return meter_cipher{std::move(i)};
  } catch (const std::exception&) {
    return fail(errc::internal, "no AES in the library");
  }
}

void meter_cipher::derive(derived which, std::uint32_t counter, std::uint32_t id) {
  block input;
  input.fill(0x07);  // 16 − 9 octets of value 7 (TR-03116-3 7.2)
  input[0] = static_cast<std::uint8_t>(which);
  for (std::size_t i = 0; i < 4; ++i) {
    input[1 + i] = static_cast<std::uint8_t>(counter >> (8 * i));
    input[5 + i] = static_cast<std::uint8_t>(id >> (8 * i));
  }
  const bytes_view part{input};
  run_cmac(*impl_->master, impl_->master_subkey, {&part, 1}, impl_->key);
  impl_->session_keyed = false;
  impl_->session_subkeyed = false;
  impl_->master_current = false;
}

void meter_cipher::use_master() { impl_->master_current = true; }

void meter_cipher::cbc_decrypt(std::span<std::uint8_t> data, const block& iv) {
  SMGW_ASSERT(data.size() % 16 == 0);
  auto& aes = impl_->cipher();
  // From the last block to the first, so that each still finds the ciphertext before it. Eight at a time keep the
  // pipeline of the AES instructions full.
  constexpr std::size_t batch = 8;
  std::array<std::uint8_t, 16 * batch> plain;
  for (std::size_t left = data.size() / 16; left > 0;) {
    const std::size_t n = std::min(left, batch);
    const std::size_t from = 16 * (left - n);
    aes.decrypt_n(&data[from], plain.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto* before = from + 16 * i == 0 ? iv.data() : &data[from + 16 * i - 16];
      xor_into(&plain[16 * i], before, 16);
    }
    std::copy_n(plain.begin(), 16 * n, data.begin() + static_cast<std::ptrdiff_t>(from));
    left -= n;
  }
  wipe(plain);
}

void meter_cipher::cbc_encrypt(std::span<std::uint8_t> data, const block& iv) {
  SMGW_ASSERT(data.size() % 16 == 0);
  auto& aes = impl_->cipher();
  const std::uint8_t* before = iv.data();
  for (std::size_t at = 0; at < data.size(); at += 16) {
    xor_into(&data[at], before, 16);
    aes.encrypt_n(&data[at], &data[at], 1);
    before = &data[at];
  }
}

void meter_cipher::ctr(std::span<std::uint8_t> data, const block& first_counter) {
  run_ctr(impl_->cipher(), data, first_counter);
}

void meter_cipher::cmac(std::span<const bytes_view> parts, block& out) {
  run_cmac(impl_->cipher(), impl_->subkey(), parts, out);
}

bool meter_cipher::ccm_open(std::span<std::uint8_t> data, bytes_view nonce, std::span<const bytes_view> associated,
                            bytes_view tag) {
  SMGW_ASSERT(nonce.size() == ccm_nonce && tag.size() >= 4 && tag.size() <= 16);
  auto& aes = impl_->cipher();
  run_ctr(aes, data, ccm_block(1, nonce, 1));
  const auto expected_tag = ccm_tag(aes, data, nonce, associated, tag.size());
  if (equal_constant_time(tag, bytes_view{expected_tag}.first(tag.size()))) return true;
  wipe(data);
  return false;
}

void meter_cipher::ccm_seal(std::span<std::uint8_t> data, bytes_view nonce, std::span<const bytes_view> associated,
                            std::span<std::uint8_t> tag) {
  SMGW_ASSERT(nonce.size() == ccm_nonce && tag.size() >= 4 && tag.size() <= 16);
  auto& aes = impl_->cipher();
  const auto whole = ccm_tag(aes, data, nonce, associated, tag.size());
  std::copy_n(whole.begin(), tag.size(), tag.begin());
  run_ctr(aes, data, ccm_block(1, nonce, 1));
}

secret meter_cipher::derived_key(derived which, std::uint32_t counter, std::uint32_t id) {
  derive(which, counter, id);
  return secret{bytes_view{impl_->key}};
}

}  // namespace smgw::wmbus
