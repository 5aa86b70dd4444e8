// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// SOCKS-TLS frames around TLS records (detail specification 11; draft-ietf-aft-socks-ssl-00). PROPOSED, since the
/// published text names only version and two of the states: the names of states 1 and 2, and a length of two octets,
/// big-endian, behind them.

#include <smgw/types.hpp>

#include <vector>

namespace smgw::socks {

inline constexpr std::uint8_t frame_version = 1;
inline constexpr std::size_t frame_header = 4;
inline constexpr std::size_t max_frame = 65'535;  ///< octets of content

enum class frame_state : std::uint8_t {
  handshake = 1,
  option_negotiation = 2,  ///< without use here: refused
  data_flow = 3,
  closing = 4,
};

struct frame {
  frame_state state = frame_state::handshake;
  bytes content;
  friend bool operator==(const frame&, const frame&) = default;
};

/// Frames of records; long content becomes several frames. Nothing for no content.
[[nodiscard]] bytes wrap(frame_state state, bytes_view records);

/// Octets in, whole frames out, however the octets were cut (REQ.TA.SOCKSTLS.ReceiveSocksTlsRecord.10).
class frame_reader {
 public:
  /// malformed: another version or state; unsupported: option negotiation. An error is final.
  [[nodiscard]] expected<std::vector<frame>> feed(bytes_view in);
  [[nodiscard]] bool idle() const noexcept { return pending_.empty(); }

 private:
  bytes pending_;
};

}  // namespace smgw::socks
