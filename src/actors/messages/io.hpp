// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Bytes in and out.

#include "actors/discipline.hpp"

#include <string>

namespace smgw {

/// The peer sent this; the next comes only after `wire_more` (back-pressure).
struct wire_bytes {
  bytes data;
  timestamp arrived;  ///< when it was read, by the gateway's clock
};
/// The stream is gone; nothing follows.
struct wire_closed {
  error reason;
};
/// The last `wire_bytes` was taken: read on.
struct wire_more {};
/// Send this to the peer.
struct wire_write {
  bytes data;
  std::uint32_t baud = 0;  ///< of a serial line from now on, for what is read, too; 0: as it is
};
/// Flush what is buffered, then close.
struct wire_close {};

/// The secure channel stands: both sides are authenticated.
struct channel_opened {
  std::string description;  ///< version, suite and peer, for the log
};
/// The peer said this, decrypted.
struct channel_received {
  bytes data;
};
/// The channel is gone, or never came to be.
struct channel_closed {
  error reason;
};
/// Encrypt this and send it.
struct channel_write {
  bytes data;
};
/// Say goodbye and close.
struct channel_close {};

}  // namespace smgw

SMGW_MESSAGE(wire_bytes)
SMGW_MESSAGE(wire_closed)
SMGW_MESSAGE(wire_more)
SMGW_MESSAGE(wire_write)
SMGW_MESSAGE(wire_close)
SMGW_MESSAGE(channel_opened)
SMGW_MESSAGE(channel_received)
SMGW_MESSAGE(channel_closed)
SMGW_MESSAGE(channel_write)
SMGW_MESSAGE(channel_close)
