// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/discipline.hpp"
#include "actors/io/streams.hpp"

#include <functional>

namespace smgw::io {

/// Takes the connections of a listening socket and hands each one over, with the peer's address. `taken` is called on
/// CAF's network thread and may only send messages. Ends with an exit message; then the socket is closed.
[[nodiscard]] caf::actor spawn_acceptor(caf::actor_system& system, descriptor listener,
                                        std::function<void(descriptor stream, std::string source)> taken);

}  // namespace smgw::io
