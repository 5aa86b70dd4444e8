// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// A receiver of wireless M-Bus [OMS, modes T and C]: it listens, and sends nothing.
///
/// Thread and blocking: one thread, which is this receiver's alone; `receive` may block, but no longer than it is told.
/// Contract test: testkit::check_radio.

#include <smgw/types.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace smgw::ports {

/// How a receiver hands over what it heard, the L field first.
enum class radio_format : std::uint8_t {
  a,         ///< frame format A: as it was in the air, CRCs after each block
  b,         ///< frame format B
  stripped,  ///< CRCs checked and taken away by the receiver
};
/// The longest frame: format A with its CRCs.
inline constexpr std::size_t longest_radio_frame = 290;

struct radio_frame {
  bytes octets;
  radio_format format = radio_format::stripped;
  std::optional<int> rssi_dbm;
};

/// An open receiver; closes when it goes.
class SMGW_API radio {
 public:
  virtual ~radio() = default;
  radio(const radio&) = delete;
  radio& operator=(const radio&) = delete;

  /// Waits at most `patience` for a frame and hands it over at once: its time is when this returns (500 ms at most
  /// after its first octet, REQ.WMBUS.apl.40). Nothing: none came in time. An error means that the receiver is lost:
  /// the gateway lets the object go, and opens it again later.
  [[nodiscard]] virtual expected<std::optional<radio_frame>> receive(std::chrono::milliseconds patience) = 0;

 protected:
  radio() = default;
};

/// Opens the receiver of the LMN port with this id. Called again and again, ever more patiently, while it answers
/// unavailable.
using open_radio = std::function<expected<std::unique_ptr<radio>>(std::string_view port)>;

}  // namespace smgw::ports
