// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Modes of AES over a block cipher of Botan that has its key: Botan's own mode and MAC objects allocate for every
/// message, or for every key.

#include "protocols/wmbus/cipher.hpp"

namespace Botan {
class BlockCipher;
}

namespace smgw::wmbus {

inline constexpr std::size_t ccm_nonce = 13;

void xor_into(std::uint8_t* to, const std::uint8_t* with, std::size_t n) noexcept;

/// CTR with a counter of 128 bits.
void run_ctr(Botan::BlockCipher& aes, std::span<std::uint8_t> data, block counter);

/// K1 of RFC 4493, 2.3; K2 is its double.
[[nodiscard]] block cmac_subkey(Botan::BlockCipher& aes);
/// CMAC of `parts` in a row (RFC 4493, 2.4).
void run_cmac(Botan::BlockCipher& aes, const block& subkey, std::span<const bytes_view> parts, block& out);

/// The first block of CCM for a message (`flags`, length) or its key stream (1, counter); SP 800-38C, A.2 and A.3.
[[nodiscard]] block ccm_block(std::uint8_t flags, bytes_view nonce, std::size_t last);
/// The encrypted authentication value of SP 800-38C over plaintext `data`: q = 2, tags of 4 to 16 octets.
[[nodiscard]] block ccm_tag(Botan::BlockCipher& aes, bytes_view data, bytes_view nonce,
                            std::span<const bytes_view> associated, std::size_t tag_size);

}  // namespace smgw::wmbus
