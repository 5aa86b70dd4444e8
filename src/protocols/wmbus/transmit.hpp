// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// The meter's side: protects application data and builds frames. For tests and simulated meters; a gateway does not
/// transmit (detail specification 10).

#include "protocols/wmbus/receiver.hpp"

namespace smgw::wmbus {

/// A simulated meter.
struct sender {
  identity link;                        ///< link layer address
  std::optional<identity> application;  ///< with it the transport layer has a long header
  std::uint8_t control = static_cast<std::uint8_t>(control::snd_nr);
  std::uint8_t access = 0;
  std::uint8_t status = 0;
  bool extended_link = true;  ///< 8C with communication control and access number
};

/// A message is its transport layer and all that follows; the same message may go in one frame or in fragments.
struct protected_message {
  std::optional<afl_header> afl;  ///< mode 7; the MAC stands in `mac_octets`
  block mac_octets{};
  bytes content;  ///< from the transport layer's CI on
};
/// Security modes 0 and 5. Mode 5 pads with idle fillers to whole blocks.
[[nodiscard]] protected_message plain_message(const sender& who, bytes_view records);
[[nodiscard]] expected<protected_message> mode5_message(const sender& who, meter_cipher& key, bytes_view records);
/// Security mode 7 with KDF-A and a MAC of 8 or 16 octets.
[[nodiscard]] expected<protected_message> mode7_message(const sender& who, meter_cipher& key, std::uint32_t counter,
                                                        bytes_view records, std::size_t mac_octets = 8);
/// Security mode 10 with KDF-A; `tag` 8, 12 or 16 octets; `clear` octets at the end stay unencrypted.
[[nodiscard]] expected<protected_message> mode10_message(const sender& who, meter_cipher& key, std::uint32_t counter,
                                                         bytes_view records, std::size_t tag = 8, std::size_t clear = 0,
                                                         derived which = derived::encryption);

/// Frames without CRCs: one, or as many as `fragment_size` octets of content make (0: never split). Exhausted if a
/// single frame would be too long.
[[nodiscard]] expected<std::vector<bytes>> frames_of(const sender& who, const protected_message& m,
                                                     std::size_t fragment_size = 0);
/// A frame as it goes on air in format A or B. Exhausted: too long for its L octet.
[[nodiscard]] expected<bytes> with_crc(frame_format f, bytes_view stripped);

}  // namespace smgw::wmbus
