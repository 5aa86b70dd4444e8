// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// What actors take from the world around them, so that a test can be the world.

#include "actors/interfaces/io.hpp"
#include "actors/io/silent_port.hpp"

#include <functional>

namespace smgw {

/// UTC by the gateway's clock.
using clock_function = std::function<timestamp()>;

/// Starts a channel to the peer of one WAN profile; the user hears `channel_opened` or `channel_closed`.
using dial_function = std::function<channel_actor(caf::actor_system&, channel_user)>;

/// Opens the stream of a port as a wire for `user`; may block.
using open_function = std::function<expected<wire_actor>(caf::actor_system&, wire_user)>;

/// Opens the port that only hears.
using listen_function =
    std::function<expected<std::unique_ptr<io::silent_port>>(io::wanted_function, io::heard_function)>;

/// Where people read along: one line per event, without secrets.
using announce_function = std::function<void(std::string_view who, std::string_view what)>;

}  // namespace smgw
