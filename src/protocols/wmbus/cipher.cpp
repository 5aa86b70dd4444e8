// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/cipher.hpp"

#include "base/check.hpp"

#include <botan/block_cipher.h>
#include <botan/mac.h>

#include <algorithm>
#include <exception>

namespace smgw::wmbus {

// The block cipher of Botan with the chaining written here: Botan's mode objects allocate for every message.
struct meter_cipher::impl {
  std::unique_ptr<Botan::BlockCipher> master = Botan::BlockCipher::create_or_throw("AES-128");
  std::unique_ptr<Botan::BlockCipher> session = Botan::BlockCipher::create_or_throw("AES-128");
  std::unique_ptr<Botan::MessageAuthenticationCode> master_mac =
      Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-128)");
  std::unique_ptr<Botan::MessageAuthenticationCode> session_mac =
      Botan::MessageAuthenticationCode::create_or_throw("CMAC(AES-128)");
  block key{};  // of the session objects
  bool session_cipher_keyed = false;
  bool session_mac_keyed = false;
  bool master_current = true;

  ~impl() { wipe(key); }

  Botan::BlockCipher& cipher() {
    if (master_current) return *master;
    if (!session_cipher_keyed) session->set_key(key.data(), key.size());
    session_cipher_keyed = true;
    return *session;
  }
  Botan::MessageAuthenticationCode& mac() {
    if (master_current) return *master_mac;
    if (!session_mac_keyed) session_mac->set_key(key.data(), key.size());
    session_mac_keyed = true;
    return *session_mac;
  }
};

namespace {

void xor_into(std::uint8_t* to, const std::uint8_t* with, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(to[i] ^ with[i]);
}

void increment(block& counter) {
  for (std::size_t i = counter.size(); i-- > 0;)
    if (++counter[i] != 0) return;
}

void run_ctr(Botan::BlockCipher& aes, std::span<std::uint8_t> data, block counter) {
  block pad;
  while (!data.empty()) {
    aes.encrypt_n(counter.data(), pad.data(), 1);
    const auto n = std::min(data.size(), pad.size());
    xor_into(data.data(), pad.data(), n);
    data = data.subspan(n);
    increment(counter);
  }
  wipe(pad);
}

// CBC-MAC over octets that arrive in pieces.
class cbc_mac {
 public:
  cbc_mac(Botan::BlockCipher& aes, const block& first) : aes_(aes) { aes_.encrypt_n(first.data(), state_.data(), 1); }
  void add(bytes_view octets) {
    for (const auto o : octets) {
      state_[fill_] = static_cast<std::uint8_t>(state_[fill_] ^ o);
      if (++fill_ == state_.size()) pad();
    }
  }
  void pad() {
    if (fill_ == 0) return;
    aes_.encrypt_n(state_.data(), state_.data(), 1);
    fill_ = 0;
  }
  [[nodiscard]] const block& state() const { return state_; }

 private:
  Botan::BlockCipher& aes_;
  block state_{};
  std::size_t fill_ = 0;
};

constexpr std::size_t ccm_nonce = 13;

block ccm_block(std::uint8_t flags, bytes_view nonce, std::size_t last) {
  block b{};
  b[0] = flags;
  std::copy_n(nonce.begin(), ccm_nonce, b.begin() + 1);
  b[14] = static_cast<std::uint8_t>(last >> 8U);
  b[15] = static_cast<std::uint8_t>(last);
  return b;
}

// The encrypted authentication value of SP 800-38C over plaintext `data`: q = 2, tags of 4 to 16 octets.
block ccm_tag(Botan::BlockCipher& aes, bytes_view data, bytes_view nonce, std::span<const bytes_view> associated,
              std::size_t tag_size) {
  std::size_t header = 0;
  for (const auto part : associated) header += part.size();
  const auto flags = static_cast<std::uint8_t>((header != 0 ? 0x40U : 0U) | (((tag_size - 2) / 2) << 3U) | 1U);
  cbc_mac mac{aes, ccm_block(flags, nonce, data.size())};
  if (header != 0) {
    const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(header >> 8U),
                                             static_cast<std::uint8_t>(header)};
    mac.add(length);
    for (const auto part : associated) mac.add(part);
    mac.pad();
  }
  mac.add(data);
  mac.pad();
  block tag = mac.state();
  block pad;
  aes.encrypt_n(ccm_block(1, nonce, 0).data(), pad.data(), 1);
  xor_into(tag.data(), pad.data(), tag.size());
  return tag;
}

}  // namespace

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
    i->master_mac->set_key(key.data(), key.size());
    return meter_cipher{std::move(i)};
  } catch (const std::exception&) {
    return fail(errc::internal, "no AES or CMAC in the library");
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
  impl_->master_mac->update(input.data(), input.size());
  impl_->master_mac->final(impl_->key.data());
  impl_->session_cipher_keyed = false;
  impl_->session_mac_keyed = false;
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
  auto& mac = impl_->mac();
  for (const auto part : parts) mac.update(part.data(), part.size());
  mac.final(out.data());
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
