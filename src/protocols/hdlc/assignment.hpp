// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// PROPOSED: how participants of a bus are found and get their link addresses. The detail specification (8.1; H.30)
/// asks for it and leaves the frames to DIN VDE 0418-63-7, which is not public. Ours are UI frames on SAP 1; the first
/// octet of their information says what they are. This file is the only place that knows.
///
///   C0 session slots   gateway to all:  whoever has no address answers once, in the slot that id and session choose
///   C1 session id      participant:     14 characters of its id, from station 0
///   C2 id address      gateway to all:  this address is yours
///   C3 id              participant:     taken, from its new address
///   C4                 gateway to all:  forget your addresses (the gateway has started)

#include "protocols/hdlc/frame.hpp"

#include <variant>

namespace smgw::hdlc {

inline constexpr std::uint8_t service_sap = 1;
inline constexpr address primary_station{service_sap, 1};
inline constexpr address every_station{service_sap, 127};
inline constexpr address nameless_station{service_sap, 0};

namespace assignment {

struct discover {
  std::uint8_t session = 0;
  std::uint8_t slots = 1;
};
struct here {
  std::uint8_t session = 0;
  device_id id;
};
struct assign {
  device_id id;
  std::uint8_t station = 0;
};
struct taken {
  device_id id;
};
struct forget {};
using message = std::variant<discover, here, assign, taken, forget>;

/// Time of one slot: the longest answer at 9600 baud and what a station needs to begin.
inline constexpr std::chrono::milliseconds slot_time{50};

/// malformed: no message of this kind (SYM messages travel in UI frames too).
[[nodiscard]] expected<message> decode(bytes_view information);
[[nodiscard]] bytes encode(const message& m);
/// The slot of a participant: another one in each session, so that two who met part.
[[nodiscard]] unsigned slot_of(const device_id& id, std::uint8_t session, std::uint8_t slots) noexcept;

}  // namespace assignment
}  // namespace smgw::hdlc
