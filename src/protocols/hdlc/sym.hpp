// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// PROPOSED: messages of the symmetric procedure (scenario LKS1.PSK; detail specification 8.3). Keys, counters and
/// protection are those of TR-03116-3 7 and figure 8.2; the layout of the messages is DIN VDE 0418-63-7's, which is not
/// public, and ours in its place. Only 6 and 7 are the standard's own numbers. This file is the only place that knows.
///
///   type | flags | server id (10) | counter (4, MSB first) | length (2, MSB first) | AES-128-CBC, IV 0 | CMAC (16)
///
///   1 hello          to the meter:   suites and groups of TLS, each a number (1) and so many code points (2)
///   2 hello answer   from the meter: the same of its own (VDE LMN_0153)
///   3 gateway cert   to the meter:   the gateway's LMN certificate, DER
///   4 meter key      to the meter:   the meter's certificate, DER, then its key, RFC 5915, as in UpdateMtrCertAndKey
///   5 done           from the meter: the type (1) that was carried out, 3 or 4
///   6 reset          to the meter:   crypto reset; empty
///   7 reset done     from the meter: empty
///
/// Flags are 0, or of a meter that refuses 80 and why (see `refusal`): then neither content nor MAC follow. A refusal
/// is not authentic; it ends an attempt and changes nothing.

#include "base/secret.hpp"

#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace smgw::hdlc::sym {

using server_id = std::array<std::uint8_t, 10>;

enum class type : std::uint8_t {
  hello = 1,
  hello_answer = 2,
  gateway_certificate = 3,
  meter_key = 4,
  done = 5,
  reset = 6,
  reset_done = 7,
};
[[nodiscard]] constexpr bool from_meter(type t) noexcept {
  return t == type::hello_answer || t == type::done || t == type::reset_done;
}

enum class refusal : std::uint8_t {
  mac = 1,      ///< the MAC is not that of the meter's key
  counter = 2,  ///< not greater than the last
  paired = 3,   ///< it belongs to a gateway; a reset comes first
  order = 4,    ///< not what comes next
  content = 5,  ///< not what belongs there
};

/// The highest counter values of one pair of parties (3116 7.1): each message is above the last one of its direction.
struct counters {
  std::uint32_t gateway = 0;  ///< C'
  std::uint32_t meter = 0;    ///< C
  friend bool operator==(const counters&, const counters&) = default;
};

struct message {
  type what{};
  std::uint32_t counter = 0;
  secret content;
};

/// Longest content: two certificates of the guideline and a key have a third of it.
inline constexpr std::size_t max_content = 1984;

/// Kenc and KMAC, or Lenc and LMAC, of one counter value (figure 8.2).
struct message_keys {
  secret encrypt, mac;
};
[[nodiscard]] expected<message_keys> derive(const secret& master, bool of_meter, std::uint32_t counter,
                                            const server_id& meter);

/// exhausted: too long. malformed: the master key has not 128 bits.
[[nodiscard]] expected<bytes> seal(const secret& master, const server_id& meter, type what, std::uint32_t counter,
                                   bytes_view content);
[[nodiscard]] bytes put_refusal(const server_id& meter, type what, refusal why);

/// Who a message is for and what it is, before anything is believed. truncated, malformed.
struct envelope {
  type what{};
  std::optional<refusal> refused;
  std::uint32_t counter = 0;
  bytes_view content;        ///< still encrypted
  bytes_view authenticated;  ///< what the MAC is over
  bytes_view mac;
};
[[nodiscard]] expected<envelope> look(bytes_view in, const server_id& meter);
/// Verifies, then decrypts, then looks at the padding. untrusted: the MAC.
[[nodiscard]] expected<message> open(const secret& master, const server_id& meter, const envelope& e);

/// Code points of TLS, as a hello tells them.
struct abilities {
  std::vector<std::uint16_t> suites, groups;
  friend bool operator==(const abilities&, const abilities&) = default;
};
[[nodiscard]] bytes encode(const abilities& a);
[[nodiscard]] expected<abilities> decode_abilities(bytes_view in);

}  // namespace smgw::hdlc::sym
