// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "actors/io/streams.hpp"
#include "crypto/tls.hpp"

namespace smgw::sim {

// What servers of the simulated world are made of.
[[nodiscard]] timestamp wall_clock();
bool send_all(int fd, bytes_view data);
/// The next connection of a listening socket, without Nagle's delay; an empty descriptor if there is none, `errno` says
/// why.
[[nodiscard]] io::descriptor accept_now(int listener);
/// The same, after `patience` at the latest.
[[nodiscard]] io::descriptor accept_one(int listener, std::chrono::milliseconds patience);
void unblock(int fd);
[[nodiscard]] std::string describe(const crypto::tls_summary& s);

}  // namespace smgw::sim
