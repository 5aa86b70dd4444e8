// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "protocols/wmbus/block_modes.hpp"

#include <botan/block_cipher.h>

#include <algorithm>

namespace smgw::wmbus {
namespace {

void increment(block& counter) {
  for (std::size_t i = counter.size(); i-- > 0;)
    if (++counter[i] != 0) return;
}

// Times x in the field of RFC 4493, 2.3.
block doubled(const block& b) {
  block out;
  unsigned carry = 0;
  for (std::size_t i = b.size(); i-- > 0;) {
    out[i] = static_cast<std::uint8_t>(unsigned{b[i]} << 1U | carry);
    carry = b[i] >> 7U;
  }
  if (carry != 0) out[15] ^= 0x87U;
  return out;
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

}  // namespace

void xor_into(std::uint8_t* to, const std::uint8_t* with, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<std::uint8_t>(to[i] ^ with[i]);
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

block cmac_subkey(Botan::BlockCipher& aes) {
  block zero{};
  aes.encrypt_n(zero.data(), zero.data(), 1);
  const auto subkey = doubled(zero);
  wipe(zero);
  return subkey;
}

void run_cmac(Botan::BlockCipher& aes, const block& subkey, std::span<const bytes_view> parts, block& out) {
  block state{};
  std::size_t fill = 0;
  for (auto part : parts)
    while (!part.empty()) {
      if (fill == state.size()) {  // not the last block: something follows
        aes.encrypt_n(state.data(), state.data(), 1);
        fill = 0;
      }
      const auto n = std::min(part.size(), state.size() - fill);
      xor_into(&state[fill], part.data(), n);
      fill += n;
      part = part.subspan(n);
    }
  auto last = subkey;
  if (fill < state.size()) {
    state[fill] ^= 0x80U;
    last = doubled(subkey);
  }
  xor_into(state.data(), last.data(), state.size());
  aes.encrypt_n(state.data(), out.data(), 1);
  wipe(last);
}

block ccm_block(std::uint8_t flags, bytes_view nonce, std::size_t last) {
  block b{};
  b[0] = flags;
  std::copy_n(nonce.begin(), ccm_nonce, b.begin() + 1);
  b[14] = static_cast<std::uint8_t>(last >> 8U);
  b[15] = static_cast<std::uint8_t>(last);
  return b;
}

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

}  // namespace smgw::wmbus
