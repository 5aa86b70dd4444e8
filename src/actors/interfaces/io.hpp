// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// Bytes in and out.

#include "actors/messages/common.hpp"
#include "actors/messages/io.hpp"

namespace smgw {

/// WIRE: moves the bytes of one descriptor and does nothing else.
using wire_actor = interface<hears<wire_write>, hears<wire_more>, hears<wire_close>>;
/// Who owns a wire.
using wire_user = interface<hears<wire_bytes>, hears<wire_closed>>;
/// CHANNEL: one TLS connection over a wire. Own thread: its handshake waits for the key token.
using channel_actor =
    interface<hears<wire_bytes>, hears<wire_closed>, hears<channel_write>, hears<channel_close>, hears<wake>>;
/// Who owns a channel.
using channel_user = interface<hears<channel_opened>, hears<channel_received>, hears<channel_closed>>;

}  // namespace smgw
