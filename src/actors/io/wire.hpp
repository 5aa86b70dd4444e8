// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

/// \file
/// WIRE: moves the bytes of one descriptor and does nothing else.

#include "actors/discipline.hpp"
#include "actors/interfaces/io.hpp"
#include "actors/io/streams.hpp"

#include <caf/fwd.hpp>
#include <caf/io/fwd.hpp>

#include <functional>

namespace smgw::io {

/// The most that may wait for a peer that does not read; beyond it the wire is cut.
inline constexpr std::size_t max_unsent = 1U << 20;
/// The most that one read takes.
inline constexpr std::size_t read_chunk = 16384;

enum class stream_kind : std::uint8_t { socket, device };

/// Starts a wire over `fd` in CAF's network loop. One read is allowed at the start; `user` owns the wire: when it dies,
/// the wire closes. Needs `caf::io::middleman` loaded. `written` is called on CAF's network thread whenever octets have
/// left, with how many still wait; it may only send messages.
[[nodiscard]] wire_actor spawn_wire(caf::actor_system& system, descriptor fd, stream_kind kind, wire_user user,
                                    std::function<timestamp()> now,
                                    std::function<void(std::size_t unsent)> written = {});

/// Lets a broker take the connections of a listening socket, each a wire of its own.
void open_door(caf::io::abstract_broker& self, descriptor listener);

}  // namespace smgw::io
